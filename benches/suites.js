// What is compared. `least` and `most` answers after the first are timed per
// round, for `seconds` or longer; `timeout` (seconds) is for one page.

export const SUITES = {
  inference: {
    title: 'AlexNet, batch 1, input upload to logits read back',
    entries: [
      { name: 'litert', module: 'inference/litert.js' },
      { name: 'jax', module: 'inference/jax.js' },
      { name: 'tensorflow', module: 'inference/tensorflow.js' },
      { name: 'onnxruntime', module: 'inference/onnxruntime.js?provider=webgpu' },
      { name: 'onnxruntime-wasm', module: 'inference/onnxruntime.js?provider=wasm' },
    ],
    seconds: 4,
    least: 2,
    most: 20,
    timeout: 180,
  },
};
