// LiteRT.js, in single precision as the others; ?accelerator=webgpu or wasm
// (XNNPACK on the CPU, threads and SIMD).

import { Tensor, loadAndCompile, loadLiteRt } from '@litertjs/core';
import { SIZE, inputs } from './alexnet.js';

const accelerator = new URL(import.meta.url).searchParams.get('accelerator');

/** Loads and compiles the model. */
export async function open() {
  await loadLiteRt('/node_modules/@litertjs/core/wasm/', { threads: accelerator === 'wasm' });
  const model = await loadAndCompile('/models/alexnet.tflite', {
    accelerator,
    cpuOptions: { numThreads: navigator.hardwareConcurrency },
    gpuOptions: { precision: 'fp32' },
  });
  if (accelerator === 'webgpu' && !model.isFullyAccelerated) throw new Error('LiteRT.js left layers on the CPU');
  const images = inputs('HWC');
  const run = async (index) => {
    const x = await new Tensor(images[index % 2], [1, SIZE, SIZE, 3]).moveTo(accelerator);
    const [y] = await model.run([x]);
    const logits = await y.data();
    x.delete();
    y.delete();
    return logits;
  };
  return { run };
}
