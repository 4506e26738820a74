// onnxruntime-web; ?provider=webgpu or wasm.

import { SIZE, input } from './alexnet.js';

const provider = new URL(import.meta.url).searchParams.get('provider');
const SHAPE = [1, 3, SIZE, SIZE];

/** Creates a session; on WebGPU its graph is captured, with input and output bound to buffers. */
export async function open() {
  const ort = await import(`onnxruntime-web/${provider}`);
  ort.env.wasm.wasmPaths = '/node_modules/onnxruntime-web/dist/';
  const session = await ort.InferenceSession.create('/inference/alexnet.onnx', {
    executionProviders: [provider],
    externalData: [{ path: 'alexnet.safetensors', data: '/models/alexnet.safetensors' }],
    ...(provider === 'webgpu' && { preferredOutputLocation: 'gpu-buffer' }),
  });
  const image = input('CHW');
  if (provider === 'wasm') {
    const run = async () => (await session.run({ image: new ort.Tensor('float32', image, SHAPE) })).logits.data;
    return { run };
  }

  const device = await ort.env.webgpu.device;
  const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const bound = (floats, dims) => {
    const buffer = device.createBuffer({ size: 4 * floats, usage: STORAGE | COPY_SRC | COPY_DST });
    return { buffer, tensor: ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims }) };
  };
  const x = bound(image.length, SHAPE);
  const y = bound(1000, [1, 1000]);
  const copy = device.createBuffer({ size: 4000, usage: COPY_DST | GPUBufferUsage.MAP_READ });
  const run = async () => {
    device.queue.writeBuffer(x.buffer, 0, image);
    await session.run({ image: x.tensor }, { logits: y.tensor });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(y.buffer, 0, copy, 0, 4000);
    device.queue.submit([encoder.finish()]);
    await copy.mapAsync(GPUMapMode.READ);
    const logits = new Float32Array(copy.getMappedRange()).slice();
    copy.unmap();
    return logits;
  };
  return { run };
}
