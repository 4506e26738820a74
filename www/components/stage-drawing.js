// One stage of a network as a small drawing: its maps as a stack of cards, the
// larger the larger the map, the more the more channels; a vector as a rod.
// Two groups are two stacks, as in the paper's Figure 2.
import { svg } from 'lit';

const WIDTH = 64;
const HEIGHT = 76;
const OFFSET = 3; // between two cards

const size = (value, largest, low, high) =>
  low + ((high - low) * Math.log2(value)) / Math.log2(Math.max(largest, 2));

/**
 * @param {import('../network-outline.js').Stage} stage
 * @param {number} largest  side of the network's input: the largest card
 */
export function drawing({ shape, groups }, largest) {
  const isMap = shape.length === 3 && shape[0] > 1;
  const shapes = isMap ? stacks(shape, groups, largest) : rods(shape);
  return svg`<svg class="drawing" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
    ${shapes.map(
      ({ x, y, width, height, front }) =>
        svg`<rect class=${front ? 'front' : ''} x=${x} y=${y} width=${width} height=${height}
          rx="1"></rect>`,
    )}
  </svg>`;
}

function stacks([height, , channels], groups, largest) {
  const towers = groups === 2 ? 2 : 1;
  const cards = Math.round(Math.log2(channels / towers) / 2);
  const spread = (cards - 1) * OFFSET;
  const room = (HEIGHT - 4) / towers - spread - (towers - 1) * 3;
  const side = Math.min(size(height, largest, 8, 52), room);
  const block = side + spread;
  const top = (HEIGHT - towers * block - (towers - 1) * 6) / 2;
  return Array.from({ length: towers }, (_, tower) =>
    Array.from({ length: cards }, (_, card) => ({
      x: (WIDTH - block) / 2 + spread - card * OFFSET,
      y: top + tower * (block + 6) + card * OFFSET,
      width: side,
      height: side,
      front: card === cards - 1,
    })),
  ).flat();
}

function rods(shape) {
  const features = shape.at(-1);
  const height = size(features, 4096, 6, HEIGHT - 8);
  return [{ x: WIDTH / 2 - 4, y: (HEIGHT - height) / 2, width: 8, height, front: true }];
}
