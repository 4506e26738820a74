// Classifying: whatever photo has no answer of the loaded weights yet gets one.
import { transfer } from 'comlink';
import { getState, isAnswered, selectedPhoto, setPhoto, setState, subscribe } from '../store.js';
import { engine } from '../engine.js';
import { decode } from '../image.js';
import { pageError, tellError } from './notices.js';

/** From now on photos are classified as they come, and again when the model changes. */
export function startClassifying() {
  subscribe(classifyOpen);
}

let classifying = false;

// A look inside is one at the photo in view: no other is classified meanwhile.
let last = Promise.resolve();
const inTurn = (work) => (last = last.then(work, work));

/** The photo that the loaded network saw last: what looks inside looks at it. */
let seen = { id: null, weights: null };

/** One by one, the photo in view first. */
async function classifyOpen() {
  if (getState().gpu.status !== 'ready') seen = { id: null, weights: null }; // a device that was lost forgets
  if (classifying) return;
  classifying = true;
  for (let photo; (photo = nextOpen()); ) await inTurn(() => classify(photo));
  classifying = false;
}

function nextOpen() {
  const { gpu, model, task, photos, selected } = getState();
  if (gpu.status !== 'ready' || !model || task) return null;
  const open = photos.filter((photo) => !isAnswered(photo));
  return open.find(({ id }) => id === selected) ?? open[0];
}

async function classify({ id, blob }) {
  const weights = getState().model.loaded.hash;
  setPhoto(id, { status: 'running' });
  try {
    const { bitmap } = await decode(blob);
    const result = await engine.classify(transfer(bitmap, [bitmap]));
    seen = { id, weights };
    setPhoto(id, { status: 'done', result, weights, error: null });
  } catch (error) {
    // Its turn comes again when the device is back (device.js).
    if (error?.code === 'device-lost') setPhoto(id, { status: 'waiting' });
    else setPhoto(id, { status: 'failed', weights, error: pageError(error) });
  }
}

/** Makes the photo in view the one that the engine saw last. */
export async function seeSelected() {
  const photo = selectedPhoto();
  if (photo && (photo.id !== seen.id || !isAnswered(seen))) await classify(photo);
}

/**
 * Does what looks inside at the photo in view; no other photo is classified before it has ended.
 *
 * @template T
 * @param {() => Promise<T>} look
 * @returns {Promise<T>}
 */
export const lookInside = (look) => inTurn(() => seeSelected().then(look));

/** Measures the time of each layer, on the photo that was classified last. */
export async function measureLayers() {
  setState({ profile: 'running' });
  try {
    setState({ profile: await engine.profile() });
  } catch (error) {
    setState({ profile: null });
    if (error?.code !== 'device-lost') tellError(error);
  }
}
