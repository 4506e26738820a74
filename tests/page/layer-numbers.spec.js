// What the page tells of a layer: how its weights are stored, and the window of its formula.
import { expect, test } from '@playwright/test';
import { windowOf } from '../../www/layer-arithmetic.js';
import { bitsOf, weightBytes } from '../../www/weight-storage.js';

const CONVOLUTION = { isMap: true, weights: 1728, biases: 64 };
const CONNECTED = { isMap: false, weights: 1_000_000, biases: 1000 };

/** A network of so many parameters, from such a file. */
const network = (format, bytes, { hash = 'own', published = 'other', parameters = 1_000_000 } = {}) => ({
  parameters,
  weights: [{ hash: { kind: 'sha-256', value: published } }],
  loaded: { format, bytes, hash },
});

test('weights are told as they are stored, as far as that is known', () => {
  const coded = network('deep-compressed', 7e5);
  expect([bitsOf(coded, CONVOLUTION), bitsOf(coded, CONNECTED)]).toEqual([32, 4]);
  expect(bitsOf(network('PyTorch', 4.001e6), CONNECTED)).toBe(32);
  expect(bitsOf(network('safetensors', 2.001e6, { hash: 'h', published: 'h' }), CONVOLUTION)).toBe(16);
  // Halves of which kind a foreign file has is not told.
  expect(bitsOf(network('safetensors', 2.001e6), CONVOLUTION)).toBeNull();
  expect(bitsOf({ ...coded, loaded: null }, CONNECTED)).toBeNull();

  expect(weightBytes(CONVOLUTION, 32)).toBe(4 * 1792);
  expect(weightBytes(CONVOLUTION, null)).toBe(4 * 1792);
  expect(weightBytes(CONVOLUTION, 16)).toBe(2 * 1728 + 4 * 64);
  expect(weightBytes(CONNECTED, 4)).toBe(500_000 + 4000 + 64);
});

test('a window is told where the step on output sizes can show it', () => {
  const layer = { kernel: [3, 3], stride: [2, 2], padding: [0, 0, 0, 0], shape: [27, 27, 96] };
  expect(windowOf(layer, [55, 55, 96])).toEqual({ input: 55, kernel: 3, stride: 2, padding: 0, rounding: 'floor' });
  const ceil = { ...layer, shape: [28, 28, 96] };
  expect(windowOf(ceil, [56, 56, 96])).toMatchObject({ rounding: 'ceil' });
  expect(windowOf({ ...layer, padding: [0, 0, 1, 1] }, [55, 55, 96])).toBeNull(); // one side only
  expect(windowOf({ ...layer, kernel: [3, 5] }, [55, 55, 96])).toBeNull();
  expect(windowOf(layer, [512, 512, 96])).toBeNull(); // larger than can be tried
  expect(windowOf({ shape: [96] }, [96])).toBeNull();
});
