// Seeded values: the weights and inputs of every bench, the same in JavaScript
// and in Python (seeded.py), so that nothing large is committed or downloaded.

/** Mixes 32 bits: the finaliser of MurmurHash3. */
function mix(bits) {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * `count` values uniform in [-bound, bound): value i of a stream is the upper 24
 * bits of mix(mix(stream + 1) + i).
 */
export function uniform(stream, count, bound) {
  const start = mix(stream + 1);
  return Float32Array.from({ length: count }, (_, i) => ((mix(start + i) >>> 8) / 2 ** 23 - 1) * bound);
}

/** `count` whole numbers in [0, below). */
export function integers(stream, count, below) {
  const start = mix(stream + 1);
  return Int32Array.from({ length: count }, (_, i) => mix(start + i) % below);
}

/**
 * Parameters of these shapes, tensor i from stream i: weights uniform with
 * variance 2 / fan-in (He), which keeps activations near 1 through any depth;
 * biases (one dimension) within 0.1.
 */
export function parameter(index, shape) {
  const count = shape.reduce((a, b) => a * b);
  const bound = shape.length === 1 ? 0.1 : Math.sqrt(6 / (count / shape[0]));
  return uniform(index, count, bound);
}

/** The first stream of a bench's inputs, far from those of its parameters. */
export const INPUT = 1000;
/** The stream of a bench's labels. */
export const LABELS = 2000;

/** [outer, channels, inner] as [outer, inner, channels]. */
export function channelsLast(values, outer, channels, inner) {
  const turned = new Float32Array(values.length);
  for (let o = 0, from = 0; o < outer; o++) {
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < inner; i++) turned[(o * inner + i) * channels + c] = values[from++];
    }
  }
  return turned;
}
