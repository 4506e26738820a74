// TensorFlow.js; ?backend=webgpu or webgl.

import * as tf from '@tensorflow/tfjs';
import { channelsLast } from '../seeded.js';
import { BATCH, CLASSES, CONVOLUTIONS, MOMENTUM, RATE, SIZE, batch, parameters, windowPixels } from './network.js';

const backend = new URL(import.meta.url).searchParams.get('backend');

/** Makes the weights variables, channels last. */
export async function open() {
  if (backend === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js found no ${backend}`);
  const variables = parameters().map(({ shape, values }) =>
    tf.tidy(() => {
      const tensor = tf.tensor(values, shape);
      return tf.variable(shape.length === 4 ? tf.transpose(tensor, [2, 3, 1, 0]) : tensor);
    }),
  );
  const optimizer = tf.train.momentum(RATE, MOMENTUM);
  const { images, labels } = batch();
  const pixels = channelsLast(images, BATCH, 3, SIZE * SIZE);

  // With padding of its own the average's gradient divides by 9 at the edges too.
  const averagePool = (x) => {
    const size = x.shape[1];
    const mean = tf.avgPool(tf.pad(x, [[0, 0], [0, 1], [0, 1], [0, 0]]), 3, 2, 'valid');
    return tf.mul(mean, tf.div(9, tf.tensor(windowPixels(size), [size / 2, size / 2, 1])));
  };
  const loss = () => {
    let x = tf.tensor(pixels, [BATCH, SIZE, SIZE, 3]);
    for (const [index, { pool: kind }] of CONVOLUTIONS.entries()) {
      x = tf.add(tf.conv2d(x, variables[2 * index], 1, 'same'), variables[2 * index + 1]);
      x = kind === 'max' ? tf.relu(tf.maxPool(x, 3, 2, 'same')) : averagePool(tf.relu(x));
    }
    const [weight, bias] = variables.slice(-2);
    const flat = tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [BATCH, -1]); // as the weights flatten
    const logits = tf.add(tf.matMul(flat, weight, false, true), bias);
    return tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor(labels, [BATCH], 'int32'), CLASSES), logits);
  };
  const run = async () => {
    const value = optimizer.minimize(loss, true);
    const [read] = await value.data();
    value.dispose();
    return read;
  };
  return { run };
}
