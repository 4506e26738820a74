// Holds the module of www/pkg and answers `[method, ...arguments]`.

import { Session } from '/www/pkg/alexnet_live.js';
import { startModule } from '../module.js';
import { answer } from '../worker.js';

let session;

const methods = {
  async open(engine) {
    session = await Session.open({ engine }, await startModule());
  },

  /** Milliseconds that each stage of loading took. */
  async load(weights) {
    const names = { check: 'weights hashed in', compile: 'pipelines ready in', upload: 'weights uploaded in' };
    const times = {};
    let [stage, since] = [null, 0];
    const enter = (next) => {
      const now = performance.now();
      if (stage) times[names[stage]] = now - since;
      [stage, since] = [next, now];
    };
    await session.load('alexnet-torchvision', weights, (next) => {
      if (next !== stage) enter(next);
      return true;
    });
    enter(null);
    return times;
  },

  run: (values) => session.run(values),
};

answer(methods);
