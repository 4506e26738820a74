// The page's engine, in a worker as on the page; ?engine=cpu or gpu. cuda-convnet's 18 % network
// without its normalisation is the one of this bench.

import { calls } from '../worker.js';
import { BATCH, MOMENTUM, RATE, SIZE, batch, parameters } from './network.js';

const engine = new URL(import.meta.url).searchParams.get('engine');

const LAYERS = ['conv1', 'conv2', 'conv3', 'fc10'];

/** The batch as CIFAR-10 stores it. */
function records() {
  const { bytes, labels } = batch();
  const pixels = 3 * SIZE * SIZE;
  const stored = new Uint8Array(BATCH * (1 + pixels));
  for (let image = 0; image < BATCH; image++) {
    stored[image * (1 + pixels)] = labels[image];
    stored.set(bytes.subarray(image * pixels, (image + 1) * pixels), image * (1 + pixels) + 1);
  }
  return stored;
}

/** Makes the run, its weights those of the other entries. */
export async function open() {
  const worker = new Worker(new URL('ours.worker.js', import.meta.url), { type: 'module' });
  const call = calls(worker);

  const named = parameters().map(({ values }, index) => [
    `${LAYERS[index >> 1]}.${index % 2 ? 'bias' : 'weight'}`,
    values,
  ]);
  await call('open', engine, records(), Object.fromEntries(named), {
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
