// A short piece of a line as the chart draws it.
import { svg } from 'lit';
import { STROKES, strokeWidth } from './chart-lines.js';

/**
 * @param {string} activation
 * @param {Pick<import('./chart-lines.js').ChartLine, 'kind' | 'place'>} line
 */
export function lineSample(activation, { kind, place } = { kind: 'training', place: 0 }) {
  const { colour, dash } = STROKES[activation];
  return svg`<svg viewBox="0 0 40 8" width="100%" height="0.5rem" aria-hidden="true">
    <line x1="1" y1="4" x2="39" y2="4" stroke="var(${colour})" stroke-width=${1.2 * strokeWidth({ kind, place })}
      stroke-dasharray=${dash.join(' ')} stroke-linecap=${activation === 'sigmoid' ? 'round' : 'butt'}
      opacity=${kind === 'behind' ? 0.45 : 1}></line>
  </svg>`;
}
