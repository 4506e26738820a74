// The only holder of the WebAssembly module, of the GPU device and of the
// stored weights. Everything here is called from the page through engine.js.
import { expose } from 'comlink';
import './signals.js';
import initialise, { models, Session } from './pkg/alexnet_live.js';
import { blobOf, download, pieces } from './download.js';
import { startHelpers } from './helpers.js';
import { insideCalls } from './inside/calls.js';
import { compileModule } from './module.js';
import { pixels } from './pixels.js';
import { datasetCalls } from './training/datasets.js';
import { trainingCalls } from './training/runs.js';
import * as weightsStore from './weights-store.js';

const initialised = compileModule().then(async (module) => {
  await initialise({ module_or_path: module });
  return module;
});

/** The helpers of the processor, started once they are needed. */
let helpers = null;
const help = async () => {
  helpers ??= startHelpers(await initialised);
  return (await helpers).map((ask) => ask());
};

// The page tells of it. What is thrown outside of a promise reaches the page by itself.
addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  const { reason } = event;
  if (reason instanceof WebAssembly.RuntimeError) reportError(reason);
  else postMessage({ uncaught: String(reason?.message ?? JSON.stringify(reason)) });
});

/** @type {Session | null} */
let session = null;

/** The device's session; the page may ask before there is one. */
function opened() {
  if (!session) throw { code: 'no-adapter', reason: 'not opened' };
  return session;
}

/**
 * Tells the page how far a call is, and that whether to go on: not once its signal was given, nor
 * once the page has answered false.
 *
 * @param {Function} [progress]
 * @param {AbortSignal} [signal] of this call and no other
 */
function reporting(progress, signal) {
  if (signal?.aborted) throw { code: 'stopped' }; // while it waited for its turn
  let isWanted = true;
  return (...told) => {
    progress?.(...told)?.then(
      (answer) => (isWanted &&= answer !== false),
      () => {},
    );
    return isWanted && !signal?.aborted;
  };
}

// A session does one thing at a time, whatever order the page asks in.
let last = Promise.resolve();
const inTurn = (work) => (last = last.then(work, work));

const inside = insideCalls(opened, inTurn, reporting);

// Calls that wait until the module is there.
const ready = (calls) =>
  Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [
      name,
      async (...rest) => {
        await initialised;
        return call(...rest);
      },
    ]),
  );

export const api = {
  ...ready(datasetCalls(reporting)),
  ...ready(trainingCalls(opened, reporting)),
  ...inside.calls,

  /** CIFAR-10 from the web, as files for `readDataset`; see race/cifar-10.js. */
  async fetchCifar10(images, progress, signal) {
    // Only loaded when needed: reading parquet takes some code.
    const { fetchCifar10 } = await import('./race/cifar-10.js');
    return fetchCifar10(images, reporting(progress, signal), signal);
  },

  /** @returns every network of the registry; needs no GPU */
  async models() {
    await initialised;
    return models();
  },

  /** Opens a device in place of the present one. */
  open: (options) =>
    inTurn(async () => {
      await initialised;
      session = await Session.open(options, help);
      inside.forget();
      return session.device();
    }),

  /** Resolves when the present device is lost. */
  lost: () => opened().lost(),

  /** Gives the device up, which makes `lost` resolve. */
  destroy: () => opened().destroy(),

  /** Loads a model from a file of weights; see `Session.load` in src/web/mod.rs. */
  load: (model, file, published, progress, signal) =>
    inTurn(async () => {
      const info = await opened().load(model, file, reporting(progress, signal), published);
      inside.forget(info);
      return info;
    }),

  /** @param {ImageBitmap} bitmap transferred; closed here */
  classify: (bitmap) =>
    inTurn(async () => {
      const { rgba, width, height } = pixels(bitmap);
      const answer = await opened().classify(rgba, width, height);
      inside.saw(answer.crop);
      return answer;
    }),

  /** Time of each layer for the last picture. */
  profile: () => inTurn(() => opened().profile()),

  /** Holds every layer against the reference; see `Session.verify` in src/web/mod.rs. */
  verify: (progress, signal) => inTurn(() => opened().verify(reporting(progress, signal))),

  /**
   * Downloads a file and keeps it in this browser, or in memory where it cannot be kept.
   * @returns {Promise<{ file: Blob, kept: boolean }>}
   */
  async download(url, key, bytes, progress, signal) {
    const chunks = () => download(url, bytes, progress, signal);
    const saved = key && (await weightsStore.save(key, bytes, chunks()));
    if (saved) return saved;
    return { file: await blobOf(chunks()), kept: false };
  },

  /** Keeps a file that is at hand; false where it cannot be. */
  keep: async (key, file) =>
    (await weightsStore.save(key, file.size, pieces(file.stream())))?.kept === true,

  stored: weightsStore.list,
  openStored: weightsStore.open,
  removeStored: weightsStore.remove,
};

expose(api);
