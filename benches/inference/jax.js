// jax-js on WebGPU, the whole network under jit.

import { defaultDevice, init, jit, lax, nn, numpy as np } from '@jax-js/jax';
import { fetchSafetensors } from '../safetensors.js';
import { CONVOLUTIONS, LINEARS, SIZE, inputs } from './alexnet.js';

/** Loads the weights. */
export async function open() {
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js found no WebGPU');
  defaultDevice('webgpu');
  const tensors = await fetchSafetensors('/models/alexnet.safetensors');
  const weights = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, values }]) => [name, np.array(values, { shape })]),
  );

  const forward = jit((weights, x) => {
    for (const { name, shape, stride, padding, pool } of CONVOLUTIONS) {
      const pads = [[padding, padding], [padding, padding]];
      x = lax.convGeneralDilated(x, weights[`${name}.weight`], [stride, stride], pads);
      x = nn.relu(x.add(weights[`${name}.bias`].reshape([1, shape[0], 1, 1])));
      if (pool) x = lax.reduceWindow(x, np.max, [3, 3], [2, 2]);
    }
    x = x.reshape([1, -1]);
    for (const [index, { name }] of LINEARS.entries()) {
      x = np.matmul(x, weights[`${name}.weight`].transpose()).add(weights[`${name}.bias`]);
      if (index < LINEARS.length - 1) x = nn.relu(x);
    }
    return x;
  });
  const images = inputs('CHW');
  const run = (index) => {
    const held = Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, values.ref]));
    return forward(held, np.array(images[index % 2], { shape: [1, 3, SIZE, SIZE] })).data();
  };
  return { run };
}
