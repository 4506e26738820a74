// TensorFlow.js on WebGPU: channels last, bias and ReLU fused.

import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { fetchSafetensors } from '../safetensors.js';
import { CONVOLUTIONS, LINEARS, SIZE, inputs } from './alexnet.js';

/** Loads the weights in the order that the kernels read. */
export async function open() {
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js found no WebGPU');
  const tensors = await fetchSafetensors('/models/alexnet.safetensors');
  const tensor = (name) => tf.tensor(tensors[name].values, tensors[name].shape);
  const convolutions = CONVOLUTIONS.map(({ name, stride, padding, pool }) => ({
    filter: tf.tidy(() => tf.transpose(tensor(`${name}.weight`), [2, 3, 1, 0])),
    bias: tensor(`${name}.bias`),
    strides: stride,
    pad: padding,
    activation: 'relu',
    pool,
  }));
  const linears = LINEARS.map(({ name }, index) => ({
    b: tensor(`${name}.weight`),
    bias: tensor(`${name}.bias`),
    transposeB: true,
    activation: index < LINEARS.length - 1 ? 'relu' : 'linear',
  }));

  const forward = (image) => {
    let x = tf.tensor(image, [1, SIZE, SIZE, 3]);
    for (const { pool, ...layer } of convolutions) {
      x = tf.fused.conv2d({ x, ...layer });
      if (pool) x = tf.maxPool(x, 3, 2, 'valid');
    }
    let a = tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [1, -1]); // as the weights flatten
    for (const layer of linears) a = tf.fused.matMul({ a, ...layer });
    return a;
  };
  const images = inputs('HWC');
  const run = async (index) => {
    const y = tf.tidy(() => forward(images[index % 2]));
    const logits = await y.data();
    y.dispose();
    return logits;
  };
  return { run };
}
