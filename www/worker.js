import * as Comlink from 'comlink';
import start, { version } from './pkg/alexnet_live.js';

const started = start();

Comlink.expose({
  async version() {
    await started;
    return version();
  },
});
