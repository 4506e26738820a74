// Holds the module of www/pkg and answers `[method, ...arguments]`.

import start, { Session } from '/module/alexnet_live.js';

let session;

const methods = {
  async open() {
    await start();
    session = await Session.open({ forceFallback: false });
  },

  /** Milliseconds that the pipelines took. */
  async load(weights) {
    let compiling;
    await session.load('alexnet-torchvision', weights, (stage) => {
      if (stage === 'compile') compiling ??= performance.now();
      return true;
    });
    return { 'pipelines ready in': performance.now() - compiling };
  },

  run: (values) => session.run(values),
};

addEventListener('message', async ({ data: [method, ...values] }) => {
  try {
    postMessage({ value: await methods[method](...values) });
  } catch (error) {
    postMessage({ error: error.message ?? String(error) });
  }
});
