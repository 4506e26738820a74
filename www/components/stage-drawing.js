// One stage of a network as a small drawing: its maps as a stack of cards, the
// larger the larger the map, the more the more channels; a vector as a rod. Two
// towers are two of them, as in the paper's Figure 2, and what has branches shows
// them. Lines lead in on the left and out on the right; where a network is drawn
// downwards, style sheets exchange x and y of all, which leaves cards as they are.
import { svg } from 'lit';
import { branchesOf } from '../network-wiring.js';

const SIDE = 76;
const MIDDLE = SIDE / 2;
const OFFSET = 3; // between two cards
const SMALL = 2; // the same, within a module

/** Where the lines of one tower and of two go. */
const LINES = { 1: [MIDDLE], 2: [MIDDLE / 2, SIDE - MIDDLE / 2] };

const size = (value, largest, low, high) =>
  low + ((high - low) * Math.log2(value)) / Math.log2(Math.max(largest, 2));

/** @param {number[]} shape */
const isMap = (shape) => shape.length === 3 && shape[0] > 1;

/**
 * @param {import('../network-outline.js').Stage
 *   | { shape: number[], towers?: 1 | 2, layers?: undefined }} stage
 * @param {number} largest  side of the network's input: the largest card
 */
export function drawing(stage, largest) {
  const { shape, towers = 1 } = stage;
  const content = drawnBranches(stage)
    ? module(drawnBranches(stage), largest)
    : LINES[towers].map((y) => whole(y, shape, towers, largest));
  return svg`<svg class="drawing" viewBox="0 0 ${SIDE} ${SIDE}" aria-hidden="true"><g>${content}</g></svg>`;
}

/** The branches of a stage that are drawn: lines then lead to the drawing's edge. */
export function drawnBranches({ shape, layers }) {
  const found = layers && isMap(shape) ? branchesOf({ layers }) : null;
  return found && found.branches.length <= 3 ? found : null;
}

/** A tower's part of a stage. */
function whole(y, shape, towers, largest) {
  const values = shape.at(-1) / towers;
  if (!isMap(shape)) return rod(y, size(values, 4096, 6, towers === 1 ? SIDE - 8 : 34));
  const side = towers === 1 ? size(shape[0], largest, 8, 52) : size(shape[0], largest, 4, 36);
  return stack(MIDDLE, y, side, Math.round(Math.log2(values) / 2), OFFSET, SIDE / towers - 2);
}

/** A fire module or a residual block: what parts, goes through convolutions, and joins. */
function module({ before, branches, join }, largest) {
  const cards = (layer, x, y) => {
    const [side, , channels] = layer.shape;
    return stack(x, y, size(side, largest, 3, 24), Math.round(Math.log2(channels) / 2), SMALL, 26);
  };
  const rows = rowsOf(branches);
  const [parting, joining] = [before.length > 0 ? 14 : 4, 69];
  // Convolutions of a branch, evenly between where the branches part and join.
  const place = (index, count) => parting + ((joining - parting) * (index + 1)) / (count + 1) + 2;
  return svg`
    <path class="line" d=${`M0 ${MIDDLE} H${parting} M${joining} ${MIDDLE} H${SIDE}`}></path>
    ${rows.map((y) => svg`<path class="line" d=${around(parting, joining, y)}></path>`)}
    ${before.slice(-1).map((layer) => cards(layer, parting, MIDDLE))}
    ${branches.map((branch, at) =>
      branch.last.map((layer, index, { length }) => cards(layer, place(index, length), rows[at])),
    )}
    ${join === 'add'
      ? svg`<circle class="join" cx=${joining} cy=${MIDDLE} r="5"></circle>
          <path class="plus" d=${`M${joining - 3} ${MIDDLE} h6 m-3 -3 v6`}></path>`
      : svg`<path class="join" d=${`M${joining} ${MIDDLE - 9} v18`}></path>`}`;
}

/** Where the branches run: what goes by without a convolution, at the edge. */
function rowsOf(branches) {
  const isBypass = branches.map(({ length }) => length === 0);
  if (branches.length === 1) return [MIDDLE];
  if (branches.length > 2) return branches.map((_, at) => 13 + (at * (SIDE - 26)) / (branches.length - 1));
  if (!isBypass.includes(true)) return LINES[2];
  return isBypass.map((by) => (by ? 8 : MIDDLE + 6));
}

/** From where the branches part to where they join, along `y`. */
const around = (from, to, y) =>
  `M${from} ${MIDDLE} C${from + 6} ${MIDDLE} ${from + 4} ${y} ${from + 14} ${y} H${to - 14} C${to - 4} ${y} ${to - 6} ${MIDDLE} ${to} ${MIDDLE}`;

/** Cards behind one another, the last of them in front. */
function stack(x, y, wanted, count, offset, room) {
  const cards = Math.max(count, 1);
  const spread = (cards - 1) * offset;
  const side = Math.max(Math.min(wanted, room - spread), 3);
  const corner = (middle, card) => middle - (side + spread) / 2 + card * offset;
  return Array.from(
    { length: cards },
    (_, card) =>
      svg`<rect class=${card === cards - 1 ? 'front' : ''} x=${corner(x, card)} y=${corner(y, card)}
        width=${side} height=${side} rx="1"></rect>`,
  );
}

const rod = (y, height) =>
  svg`<rect class="front" x=${MIDDLE - 4} y=${y - height / 2} width="8" height=${height} rx="1"></rect>`;

/**
 * The lines from the middle of a stage to the middle of the next one.
 *
 * @param {import('../network-wiring.js').Wiring} wiring
 */
export function wires(wiring) {
  const [from, to] = { line: [1, 1], fork: [1, 2], own: [2, 2], cross: [2, 2], meet: [2, 1] }[wiring];
  const ends = LINES[to].map((y, at) => (wiring === 'own' ? [[LINES[from][at], y]] : LINES[from].map((start) => [start, y])));
  const path = ends.flat().map(([start, end]) => `M0 ${start} L${SIDE} ${end}`);
  return svg`<svg class="wires" viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none" aria-hidden="true">
    <g><path class="line" d=${path.join(' ')}></path></g>
  </svg>`;
}
