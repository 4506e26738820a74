// Weights in the browser's private file system: one file each, named by the
// published hash, so that an outdated file is never taken for the new one.
// Contents are checked again each time they are loaded (Session.load).

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
 * @returns {Promise<File | null>} null where it cannot be kept: no room, or no storage
 */
export async function save(key, bytes, chunks) {
  try {
    return await write(key, bytes, chunks);
  } catch (error) {
    await remove(key + PART).catch(() => {});
    if (typeof error.code === 'string') throw error; // of the chunks, not of the storage
    return null;
  }
}

async function write(key, bytes, chunks) {
  const handle = await (await folder()).getFileHandle(key + PART, { create: true });
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
  await handle.move(key);
  return handle.getFile();
}
