// What is compared. `least` and `most` answers after the first are timed per
// round, for `seconds` or longer; `timeout` (seconds) is for one page.

export const SUITES = {
  inference: {
    title: 'AlexNet, batch 1, input upload to logits read back',
    entries: [
      { name: 'ours', module: 'inference/ours.js?engine=cpu', ours: true },
      { name: 'ours-gpu', module: 'inference/ours.js?engine=gpu', ours: true },
      { name: 'litert', module: 'inference/litert.js?accelerator=webgpu', webgpu: true },
      { name: 'jax', module: 'inference/jax.js', webgpu: true },
      { name: 'tensorflow', module: 'inference/tensorflow.js', webgpu: true },
      { name: 'onnxruntime', module: 'inference/onnxruntime.js?provider=webgpu', webgpu: true },
      { name: 'litert-wasm', module: 'inference/litert.js?accelerator=wasm' },
      { name: 'onnxruntime-wasm', module: 'inference/onnxruntime.js?provider=wasm' },
    ],
    seconds: 4,
    least: 2,
    most: 20,
    timeout: 180,
  },
  training: {
    title: 'cifar-80sec with fc 10, batch 128: a training step, upload to loss read back',
    entries: [
      { name: 'ours', module: 'training/ours.js?engine=cpu', ours: true },
      { name: 'ours-gpu', module: 'training/ours.js?engine=gpu', ours: true },
      { name: 'jax', module: 'training/jax.js', webgpu: true },
      { name: 'tensorflow', module: 'training/tensorflow.js?backend=webgpu', webgpu: true },
      { name: 'tensorflow-webgl', module: 'training/tensorflow.js?backend=webgl' },
      { name: 'convnetjs', module: 'training/convnetjs.js' },
    ],
    rate: { unit: 'images/s', batch: 128 },
    seconds: 6,
    least: 2,
    most: 15,
    timeout: 600,
  },
};
