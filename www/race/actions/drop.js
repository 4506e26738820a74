// What is dropped on the training view: a dataset, pictures in folders, a saved
// race or a checkpoint, told apart by name and content.
import { tell, tellError } from '../../actions/notices.js';
import { change } from './change.js';
import { takeFiles } from './data.js';
import { openRace } from './drawn.js';
import { openCheckpoint } from './checkpoint.js';

/** Beyond this the page would only fill the memory. */
const MOST_FILES = 200_000;

/** @param {import('../../dropped.js').Dropped} dropped */
export async function takeRaceDrop({ entries, files }) {
  if (!entries.some(({ isDirectory }) => isDirectory)) return takeRaceFiles(files);
  try {
    const found = [];
    for (const entry of entries) await walk(entry, found);
    if (found.length > MOST_FILES) tell('race.notice.too-many-files', { most: MOST_FILES });
    await takeEntries(found.slice(0, MOST_FILES));
  } catch (error) {
    tellError(error);
  }
}

/** All files below an entry, with their paths; one more than are taken, if there are more. */
async function walk(entry, files) {
  if (files.length > MOST_FILES) return;
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    files.push({ path: entry.fullPath.slice(1), file });
    return;
  }
  const reader = entry.createReader();
  // A hundred at a time, until there are none.
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const child of some) await walk(child, files);
  }
}

const OF_DATASET = /\.(bin|gz|tgz|tar)$|idx\d-ubyte/i;

/** @param {File[]} files */
export async function takeRaceFiles(files) {
  try {
    const [first] = files;
    if (!first) return;
    const only = (extension) => files.length === 1 && first.name.toLowerCase().endsWith(extension);
    if (only('.json')) openRace(first.name, await first.text());
    else if (only('.safetensors')) await openCheckpoint(first).catch((error) => {
        throw typeof error?.code === 'string' ? { ...error, file: first.name } : error;
      });
    else {
      const path = (file) => file.webkitRelativePath || file.name;
      await takeEntries(files.map((file) => ({ path: path(file), file })));
    }
  } catch (error) {
    tellError(error);
  }
}

/** @param {{ path: string, file: File }[]} entries of a dataset, or pictures in folders */
async function takeEntries(entries) {
  const files = entries.filter(({ path }) => OF_DATASET.test(path));
  const kind = files.length > 0 ? 'files' : 'pictures';
  takeFiles(kind, files.length > 0 ? files : entries);
  // Under way, the new dataset is one of the things that wait for a new start.
  await change({ data: kind });
}
