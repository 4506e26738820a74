// The drawings of dropout-step.js: the network with units crossed out, the
// answers of the masks as a cloud, and how their mean settles.
import { html, nothing, svg } from 'lit';
import { percent, t } from '../i18n/index.js';
import { LAYERS, isKept } from './dropout-network.js';

const INPUTS = 'abcdef';

/** Where a unit is, in percent of the drawing. */
const place = (layer, unit) => [8 + layer * 28, ((unit + 0.5) / LAYERS[layer]) * 100];

/** Of a hidden unit its number among all hidden units, else null. */
const numberOf = (layer, unit) => (layer === 1 ? unit : layer === 2 ? LAYERS[1] + unit : null);

/**
 * @param {object} drawn
 * @param {import('./dropout-network.js').SmallNetwork} drawn.network
 * @param {number} drawn.mask
 * @param {number[]} drawn.answer   of this mask
 * @param {number} drawn.stop       the unit that the tab key stops at
 * @param {(unit: number) => void} drawn.toggle
 */
export function networkDrawing({ network, mask, answer, stop, toggle }) {
  const kept = (layer, unit) => {
    const number = numberOf(layer, unit);
    return number === null || isKept(mask, number);
  };
  const lines = network.weights.flatMap((rows, layer) =>
    rows.flatMap((row, to) =>
      row.map((weight, from) => {
        if (!kept(layer, from) || !kept(layer + 1, to)) return nothing;
        const [start, end] = [place(layer, from), place(layer + 1, to)];
        return svg`<path class=${weight < 0 ? 'negative' : ''} opacity=${Math.min(0.9, 0.12 + Math.abs(weight) * 0.6).toFixed(2)}
          d="M${start.join(' ')}L${end.join(' ')}"></path>`;
      }),
    ),
  );
  const at = (layer, unit) => {
    const [x, y] = place(layer, unit);
    return `left: ${x}%; top: ${y}%`;
  };
  const units = (layer) => Array.from({ length: LAYERS[layer] }, (_, unit) => unit);
  return html`<svg class="connections" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">${lines}</svg>
    ${units(0).map((unit) => html`<span class="unit input" style=${at(0, unit)}>${INPUTS[unit]}</span>`)}
    ${[1, 2].map((layer) =>
      units(layer).map((unit) => {
        const number = numberOf(layer, unit);
        return html`<button
          data-cell
          class="unit"
          style=${at(layer, unit)}
          tabindex=${number === stop ? 0 : -1}
          aria-pressed=${!kept(layer, unit)}
          aria-label=${t('paper.dropout.unit', { layer, unit: unit + 1 })}
          @click=${() => toggle(number)}
        ></button>`;
      }),
    )}
    ${units(3).map(
      (unit) => html`<span class="unit output" style=${at(3, unit)}
        ><b>${unit + 1}</b> <span>${percent(answer[unit], 0)}</span></span
      >`,
    )}`;
}

/** One strip for each class: a dot for each answer, the mean and the scaled network's. */
export function cloud({ answers, mean, scaled }) {
  // Dots beside each other, not on each other: the golden ratio never repeats.
  const height = (at) => 14 + ((at * 0.618034) % 1) * 72;
  return scaled.map((share, at) => {
    const dots = answers.map((answer, index) => `M${(answer[at] * 100).toFixed(2)} ${height(index).toFixed(1)}h0`);
    return html`<svg class="strip" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <path class="axis" d="M0 99.5H100"></path>
      <path class="dots" d=${dots.join('')}></path>
      <path class="scaled" d="M${share * 100} 0V100"></path>
      ${mean ? svg`<path class="mean" d="M${mean[at] * 100} 0V100"></path>` : nothing}
    </svg>`;
  });
}

/**
 * How far the mean is from two answers, over the number of masks on a logarithmic axis.
 *
 * @param {{ all: number, scaled: number }[]} distances after 1, 2, 3 ... masks
 */
export function settling(distances) {
  const [width, height, left, bottom] = [400, 150, 40, 22];
  const top = Math.max(0.1, ...distances.slice(0, 200).map(({ all, scaled }) => Math.max(all, scaled)));
  const decades = Math.max(2, Math.ceil(Math.log10(Math.max(distances.length, 2))));
  const across = (count) => left + (Math.log10(count) / decades) * (width - left - 20);
  const up = (share) => (1 - share / top) * (height - bottom - 8) + 8;
  // As many points as can be told apart.
  const counts = distances.map((_, at) => at + 1).filter((count) => count <= 60 || count % Math.ceil(count / 60) === 0);
  const line = (name) =>
    counts.map((count) => `${across(count).toFixed(1)},${up(distances[count - 1][name]).toFixed(1)}`).join(' ');
  return html`<svg class="settling" viewBox="0 0 ${width} ${height}" aria-hidden="true">
    <path class="axis" d="M${left} ${up(0)}H${width}"></path>
    ${[top / 2, top].map(
      (share) => svg`<path class="axis" d="M${left} ${up(share)}H${width}"></path>
        <text x=${left - 6} y=${up(share) + 4} text-anchor="end">${percent(share, 0)}</text>`,
    )}
    ${Array.from({ length: decades + 1 }, (_, power) => 10 ** power).map(
      (count) => svg`<text x=${across(count)} y=${height - 4} text-anchor="middle">${count}</text>`,
    )}
    <polyline class="scaled" points=${line('scaled')}></polyline>
    <polyline class="all" points=${line('all')}></polyline>
  </svg>`;
}
