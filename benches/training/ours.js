// The page's engine, in a worker as on the page. cuda-convnet's 18 % network
// without its normalisation is the one of this bench.

import { BATCH, MOMENTUM, RATE, SIZE, batch, parameters } from './network.js';

const LAYERS = ['conv1', 'conv2', 'conv3', 'fc10'];

/** The batch as CIFAR-10 stores it: bytes, which the engine brings back to a variance of 1. */
function records() {
  const { images, labels } = batch();
  const pixels = 3 * SIZE * SIZE;
  const bytes = new Uint8Array(BATCH * (1 + pixels));
  for (let image = 0; image < BATCH; image++) {
    const record = bytes.subarray(image * (1 + pixels));
    record[0] = labels[image];
    for (let i = 0; i < pixels; i++) {
      record[1 + i] = Math.round((images[image * pixels + i] / Math.sqrt(3) + 1) * 127.5);
    }
  }
  return bytes;
}

/** Makes the run, its weights those of the other entries. */
export async function open() {
  const worker = new Worker(new URL('ours.worker.js', import.meta.url), { type: 'module' });
  const call = (...message) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data: { value, error } }) => (error ? reject(new Error(error)) : resolve(value));
      worker.onerror = ({ message: error }) => reject(new Error(error || 'the worker did not start'));
      worker.postMessage(message);
    });

  const named = parameters().map(({ values }, index) => [
    `${LAYERS[index >> 1]}.${index % 2 ? 'bias' : 'weight'}`,
    values,
  ]);
  await call('open', records(), Object.fromEntries(named), {
    batch: BATCH,
    rate: RATE,
    momentum: MOMENTUM,
    biasRate: 1,
    decay: 0,
    shuffle: false,
    normalisation: false,
  });
  return { run: () => call('step') };
}
