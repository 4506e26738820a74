// The dataset of the race: the digits of the page, CIFAR-10 from the web, or
// what was dropped.
import { proxy } from 'comlink';
import { tell, tellError } from '../../actions/notices.js';
import { engine } from '../../engine.js';
import { getRace, setRace } from '../state.js';
import { estimate } from './estimate.js';
import { signalOf, stop } from './stops.js';

/** Validation pictures in view. */
const PICTURES = 20;

/** What was dropped last, by `settings.data`, and how often something was. */
const dropped = { files: null, pictures: null, count: 0 };

/** The dataset that the worker holds for the race. @type {import('../../engine.js').DatasetInfo | null} */
let held = null;

/**
 * The reading that was asked for last: only its outcome counts, whichever ends first.
 * @type {{ of: string, outcome: Promise<boolean> } | null}
 */
let latest = null;

/** Side that pictures of any size are brought to: what the network was made for. */
const sideOf = ({ network }) =>
  getRace().networks.find(({ name }) => name === network)?.size ?? 32;

/** Tells two datasets apart. */
const signature = (settings) => {
  const { data, images, seed } = settings;
  if (data === 'mnist-5k') return data;
  return [data, data === 'pictures' ? sideOf(settings) : images, seed, dropped.count].join();
};

/** @param {import('../settings.js').RaceSettings} settings whether their dataset is at hand */
export const hasData = (settings) =>
  getRace().data.status === 'ready' && getRace().data.of === signature(settings);

/** @param {import('../settings.js').RaceSettings} settings whether it can be read without asking */
export const isAtHand = (settings) =>
  settings.data === 'mnist-5k' || dropped[settings.data] != null;

/**
 * Reads the dataset of these settings, unless it is there already, in place of one that is being
 * read. Lines that train with another one go on: the worker keeps it for them.
 *
 * @returns {Promise<boolean>} whether it is there
 */
export async function readDataset(settings) {
  if (hasData(settings)) return true;
  if (settings.data !== 'cifar-10' && !isAtHand(settings)) {
    tell(`race.notice.drop-${settings.data}`);
    return false;
  }
  const of = signature(settings);
  if (latest?.of !== of) {
    const reading = { of };
    stop('reading');
    latest = reading;
    reading.outcome = read(settings, reading);
  }
  return latest.outcome;
}

async function read(settings, reading) {
  const isWanted = () => latest === reading;
  const report = (status, done, total, info = null) =>
    setRace({ data: { status, done, total, info, of: reading.of } });
  report('reading', 0, 0);
  let ended = false; // progress may come after the answer
  const progress = proxy((done, total) => {
    if (!isWanted()) return false;
    if (!ended) report('reading', done, total);
  });
  try {
    const info = await open(settings, progress, signalOf('reading')).finally(() => (ended = true));
    if (!isWanted()) {
      await engine.closeDataset(info.id);
      return false;
    }
    const before = held;
    held = info;
    report('ready', 0, 0, info);
    if (before) await engine.closeDataset(before.id);
    tellNotes(info.notes);
    // The pictures of a race that has begun stay: its lines answer about them.
    if (!getRace().dataset) await showPictures(info);
    await estimate();
    return isWanted();
  } catch (error) {
    if (!isWanted()) return false;
    setRace({ data: { status: held ? 'ready' : 'none', done: 0, total: 0, info: held, of: '' } });
    tellError(error);
    return false;
  } finally {
    if (isWanted()) latest = null;
  }
}

/** @returns {Promise<import('../../engine.js').DatasetInfo>} */
async function open(settings, progress, signal) {
  const { data, images, seed } = settings;
  if (data === 'mnist-5k') return engine.digits();
  const files =
    data === 'cifar-10' ? await engine.fetchCifar10(images, progress, signal) : dropped[data];
  const side = sideOf(settings);
  const options = { images: data === 'pictures' ? null : images, seed, size: [side, side] };
  return engine.readDataset(files, options, progress, signal);
}

/** What a person should know of a dataset, though it can be used. */
function tellNotes(notes) {
  for (const [code, field] of [
    ['broken-picture', 'name'],
    ['stray-picture', 'name'],
    ['unused-folder', 'name'],
    ['unreadable-class', 'class'],
    ['single-picture', 'class'],
  ]) {
    const names = notes.filter((note) => note.code === code).map((note) => note[field]);
    if (names.length > 0) tellError({ code, names });
  }
}

/**
 * Takes pictures to show from all over the validation part.
 *
 * @param {import('../../engine.js').DatasetInfo} info
 */
export async function showPictures(info) {
  const { id, validation } = info;
  if (getRace().pictured?.id === id) return;
  const count = Math.min(PICTURES, validation);
  // Not in equal steps: datasets often take their classes in turn.
  const stride = Math.floor(validation / count) + 1;
  const indices = Array.from({ length: count }, (_, at) => (at * stride) % validation);
  const pictures = await Promise.all(
    indices.map((index) => engine.picture(id, 'validation', index)),
  );
  setRace({
    pictured: info,
    pictures: pictures.map((picture, at) => ({ ...picture, index: indices[at] })),
    predictions: [],
  });
}

/** Stops reading. */
export const stopReading = () => stop('reading');

/**
 * Remembers files of a dataset, or pictures in folders.
 *
 * @param {'files' | 'pictures'} kind
 * @param {object[]} files
 */
export function takeFiles(kind, files) {
  dropped[kind] = files;
  dropped.count += 1;
}
