// From files that a person chose to a data set: archives unpacked by the
// browser as streams, formats told by content.
import { createTarDecoder } from 'modern-tar';
import { unzip } from 'unzipit';
import { classesOf, Collector, DatasetReader } from '../pkg/alexnet_live.js';
import { pieces } from '../download.js';
import { pixels } from '../pixels.js';

// First bytes of files.
const ZIP = [0x50, 0x4b, 3, 4];
const GZIP = [0x1f, 0x8b];

/** What is unpacked at once, at most, in bytes: CIFAR-10 as one file has 184 million. */
const MOST_UNPACKED = 500e6;
/** Memory that pictures may take, in bytes: the module's own ends at four billion. */
const MOST_PICTURES = 1.5e9;

/**
 * @typedef {{ path: string, file: Blob }} Entry  path with `/` between folders
 * @typedef {object} Options
 * @property {number | null} [images]      the first so many train, a fifth as many validate
 * @property {[number, number]} [size]     height and width that own pictures are made to
 * @property {number} [validationShare]    share of own pictures that validates
 * @property {number} [seed]               decides which
 */

/**
 * CIFAR-10's or MNIST's files, or pictures in a folder per class, also zipped.
 *
 * @param {Entry[]} entries
 * @param {Options} options
 * @param {(done: number, total: number) => void} progress bytes, or pictures; throws to stop
 * @returns {Promise<import('../pkg/alexnet_live.js').Dataset>}
 */
export async function readDataset(entries, options, progress) {
  if (entries.length === 1 && (await startsWith(entries[0].file, ZIP))) {
    return readZip(entries[0], options, progress);
  }
  // The browser tells the type of a picture by its name, without reading it.
  const others = entries.filter(({ file }) => !file.type.startsWith('image/'));
  const total = others.reduce((sum, { file }) => sum + file.size, 0);
  const reader = new DatasetReader(options.images ?? undefined);
  let found = false;
  let before = 0;
  for (const { path, file } of others) {
    const report = (done) => progress(before + done, total);
    found = (await readFile(reader, path, file, report)) || found;
    before += file.size;
  }
  if (found || others.length === entries.length) return reader.finish();
  reader.free();
  const name = entries[0].path.split('/')[0];
  return collect(name, entries, options, progress);
}

/** Pictures in a zip, unpacked one by one. */
async function readZip({ path, file }, options, progress) {
  const { entries } = await unzip(file).catch((error) => {
    throw { code: 'malformed', format: 'zip', reason: error.message };
  });
  const zipped = Object.entries(entries).map(([path, entry]) => ({
    path,
    unpack: () => {
      if (entry.size > MOST_UNPACKED) throw { code: 'unpacked-too-large', name: path, most: MOST_UNPACKED };
      return entry.blob();
    },
  }));
  return collect(path.split('/').pop(), zipped, options, progress);
}

/** Decodes pictures and makes them one size; what cannot be decoded is noted. */
async function collect(name, entries, options, progress) {
  const { names, labels, validates, notes } = classesOf(entries.map(({ path }) => path));
  const [height, width] = options.size ?? [32, 32];
  const count = labels.filter((label) => label !== null).length;
  if (count * height * width * 3 > MOST_PICTURES) {
    throw { code: 'too-many-pictures', count, height, width, most: MOST_PICTURES };
  }
  const collector = new Collector(names, height, width, 3);
  try {
    collector.note(notes);
    for (const [index, { path, file, unpack }] of entries.entries()) {
      progress(index, entries.length);
      if (labels[index] === null) continue;
      try {
        const bitmap = await createImageBitmap(file ?? (await unpack()));
        const picture = pixels(bitmap);
        const { rgba, width: columns, height: rows } = picture;
        collector.add(labels[index], rgba, columns, rows, validates?.[index]);
      } catch (error) {
        if (typeof error?.code === 'string') throw error;
        collector.skip(path, error.message ?? String(error));
      }
    }
  } catch (error) {
    collector.free();
    throw error;
  }
  return collector.finish(name, options.validationShare ?? 0.2, options.seed ?? 1);
}

/** Adds a file, or the files in an archive; false when they belong to no data set. */
async function readFile(reader, path, file, progress) {
  let read = 0;
  const counted = new TransformStream({
    transform(piece, controller) {
      read += piece.length;
      progress(read);
      controller.enqueue(piece);
    },
  });
  const stream = await decompressed(file, file.stream().pipeThrough(counted));
  try {
    const [start, whole] = await peek(stream, 512);
    if (new TextDecoder('latin1').decode(start.subarray(257, 262)) !== 'ustar') {
      return reader.add(path, await unpackedBytes(whole, path));
    }
    let found = false;
    for await (const entry of pieces(whole.pipeThrough(createTarDecoder()))) {
      const bytes = await unpackedBytes(entry.body, entry.header.name);
      found = reader.add(entry.header.name, bytes) || found;
    }
    return found;
  } catch (error) {
    if (error.code) throw error;
    throw { code: 'malformed', format: 'archive', reason: error.message };
  }
}

/** All of a stream, unless that is more than can be meant: a small archive may unpack to any size. */
async function unpackedBytes(stream, name) {
  const parts = [];
  let length = 0;
  for await (const piece of pieces(stream)) {
    length += piece.length;
    if (length > MOST_UNPACKED) throw { code: 'unpacked-too-large', name, most: MOST_UNPACKED };
    parts.push(piece.slice()); // each is good until the next
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The first bytes of a stream, and a stream of all of it. */
async function peek(stream, length) {
  const reader = stream.getReader();
  const held = [];
  let size = 0;
  while (size < length) {
    const { done, value } = await reader.read();
    if (done) break;
    held.push(value);
    size += value.length;
  }
  const start = await bytesOf(new Blob(held).stream());
  const whole = new ReadableStream({
    async pull(controller) {
      if (held.length > 0) return controller.enqueue(held.shift());
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return [start, whole];
}

/** The content of a file, unpacked if it is gzip; `stream` reads the file. */
export const decompressed = async (file, stream) =>
  (await startsWith(file, GZIP)) ? stream.pipeThrough(new DecompressionStream('gzip')) : stream;

/** All of a stream. */
export const bytesOf = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());

async function startsWith(file, bytes) {
  const start = await bytesOf(file.slice(0, bytes.length).stream());
  return bytes.every((byte, index) => start[index] === byte);
}
