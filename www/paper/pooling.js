// Max pooling of a map of numbers, and how much of it changes when the map moves.

/** Overlapping, as in the paper, and plain. */
export const POOLS = { overlapping: { size: 3, stride: 2 }, plain: { size: 2, stride: 2 } };

export const SIDE = 9; // of the map
export const OUT = 4; // of what either pool makes of it

/**
 * @param {number[]} map row by row
 * @param {{ size: number, stride: number }} pool
 * @returns {{ x: number, y: number, winner: number, value: number }[]} of each
 *   output its window's corner, the cell that wins, and its number
 */
export function maxPool(map, { size, stride }) {
  return Array.from({ length: OUT * OUT }, (_, at) => {
    const [x, y] = [(at % OUT) * stride, Math.floor(at / OUT) * stride];
    let winner = y * SIDE + x;
    for (let dy = 0; dy < size; dy += 1) {
      for (let dx = 0; dx < size; dx += 1) {
        const cell = (y + dy) * SIDE + x + dx;
        if (map[cell] > map[winner]) winner = cell;
      }
    }
    return { x, y, winner, value: map[winner] };
  });
}

/** The map moved to the right and down; what comes in at the border is 0. */
export function moved(map, right, down) {
  return map.map((_, at) => {
    const [x, y] = [(at % SIDE) - right, Math.floor(at / SIDE) - down];
    return x >= 0 && x < SIDE && y >= 0 && y < SIDE ? map[y * SIDE + x] : 0;
  });
}

/**
 * @param {{ value: number }[]} before
 * @param {{ value: number }[]} after
 * @returns {boolean[]} which outputs are another number now
 */
export const changes = (before, after) => before.map(({ value }, at) => value !== after[at].value);

/** @param {() => number} random */
export const randomMap = (random) =>
  Array.from({ length: SIDE * SIDE }, () => Math.floor(random() * 10));

/**
 * @param {() => number} random
 * @param {number} maps
 * @returns {Record<keyof POOLS, number>} outputs that change on average when a
 *   random map moves by a pixel
 */
export function changesOnAverage(random, maps) {
  const sums = { overlapping: 0, plain: 0 };
  for (let map = 0; map < maps; map += 1) {
    // A strip wider than the map: no border comes in.
    const wide = Array.from({ length: SIDE * (SIDE + 1) }, () => Math.floor(random() * 10));
    const row = (y, from) => wide.slice(y * (SIDE + 1) + from, y * (SIDE + 1) + from + SIDE);
    const cut = (from) => Array.from({ length: SIDE }, (_, y) => row(y, from)).flat();
    for (const [name, pool] of Object.entries(POOLS)) {
      sums[name] += changes(maxPool(cut(0), pool), maxPool(cut(1), pool)).filter(Boolean).length;
    }
  }
  return { overlapping: sums.overlapping / maps, plain: sums.plain / maps };
}
