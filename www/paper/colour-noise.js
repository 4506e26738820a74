// The colour noise of section 4.1: along the principal components of a
// picture's red, green and blue, as far as each of them varies.

/**
 * Mean, principal components and their variances of the colours of a picture.
 * The paper takes them over all training pictures.
 *
 * @param {Uint8ClampedArray} rgba
 * @returns {{ vectors: number[][], values: number[] }} vectors: of length 1, largest
 *   first; values: variances, of colours from 0 to 1
 */
export function principalColours(rgba) {
  const count = rgba.length / 4;
  const mean = [0, 0, 0];
  for (let at = 0; at < rgba.length; at += 4) {
    for (let c = 0; c < 3; c++) mean[c] += rgba[at + c] / 255 / count;
  }
  const covariance = [0, 1, 2].map(() => [0, 0, 0]);
  for (let at = 0; at < rgba.length; at += 4) {
    const colour = mean.map((value, c) => rgba[at + c] / 255 - value);
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) covariance[i][j] += (colour[i] * colour[j]) / count;
  }
  return eigen(covariance);
}

/** Jacobi's rotations, for a symmetric 3 × 3 matrix. */
function eigen(matrix) {
  const a = matrix.map((row) => [...row]);
  const v = [0, 1, 2].map((i) => [0, 1, 2].map((j) => Number(i === j)));
  for (let sweep = 0; sweep < 20; sweep++) {
    for (const [p, q] of [[0, 1], [0, 2], [1, 2]]) {
      if (Math.abs(a[p][q]) < 1e-15) continue;
      const angle = Math.atan2(2 * a[p][q], a[q][q] - a[p][p]) / 2;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      for (const m of [a, v]) {
        for (const row of m) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
      }
      for (let k = 0; k < 3; k++) [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
    }
  }
  const order = [0, 1, 2].sort((i, j) => a[j][j] - a[i][i]);
  return { vectors: order.map((k) => v.map((row) => row[k])), values: order.map((k) => a[k][k]) };
}

/**
 * [p1, p2, p3] [a1 l1, a2 l2, a3 l3]ᵀ, with l the standard deviation along each
 * component, as in Krizhevsky's code (`pca_stdevs` in convdata.py of cuda-convnet2).
 * In the paper's formula l is the eigenvalue, its square, of a scale not given.
 *
 * @param {ReturnType<typeof principalColours>} principal
 * @param {number[]} draws one for each component
 * @returns {number[]} what is added to red, green and blue, of colours from 0 to 255
 */
export function shift({ vectors, values }, draws) {
  return [0, 1, 2].map((channel) =>
    vectors.reduce((sum, vector, k) => sum + vector[channel] * draws[k] * Math.sqrt(Math.max(0, values[k])) * 255, 0),
  );
}
