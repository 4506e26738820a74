// jax-js on WebGPU: loss, gradients and update in one jit.

import { defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { BATCH, CLASSES, CONVOLUTIONS, MOMENTUM, RATE, SIZE, batch, parameters, windowPixels } from './network.js';

const PADS = [[2, 2], [2, 2]];

/** A 3/2 window over maps of an even size, the last one hanging over by a pixel. */
function pool(x, kind, size) {
  const padded = (value) => np.pad(x, [[0, 0], [0, 0], [0, 1], [0, 1]], { mode: 'constant', constantValues: value });
  if (kind === 'max') return lax.reduceWindow(padded(-1e30), np.max, [3, 3], [2, 2]);
  const pixels = np.array(windowPixels(size), { shape: [size / 2, size / 2] });
  return lax.reduceWindow(padded(0), np.sum, [3, 3], [2, 2]).div(pixels);
}

/** Makes the weights and their momentum. */
export async function open() {
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js found no WebGPU');
  defaultDevice('webgpu');

  const loss = (weights, x, labels) => {
    let size = SIZE;
    for (const [index, { shape, pool: kind }] of CONVOLUTIONS.entries()) {
      x = lax.convGeneralDilated(x, weights[2 * index], [1, 1], PADS);
      x = x.add(weights[2 * index + 1].reshape([1, shape[0], 1, 1]));
      x = kind === 'max' ? nn.relu(pool(x, kind, size)) : pool(nn.relu(x), kind, size);
      size /= 2;
    }
    const logits = np.matmul(x.reshape([BATCH, -1]), weights.at(-2).transpose()).add(weights.at(-1));
    return nn.logSoftmax(logits).mul(nn.oneHot(labels, CLASSES)).sum().mul(-1 / BATCH);
  };
  const step = jit((weights, momenta, x, labels) => {
    const [value, gradients] = valueAndGrad(loss)(weights.map((weight) => weight.ref), x, labels);
    const next = momenta.map((momentum, i) => momentum.mul(MOMENTUM).sub(gradients[i].mul(RATE)));
    return [value, weights.map((weight, i) => weight.add(next[i].ref)), next];
  });

  const { images, labels } = batch();
  let weights = parameters().map(({ shape, values }) => np.array(values, { shape }));
  let momenta = parameters().map(({ shape }) => np.zeros(shape));
  const run = async () => {
    const x = np.array(images, { shape: [BATCH, 3, SIZE, SIZE] });
    const [value, ...next] = step(weights, momenta, x, np.array(labels));
    [weights, momenta] = next;
    return (await value.data())[0];
  };
  return { run };
}
