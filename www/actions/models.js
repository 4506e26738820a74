// Networks: finding their weights, loading them, keeping them in this browser.
import { proxy } from 'comlink';
import squeezenet from '../../models/squeezenet-1.1.safetensors?url';
import { getState, setState, subscribe } from '../store.js';
import { engine } from '../engine.js';
import { writeAddress } from '../address.js';
import { tell, tellError } from './notices.js';

/** The network that is served with the page. */
export const DEFAULT_MODEL = 'squeezenet-1.1';

/**
 * A file to load, and the published one that it is meant to be.
 * @typedef {{ model: string | null, name: string, file: Blob,
 *   published: import('../engine.js').WeightsFile | undefined }} Source
 */

/**
 * Where the loaded weights came from, to load them again on another device.
 * @type {Source | null}
 */
let source = null;

/**
 * What was being loaded when the device was lost. It is tried once more, and
 * not again: it may have been too much for the device.
 * @type {Source | null}
 */
let interrupted = null;

const findModel = (name) => getState().models.find((model) => model.name === name);

/** @param {import('../engine.js').WeightsFile} weights as the browser's storage knows them */
export const keyOf = ({ hash }) => hash?.value ?? null;

/** @param {import('../engine.js').WeightsFile} weights whether they need no download */
export const isAtHand = (weights) =>
  weights.embedded || getState().stored.some(({ key }) => key === keyOf(weights));

/** Reads the registry and what is stored; needs no GPU. */
export async function readModels() {
  const [models, stored] = await Promise.all([engine.models(), engine.stored()]);
  setState({ models, stored });
}

/**
 * The weights to take for a model: those at hand, else the smallest that a page may fetch.
 *
 * @param {import('../engine.js').ModelInfo} model
 * @returns {import('../engine.js').WeightsFile | undefined}
 */
export function preferredWeights({ weights }) {
  const fetchable = weights.filter(({ url, cors }) => url && cors);
  return (
    weights.find(isAtHand) ?? fetchable.sort((one, other) => one.bytes - other.bytes)[0]
  );
}

/**
 * Loads published weights, downloading them first where they are not at hand.
 *
 * @param {string} name of the model
 * @param {import('../engine.js').WeightsFile} weights
 * @returns {Promise<boolean>} whether it is loaded now
 */
export async function loadPublished(name, weights) {
  return task({ model: name, file: weights.file }, async (progress, signal) => {
    const file = await fetchWeights(weights, progress, signal);
    return { model: name, name: weights.file, file, published: weights };
  });
}

/**
 * Loads a file that the visitor gave; the network is told by its content.
 *
 * @param {File} file
 * @returns {Promise<boolean>}
 */
export async function loadFile(file) {
  const known = getState().models.flatMap(({ weights }) => weights);
  const published = known.find(({ file: name, bytes }) => name === file.name && bytes === file.size);
  const found = { model: null, name: file.name, file, published };
  const loaded = await task({ model: null, file: file.name }, async () => found);
  if (loaded) await keepPublished(found);
  return loaded;
}

/** Loads the present weights on a new device, or those that its loss interrupted. */
export async function reloadModel() {
  const before = source;
  await previous; // perhaps a download, which then went to the new device
  if (source !== before) return true;
  const again = interrupted ?? source;
  if (!again) return loadDefaultOnceNeeded();
  return task({ model: again.model, file: again.name }, async () => again);
}

/** Loads the network that is served with the page. */
function loadDefault() {
  const model = findModel(DEFAULT_MODEL);
  return loadPublished(DEFAULT_MODEL, model.weights.find(({ embedded }) => embedded));
}

let isWaiting = false;

/**
 * Loads the network that is served with the page. The race does without: there it waits until
 * another view is open, so that the race need not wait for its kernels.
 *
 * @returns {Promise<boolean>} whether nothing went wrong
 */
export async function loadDefaultOnceNeeded() {
  if (getState().view !== 'train') return loadDefault();
  if (isWaiting) return true;
  isWaiting = true;
  const end = subscribe(() => {
    const { view, gpu, task, model } = getState();
    if (view === 'train' || gpu.status !== 'ready' || task) return;
    end();
    isWaiting = false;
    if (!model) loadDefault();
  });
  return true;
}

