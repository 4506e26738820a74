// Networks: finding their weights, loading them, keeping them in this browser.
import { proxy } from 'comlink';
import squeezenet from '../../models/squeezenet-1.1.safetensors?url';
import { getState, setState } from '../store.js';
import { engine, workerFailed } from '../engine.js';
import { writeAddress } from '../address.js';
import { tell, tellError } from './notices.js';

/** The network that is served with the page. */
export const DEFAULT_MODEL = 'squeezenet-1.1';

/**
 * Where the loaded weights came from, to load them again on another device.
 * @type {{ model: string | null, name: string, file: Blob } | null}
 */
let source = null;

const findModel = (name) => getState().models.find((model) => model.name === name);

/** @param {import('../engine.js').WeightsFile} weights as the browser's storage knows them */
export const keyOf = ({ hash }) => hash?.value ?? null;

/** @param {import('../engine.js').WeightsFile} weights whether they need no download */
export const isAtHand = (weights) =>
  weights.embedded ||
  getState().stored.some(({ key, bytes }) => key === keyOf(weights) && bytes === weights.bytes);

/** Reads the registry and what is stored; needs no GPU. */
export async function readModels() {
  const read = Promise.all([engine.models(), engine.stored()]);
  const [models, stored] = await Promise.race([read, workerFailed]);
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
  return task({ model: name, file: weights.file }, async (progress) => {
    const file = await fetchWeights(weights, progress);
    return { model: name, name: weights.file, file };
  });
}

/**
 * Loads a file that the visitor gave; the network is told by its content.
 *
 * @param {File} file
 * @returns {Promise<boolean>}
 */
export async function loadFile(file) {
  const loaded = await task({ model: null, file: file.name }, async () => ({
    model: null,
    name: file.name,
    file,
  }));
  if (loaded) await keepPublished(file);
  return loaded;
}

/** Loads the present weights on a new device. */
export async function reloadModel() {
  if (!source) return loadDefault();
  const present = source;
  return task({ model: present.model, file: present.name }, async () => present);
}

/** Loads the network that is served with the page. */
export function loadDefault() {
  const model = findModel(DEFAULT_MODEL);
  return loadPublished(DEFAULT_MODEL, model.weights.find(({ embedded }) => embedded));
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

/** Stops the download or the loading; the model before stays. */
export const stopTask = () => engine.stop();

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
 * @param {(progress: Function) => Promise<typeof source>} find
 */
async function task(what, find) {
  if (getState().gpu.error) {
    tellError(getState().gpu.error);
    return false;
  }
  await engine.stop();
  await previous;
  let end;
  previous = new Promise((resolve) => (end = resolve));
  let ended = false;
  const report = (phase, stage, done, total) => {
    if (!ended) setState({ task: { ...what, phase, stage, done, total } });
  };
  try {
    report('download', 'fetch', 0, 0);
    const found = await find(proxy((done, total) => report('download', 'fetch', done, total)));
    report('prepare', 'check', 0, 0);
    const progress = proxy((...step) => report('prepare', ...step));
    const model = await engine.load(found.model, found.file, progress);
    source = found;
    setState({ model, profile: null, stage: null });
    writeAddress({ model: model.name === DEFAULT_MODEL ? null : model.name });
    return true;
  } catch (error) {
    // After a lost device all is loaded once more (device.js).
    if (error?.code !== 'device-lost') tellError(error?.code ? { ...error, file: what.file } : error);
    return false;
  } finally {
    ended = true;
    setState({ task: null });
    end();
  }
}

/** Settles when the task before has ended. */
let previous = Promise.resolve();

async function fetchWeights(weights, progress) {
  if (weights.embedded) {
    const url = new URL(squeezenet, location.href).href;
    return (await engine.download(url, null, weights.bytes, progress)).file;
  }
  const key = keyOf(weights);
  const stored = key && (await engine.openStored(key, weights.bytes));
  if (stored) return stored;
  const { file, kept } = await engine.download(weights.url, key, weights.bytes, progress);
  setState({ stored: await engine.stored() });
  if (!kept) tell('notice.not-kept', { file: weights.file });
  return file;
}

/** Keeps a dropped file that is a published one, so that it need not be dropped again. */
async function keepPublished(file) {
  const { loaded } = getState().model;
  const weights = getState()
    .models.flatMap((model) => model.weights)
    .find(({ hash, embedded }) => !embedded && hash && hash.value === loaded?.hash);
  if (!weights || isAtHand(weights)) return;
  const kept = await engine.keep(keyOf(weights), file);
  setState({ stored: await engine.stored() });
  if (!kept) tell('notice.not-kept', { file: file.name });
}
