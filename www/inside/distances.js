// How far photos are from each other: in the numbers that a network makes of them,
// and in their pixels.

/**
 * The features of a photo, of maps their means: what is there, wherever it is.
 *
 * @param {Float32Array} values channels last
 * @param {number} units
 * @returns {Float32Array}
 */
export function pooled(values, units) {
  const means = new Float32Array(units);
  values.forEach((value, index) => (means[index % units] += (value * units) / values.length));
  return means;
}

/**
 * The colours of a picture of any size, averaged over a grid: pixels as numbers.
 *
 * @param {{ rgba: Uint8Array, width: number, height: number }} picture
 * @param {number} side of the grid
 * @returns {Float32Array} [side, side, 3], 0 to 1
 */
export function thumbnail({ rgba, width, height }, side = 32) {
  const sums = new Float32Array(side * side * 3);
  const counts = new Float32Array(side * side);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const row = Math.floor((Math.floor(pixel / width) * side) / height);
    const column = Math.floor(((pixel % width) * side) / width);
    const place = row * side + column;
    counts[place] += 1;
    for (let c = 0; c < 3; c += 1) sums[place * 3 + c] += rgba[pixel * 4 + c] / 255;
  }
  return sums.map((sum, index) => sum / (counts[Math.floor(index / 3)] || 1));
}

/** Euclidean, as in the paper's Figure 4. */
export const distance = (one, other) =>
  Math.sqrt(one.reduce((sum, value, index) => sum + (value - other[index]) ** 2, 0));