/**
 * Loads the network that a link asks for, if that needs no download; else offers it.
 *
 * @param {string} name
 * @returns {Promise<boolean>} whether it is loaded
 */
export async function openLink(name) {
  const model = findModel(name);
  if (!model) {
    const known = getState().models.map((candidate) => candidate.name);
    tellError({ code: 'unknown', kind: 'model', name, known });
    return false;
  }
  if (name === DEFAULT_MODEL) return false;
  const weights = preferredWeights(model);
  if (weights && isAtHand(weights)) return loadPublished(name, weights);
  const values = { model: model.title };
  if (!weights) tell('notice.link-drop', values);
  else {
    tell('notice.link-model', values, {
      label: 'models.download',
      values: { size: weights.bytes },
      run: () => loadPublished(name, weights),
    });
  }
  return false;
}

/** Of the task that was asked for last. */
let controller = new AbortController();

/** Stops the download or the loading; the model before stays. */
export const stopTask = () => controller.abort();

/** @param {string} key of stored weights */
export async function removeStored(key) {
  try {
    await engine.removeStored(key);
  } catch (error) {
    tellError(error);
  }
  setState({ stored: await engine.stored() });
}

/**
 * One model on its way to the GPU, in two phases: download, prepare.
 *
 * @param {{ model: string | null, file: string }} what
 * @param {(progress: Function, signal: AbortSignal) => Promise<Source>} find
 */
async function task(what, find) {
  const { gpu } = getState();
  if (gpu.status === 'unavailable') {
    tellError(gpu.error);
    return false;
  }
  const before = previous;
  let end;
  const own = new Promise((resolve) => (end = resolve));
  previous = own;
  stopTask();
  const { signal } = (controller = new AbortController());
  await before;
  if (previous !== own) {
    end();
    return false; // another was asked for meanwhile
  }
  let ended = false;
  const report = (phase, stage, done, total) => {
    if (!ended) setState({ task: { ...what, phase, stage, done, total } });
  };
  let found;
  try {
    report('download', 'fetch', 0, 0);
    found = await find(proxy((done, total) => report('download', 'fetch', done, total)), signal);
    report('prepare', 'check', 0, 0);
    const progress = proxy((...step) => report('prepare', ...step));
    const model = await engine.load(found.model, found.file, found.published?.file, progress, signal);
    source = found;
    interrupted = null;
    setState({ model: { ...model, published: found.published?.file ?? null }, profile: null });
    writeAddress({ model: model.name === DEFAULT_MODEL ? null : model.name });
    return true;
  } catch (error) {
    // After a lost device all is loaded once more (device.js).
    if (error?.code === 'device-lost') interrupted = found === interrupted ? null : found;
    else tellError(error?.code ? { ...error, file: what.file } : error);
    if (error?.code === 'integrity') await forget(found?.published);
    return false;
  } finally {
    ended = true;
    setState({ task: null });
    end();
  }
}

/** Settles when the task that was asked for last has ended. */
let previous = Promise.resolve();

async function fetchWeights(weights, progress, signal) {
  if (weights.embedded) {
    const url = new URL(squeezenet, location.href).href;
    return (await engine.download(url, null, weights.bytes, progress, signal)).file;
  }
  const key = keyOf(weights);
  const stored = key && (await engine.openStored(key));
  if (stored) return stored;
  const { file, kept } = await engine.download(weights.url, key, weights.bytes, progress, signal);
  setState({ stored: await engine.stored() });
  if (!kept) tell('notice.not-kept', { file: weights.file });
  return file;
}

/** Keeps a dropped file that is a published one, so that it need not be dropped again. */
async function keepPublished({ file, published }) {
  const { models, model } = getState();
  const known = models.flatMap(({ weights }) => weights);
  const weights = published ?? known.find(({ hash }) => hash?.value === model.loaded.hash);
  if (!weights || isAtHand(weights)) return;
  const kept = await engine.keep(keyOf(weights), file);
  setState({ stored: await engine.stored() });
  if (!kept) tell('notice.not-kept', { file: file.name });
}

/** Removes what is kept of weights that turned out damaged. */
async function forget(weights) {
  if (weights && !weights.embedded && isAtHand(weights)) await removeStored(keyOf(weights));
}
