// A short piece of a line as the chart draws it.
import { svg } from 'lit';
import { STROKES } from './chart-lines.js';

/**
 * @param {string} activation
 * @param {import('./chart-lines.js').ChartLine['kind']} kind
 */
export function lineSample(activation, kind = 'training') {
  const { colour, dash } = STROKES[activation];
  const width = { training: 3, validation: 1.25, behind: 2 }[kind];
  return svg`<svg viewBox="0 0 40 8" width="100%" height="0.5rem" aria-hidden="true">
    <line x1="1" y1="4" x2="39" y2="4" stroke="var(${colour})" stroke-width=${width}
      stroke-dasharray=${dash.join(' ')} stroke-linecap=${activation === 'sigmoid' ? 'round' : 'butt'}
      opacity=${kind === 'behind' ? 0.45 : 1}></line>
  </svg>`;
}
