// The network of the training bench: the convolutions of cuda-convnet's
// layers-80sec and its last layer, fc 10, with seeded weights, and one seeded
// batch. Pools are 3/2, and their last window hangs over the edge (32, 16, 8, 4).

import { INPUT, LABELS, integers, parameter, uniform } from '../seeded.js';

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

/** Images of unit variance as [128, 3, 32, 32], and the class of each. */
export function batch() {
  return {
    images: uniform(INPUT, BATCH * 3 * SIZE * SIZE, Math.sqrt(3)),
    labels: integers(LABELS, BATCH, CLASSES),
  };
}

/** How many of a map's pixels lie under each 3/2 window, as [size / 2, size / 2]. */
export function windowPixels(size) {
  const out = size / 2;
  const side = (index) => (index < out - 1 ? 3 : 2);
  return Float32Array.from({ length: out * out }, (_, i) => side(i % out) * side(Math.floor(i / out)));
}
