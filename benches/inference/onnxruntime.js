// onnxruntime-web; ?provider=webgpu or wasm (threads and SIMD on the CPU).
// Its graph capture on WebGPU, which spares submissions only, is left off:
// version 1.30 releases the caller's input buffer after the first run and then
// fails to bind it.

import { SIZE, inputs } from './alexnet.js';

const provider = new URL(import.meta.url).searchParams.get('provider');

/** Creates a session; the weights are the graph's external data. */
export async function open() {
  const ort = await import(`onnxruntime-web/${provider}`);
  ort.env.wasm.wasmPaths = '/node_modules/onnxruntime-web/dist/';
  const session = await ort.InferenceSession.create('/inference/alexnet.onnx', {
    executionProviders: [provider],
    externalData: [{ path: 'alexnet.safetensors', data: '/models/alexnet.safetensors' }],
  });
  const images = inputs('CHW');
  const run = async (index) => {
    const image = new ort.Tensor('float32', images[index % 2], [1, 3, SIZE, SIZE]);
    const { logits } = await session.run({ image });
    return logits.data;
  };
  return { run };
}
