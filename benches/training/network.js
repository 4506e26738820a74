// The network of the training bench: the convolutions of cuda-convnet's
// layers-80sec and its last layer, fc 10, with seeded weights, and one seeded
// batch. Pools are 3/2, and their last window hangs over the edge (32, 16, 8, 4).

import { INPUT, LABELS, integers, parameter } from '../seeded.js';

/** Images in a batch, each [3, 32, 32], of 10 classes. */
export const BATCH = 128;
export const SIZE = 32;
export const CLASSES = 10;

/** Plain SGD with momentum: v := MOMENTUM v - RATE gradient; w := w + v. */
export const RATE = 0.01;
export const MOMENTUM = 0.9;

/** 5x5 convolutions with padding 2; a ReLU follows the first one's pool, and precedes the others'. */
export const CONVOLUTIONS = [
  { shape: [32, 3, 5, 5], pool: 'max' },
  { shape: [32, 32, 5, 5], pool: 'average' },
  { shape: [64, 32, 5, 5], pool: 'average' },
];

/** fc 10 reads the last maps flattened as [64, 4, 4]. */
export const LINEAR = { shape: [CLASSES, 64 * 4 * 4] };

/** Weight and bias of each layer in order: `{ shape, values }`. */
export function parameters() {
  return [...CONVOLUTIONS, LINEAR]
    .flatMap(({ shape }) => [shape, shape.slice(0, 1)])
    .map((shape, index) => ({ shape, values: parameter(index, shape) }));
}

/**
 * Images as [128, 3, 32, 32], as bytes and as every channel's bytes brought to a
 * mean of 0 and a variance of 1, and the class of each.
 */
export function batch() {
  const bytes = Uint8Array.from(integers(INPUT, BATCH * 3 * SIZE * SIZE, 256));
  const channel = (index) => Math.floor(index / SIZE ** 2) % 3;
  const sums = [0, 1, 2].map(() => ({ sum: 0, squares: 0 }));
  bytes.forEach((byte, index) => {
    sums[channel(index)].sum += byte;
    sums[channel(index)].squares += byte ** 2;
  });
  const count = bytes.length / 3;
  const spread = sums.map(({ sum, squares }) => {
    const mean = sum / count;
    return { mean, deviation: Math.sqrt(squares / count - mean ** 2) };
  });
  const images = Float32Array.from(bytes, (byte, index) => {
    const { mean, deviation } = spread[channel(index)];
    return (byte - mean) / deviation;
  });
  return { bytes, images, labels: integers(LABELS, BATCH, CLASSES) };
}

/** How many of a map's pixels lie under each 3/2 window, as [size / 2, size / 2]. */
export function windowPixels(size) {
  const out = size / 2;
  const side = (index) => (index < out - 1 ? 3 : 2);
  return Float32Array.from({ length: out * out }, (_, i) => side(i % out) * side(Math.floor(i / out)));
}
