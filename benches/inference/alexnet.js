// The network of the inference bench, torchvision's AlexNet, as the peers
// without a model format build it, and its seeded weights as files for the rest.

import { INPUT, channelsLast, parameter, uniform } from '../seeded.js';

/** Convolutions in order; `pool`: max pooling 3/2 after the ReLU. */
export const CONVOLUTIONS = [
  { name: 'features.0', shape: [64, 3, 11, 11], stride: 4, padding: 2, pool: true },
  { name: 'features.3', shape: [192, 64, 5, 5], stride: 1, padding: 2, pool: true },
  { name: 'features.6', shape: [384, 192, 3, 3], stride: 1, padding: 1, pool: false },
  { name: 'features.8', shape: [256, 384, 3, 3], stride: 1, padding: 1, pool: false },
  { name: 'features.10', shape: [256, 256, 3, 3], stride: 1, padding: 1, pool: true },
];

/** Fully connected layers in order; a ReLU after all but the last. */
export const LINEARS = [
  { name: 'classifier.1', shape: [4096, 9216] },
  { name: 'classifier.4', shape: [4096, 4096] },
  { name: 'classifier.6', shape: [1000, 4096] },
];

/** Side of the input: [3, 224, 224]. */
export const SIZE = 224;

/** Every parameter in torchvision's order: `{ name, shape, values() }`. */
export function parameters() {
  const shapes = [...CONVOLUTIONS, ...LINEARS].flatMap(({ name, shape }) => [
    { name: `${name}.weight`, shape },
    { name: `${name}.bias`, shape: shape.slice(0, 1) },
  ]);
  return shapes.map((tensor, index) => ({ ...tensor, values: () => parameter(index, tensor.shape) }));
}

/**
 * Two inputs of unit variance, as [3, 224, 224] ("CHW") or [224, 224, 3] ("HWC");
 * answers alternate between them, so that none can be an earlier one.
 */
export function inputs(order) {
  const images = [INPUT, INPUT + 1].map((stream) => uniform(stream, 3 * SIZE * SIZE, Math.sqrt(3)));
  return order === 'CHW' ? images : images.map((image) => channelsLast(image, 1, 3, SIZE * SIZE));
}
