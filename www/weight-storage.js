// How many bits a weight takes on the GPU, as far as the page can know: it is told the
// format and the length of the file, not what each weight became.

/**
 * @typedef {import('./engine.js').ModelInfo} ModelInfo
 * @typedef {import('./layer-arithmetic.js').Arithmetic} Arithmetic
 *
 * @param {ModelInfo} model
 * @param {Arithmetic} layer
 * @returns {4 | 16 | 32 | null} null where it cannot be known
 */
export function bitsOf({ loaded, parameters, weights }, { isMap }) {
  if (!loaded) return null;
  // The file's own codes, but those of a convolution are unpacked; see src/inference.rs.
  if (loaded.format === 'deep-compressed') return isMap ? 32 : 4;
  if (loaded.bytes >= 4 * parameters) return 32;
  // Shorter: halves as the published file has them. Of any other, some could be stored otherwise.
  const isPublished = weights.some(({ hash }) => hash?.value === loaded.hash);
  return isPublished && loaded.bytes >= 2 * parameters ? 16 : null;
}

const CODEBOOK = 16 * 4; // bytes

/**
 * @param {Arithmetic} layer
 * @param {4 | 16 | 32 | null} bits as above; null counts as 32
 * @returns {number} bytes of its weights, and of its biases, which stay 32-bit numbers
 */
export const weightBytes = ({ weights, biases }, bits) =>
  (weights * (bits ?? 32)) / 8 + biases * 4 + (bits === 4 ? CODEBOOK : 0);
