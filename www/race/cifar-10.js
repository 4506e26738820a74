// CIFAR-10 from the web: as many pictures as are asked for, by range from the
// parquet files of Hugging Face, rewritten into CIFAR-10's own records and kept.
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { pixels } from '../pixels.js';

const BASE = 'https://huggingface.co/datasets/uoft-cs/cifar10/resolve/main/plain_text/';
const PARTS = {
  training: { file: 'train-00000-of-00001.parquet', images: 50_000 },
  validation: { file: 'test-00000-of-00001.parquet', images: 10_000 },
};
const CACHE = 'alexnet-live-cifar-10';
/** Pictures between two reports. */
const CHUNK = 500;

const PLANE = 32 * 32;
/** Label, then the red, green and blue planes. */
const RECORD = 1 + 3 * PLANE;

/**
 * @param {number} images to train with; a fifth as many validate
 * @param {(done: number, total: number) => void} progress
 * @param {AbortSignal} signal
 * @returns {Promise<{ path: string, file: Blob }[]>} as a dropped dataset
 */
export async function fetchCifar10(images, progress, signal) {
  const training = Math.min(images, PARTS.training.images);
  const validation = Math.min(Math.ceil(training / 5), PARTS.validation.images);
  const total = training + validation;
  const file = (name, count, before) =>
    part(name, count, (done) => progress(before + done, total), signal);
  return [
    { path: 'data_batch_1.bin', file: await file('training', training, 0) },
    { path: 'test_batch.bin', file: await file('validation', validation, training) },
  ];
}

/** The first pictures of a part: as far as they are kept, then from the web. */
async function part(name, count, report, signal) {
  const kept = await openKept(name);
  const have = Math.min(Math.floor(kept.size / RECORD), count);
  if (have === count) return kept.slice(0, count * RECORD);
  const { file } = PARTS[name];
  const buffer = await remoteFile(BASE + file, file, signal);
  const metadata = await guarded(file, parquetMetadataAsync(buffer));
  const records = [kept.slice(0, have * RECORD)];
  for (let row = have; row < count; row += CHUNK) {
    report(row);
    const rowEnd = Math.min(row + CHUNK, count);
    const columns = ['img', 'label'];
    const rows = await guarded(
      file,
      // `utf8: false`: the pictures are bytes, not text.
      parquetReadObjects({ file: buffer, metadata, columns, rowStart: row, rowEnd, utf8: false }),
    );
    records.push(...(await Promise.all(rows.map(toRecord))));
  }
  const blob = new Blob(records);
  await keep(name, blob);
  return blob;
}

async function toRecord({ img, label }) {
  const { rgba, width, height } = pixels(await createImageBitmap(new Blob([img.bytes])));
  if (width !== 32 || height !== 32) {
    throw { code: 'malformed', format: 'parquet', file: 'cifar10', reason: `a picture of ${width} x ${height}` };
  }
  const record = new Uint8Array(RECORD);
  record[0] = Number(label);
  for (let at = 0; at < PLANE; at += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      record[1 + channel * PLANE + at] = rgba[at * 4 + channel];
    }
  }
  return record;
}

/** A file on the web that is read by ranges, as hyparquet wants it. */
async function remoteFile(url, name, signal) {
  const request = async (range) => {
    const response = await fetch(url, {
      headers: { Range: range },
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal,
    });
    const { host } = new URL(url);
    if (response.status !== 206) throw { code: 'download-status', host, name, status: response.status };
    return response;
  };
  // Its length stands behind the stroke: bytes 0-0/119705255.
  const first = await guarded(name, request('bytes=0-0'));
  const byteLength = Number(first.headers.get('Content-Range')?.split('/')[1]);
  if (!byteLength) throw unreachable(name);
  return {
    byteLength,
    slice: async (start, end = byteLength) =>
      (await guarded(name, request(`bytes=${start}-${end - 1}`))).arrayBuffer(),
  };
}

const unreachable = (name) => ({
  code: 'cifar-10-unreachable',
  host: new URL(BASE).host,
  name,
  online: navigator.onLine ? 'yes' : 'no',
});

/** What is no error of ours is one of the network. */
async function guarded(name, work) {
  try {
    return await work;
  } catch (error) {
    if (error?.name === 'AbortError') throw { code: 'stopped' };
    throw typeof error?.code === 'string' ? error : unreachable(name);
  }
}

// The browser may keep nothing; then it is fetched again next time.
async function openKept(name) {
  try {
    const answer = await (await caches.open(CACHE)).match(`/${name}`);
    return (await answer?.blob()) ?? new Blob();
  } catch {
    return new Blob();
  }
}

async function keep(name, blob) {
  try {
    await (await caches.open(CACHE)).put(`/${name}`, new Response(blob));
  } catch {
    // as above
  }
}
