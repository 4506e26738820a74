// LiteRT.js on WebGPU, in single precision as the others.

import { Tensor, loadAndCompile, loadLiteRt } from '@litertjs/core';
import { SIZE, inputs } from './alexnet.js';

/** Loads and compiles the model. */
export async function open() {
  await loadLiteRt('/node_modules/@litertjs/core/wasm/', { jspi: true });
  const model = await loadAndCompile('/models/alexnet.tflite', {
    accelerator: 'webgpu',
    gpuOptions: { precision: 'fp32' },
  });
  if (!model.isFullyAccelerated) throw new Error('LiteRT.js left layers on the CPU');
  const images = inputs('HWC');
  const run = async (index) => {
    const x = await new Tensor(images[index % 2], [1, SIZE, SIZE, 3]).moveTo('webgpu');
    const [y] = await model.run([x]);
    const logits = await y.data();
    x.delete();
    y.delete();
    return logits;
  };
  return { run };
}
