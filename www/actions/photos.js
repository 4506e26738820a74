// Photos: taking them in, choosing among them. classify.js classifies them.
import { getState, nextId, setState } from '../store.js';
import { decode } from '../image.js';
import { fetchFile } from '../fetch-file.js';
import { findSample } from '../samples.js';
import { kindOfFile } from '../file-kind.js';
import { writeAddress } from '../address.js';
import { loadFile } from './models.js';
import { tell, tellError } from './notices.js';

/** More than a class trip: beyond this the page would only fill the memory. */
export const MOST_PHOTOS = 100;

/**
 * Takes files of any kind: pictures are shown and classified, weights are loaded,
 * the rest is told.
 *
 * @param {Iterable<File>} files
 * @param {{ sample?: string, inView?: boolean }} options
 */
export async function addFiles(files, { sample = null, inView = true } = {}) {
  const all = [...files];
  let first = inView;
  for (const [index, file] of all.entries()) {
    setState({ reading: { done: index, total: all.length } });
    const picture = await readPicture(file);
    if (!picture) continue;
    // Looked at only now: other files may come at the same time.
    if (getState().photos.length >= MOST_PHOTOS) {
      tell('notice.too-many', { most: MOST_PHOTOS, count: all.length });
      break;
    }
    add(file, { ...picture, sample, inView: first });
    first = false;
  }
  setState({ reading: null });
}

/**
 * @param {File} file
 * @returns {Promise<{ width: number, height: number } | null>} null for anything else, which
 *   is dealt with here
 */
async function readPicture(file) {
  const named = file.type.startsWith('image/');
  // Never decode what may be 244 MB of weights.
  let found = named ? null : await kindOfFile(file);
  if (named || found.kind === 'image' || found.kind === 'heic') {
    try {
      const { bitmap, width, height } = await decode(file);
      bitmap.close(); // decoded again in its turn: a hundred of them would fill the memory
      return { width, height };
    } catch {
      found ??= await kindOfFile(file);
    }
  }
  if (found.perhapsWeights) await loadFile(file);
  else tellError({ code: 'not-a-picture', name: file.name, kind: found.kind, type: found.type });
  return null;
}

/** Samples on their way: one that is pressed twice comes once. @type {Map<string, Promise<void>>} */
const coming = new Map();

/**
 * @param {string} name of a sample
 * @param {{ inView?: boolean }} options
 */
export async function addSample(name, { inView = true } = {}) {
  await coming.get(name);
  const present = getState().photos.find((photo) => photo.sample === name);
  if (present) return inView && select(present.id);
  const adding = fetchSample(name, inView).finally(() => coming.delete(name));
  coming.set(name, adding);
  await adding;
}

async function fetchSample(name, inView) {
  try {
    const response = await fetchFile(findSample(name).url, name);
    await addFiles([new File([await response.blob()], name)], { sample: name, inView });
  } catch (error) {
    tellError(error?.code ? error : { code: 'offline', name });
  }
}

/** @param {string} id brings a photo into view */
export function select(id) {
  const photo = getState().photos.find((candidate) => candidate.id === id);
  setState({ selected: id });
  writeAddress({ sample: photo?.sample ?? null });
}

/** @param {string} id */
export function removePhoto(id) {
  const { photos, selected } = getState();
  const index = photos.findIndex((photo) => photo.id === id);
  URL.revokeObjectURL(photos[index].url);
  const rest = photos.filter((photo) => photo.id !== id);
  setState({ photos: rest });
  if (selected === id) select((rest[index] ?? rest.at(-1))?.id ?? null);
}

/** Back to the first screen, from where there is a way back. */
export function clearPhotos() {
  const { photos, selected } = getState();
  for (const { url } of photos) URL.revokeObjectURL(url);
  setState({ photos: [] });
  select(null);
  tell('notice.photos-removed', { count: photos.length }, {
    label: 'notice.undo',
    run: () => bringBack(photos, selected),
  });
}

function bringBack(removed, selected) {
  const again = removed.map((photo) => ({ ...photo, url: URL.createObjectURL(photo.blob) }));
  setState({ photos: [...again, ...getState().photos].slice(0, MOST_PHOTOS) });
  select(selected);
}

function add(blob, { width, height, sample, inView }) {
  const photo = {
    id: nextId(),
    name: blob.name,
    sample,
    blob,
    url: URL.createObjectURL(blob),
    width,
    height,
    status: 'waiting',
    result: null,
    weights: null,
    error: null,
  };
  setState({ photos: [...getState().photos, photo] });
  if (inView) select(photo.id);
}
