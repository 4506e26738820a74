// The only holder of the WebAssembly module and of the GPU device.
import * as Comlink from 'comlink';
import start, { Session } from './pkg/alexnet_live.js';

const opened = start().then(() => Session.open({}));

/** Errors of the module are plain objects; Comlink passes only real ones on whole. */
const asError = (error) => {
  throw error instanceof Error ? error : new Error(error.message ?? String(error));
};

Comlink.expose({
  /** @param {Blob} weights */
  load: (weights) =>
    opened.then((session) => session.load(undefined, weights, () => true)).catch(asError),

  /** @param {ImageBitmap} bitmap closed here */
  async classify(bitmap) {
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    const { data } = context.getImageData(0, 0, width, height);
    const session = await opened;
    return session.classify(new Uint8Array(data.buffer), width, height).catch(asError);
  },
});
