// Weights in the browser's private file system: one file each, named by the
// published hash, so that an outdated file is never taken for the new one.
// Contents are checked again each time they are loaded (Session.load).

import { pieces } from './download.js';

const FOLDER = 'weights';
/** Ends the name of a file that is not whole yet. */
const PART = '.part';

async function folder() {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create: true });
}

/** @returns {Promise<{ key: string, bytes: number }[]>} nothing where there is no storage */
export async function list() {
  const files = [];
  try {
    for await (const [key, handle] of await folder()) {
      // Of a tab that was closed; one that is still writing holds its file fast.
      if (key.endsWith(PART)) await remove(key).catch(() => {});
      else files.push({ key, bytes: (await handle.getFile()).size });
    }
  } catch {
    return []; // private windows refuse: then nothing is kept
  }
  return files;
}

/**
 * @param {string} key
 * @returns {Promise<File | null>} null when it is not there
 */
export async function open(key) {
  try {
    return await (await (await folder()).getFileHandle(key)).getFile();
  } catch {
    return null;
  }
}

/** @param {string} key */
export async function remove(key) {
  try {
    await (await folder()).removeEntry(key);
  } catch (error) {
    if (error.name !== 'NotFoundError') throw { code: 'storage-busy', key };
  }
}

/**
 * Writes a file as it comes.
 *
 * @param {string} key
 * @param {number} bytes  room to reserve
 * @param {AsyncIterable<Uint8Array>} chunks  what they throw passes through
 * @returns {Promise<{ file: Blob, kept: boolean } | null>} in memory where it came but cannot be
 *   kept; null where there is no room, or no storage
 */
export async function save(key, bytes, chunks) {
  try {
    const handle = await (await folder()).getFileHandle(key + PART, { create: true });
    await write(handle, bytes, chunks);
    return await rename(handle, key);
  } catch (error) {
    await remove(key + PART).catch(() => {});
    if (typeof error.code === 'string') throw error; // of the chunks, not of the storage
    return null;
  }
}

/** Gives a file that is whole its name. */
async function rename(handle, key) {
  try {
    await handle.move(key);
    return { file: await handle.getFile(), kept: true };
  } catch {
    // `move` is in no standard: below without it.
  }
  const file = await handle.getFile();
  try {
    const copy = await (await folder()).getFileHandle(key, { create: true });
    await write(copy, file.size, pieces(file.stream()));
    await remove(key + PART);
    return { file: await copy.getFile(), kept: true };
  } catch {
    // No room for both: what came is not fetched once more.
    const inMemory = new Blob([await file.arrayBuffer()]);
    for (const name of [key, key + PART]) await remove(name).catch(() => {});
    return { file: inMemory, kept: false };
  }
}

async function write(handle, bytes, chunks) {
  const access = await handle.createSyncAccessHandle();
  try {
    // Estimates of the room are made up; and for want of it Chromium does not
    // throw, but leaves the size as it was, or says that it wrote another length.
    access.truncate(bytes);
    if (access.getSize() !== bytes) throw new Error('no room');
    let length = 0;
    for await (const chunk of chunks) {
      if (access.write(chunk, { at: length }) !== chunk.length) throw new Error('no room');
      length += chunk.length;
    }
    access.truncate(length);
    access.flush();
  } finally {
    access.close();
  }
}
