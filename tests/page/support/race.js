// What a person does on the training page, and datasets small enough to train
// with in a test.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { packTar } from 'modern-tar';
import { EN } from './classify.js';

/** A grey picture of 32 x 32 pixels as PNG; `dark` from 0 to 255, with a gradient in it. */
function png(dark) {
  const side = 32;
  const rows = Buffer.alloc(side * (side + 1)); // each row begins with its filter: none
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) rows[y * (side + 1) + 1 + x] = dark + x + (y % 5);
  }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 8; // bits; grey
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * A folder of dark and light pictures, a folder for each class.
 *
 * @param {string} folder
 * @param {number} count of each class
 */
export function pictureFolder(folder, count) {
  for (const [name, base] of [['dark', 10], ['light', 150]]) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let index = 0; index < count; index += 1) {
      writeFileSync(join(folder, name, `${index}.png`), png(base + index));
    }
  }
  return folder;
}

/** `cifar-10-binary.tar.gz` with so many records to train with, and as many to validate. */
export async function cifarArchive(records) {
  const batch = Buffer.alloc(records * 3073);
  for (let record = 0; record < records; record += 1) {
    batch.fill(20 * (record % 10), record * 3073, (record + 1) * 3073);
    batch[record * 3073] = record % 10;
  }
  const tar = await packTar(
    ['data_batch_1.bin', 'test_batch.bin'].map((name) => ({
      header: { name: `cifar-10-batches-bin/${name}`, size: batch.length },
      body: batch,
    })),
  );
  return { name: 'cifar-10-binary.tar.gz', mimeType: '', buffer: gzipSync(tar) };
}

/** CIFAR-10 as Hugging Face has it: pictures as PNG files in a column of a parquet file. */
export function cifarParquet(records) {
  const rows = Array.from({ length: records }, (_, index) => index);
  const optional = { repetition_type: 'OPTIONAL' };
  const file = parquetWriteBuffer({
    columnData: [
      { name: 'img', data: rows.map((row) => ({ bytes: png(20 * (row % 10)), path: `${row}.png` })) },
      { name: 'label', data: rows.map((row) => BigInt(row % 10)) },
    ],
    schema: [
      { name: 'root', num_children: 2 },
      { name: 'img', num_children: 2, ...optional },
      { name: 'bytes', type: 'BYTE_ARRAY', ...optional },
      { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', ...optional },
      { name: 'label', type: 'INT64', ...optional },
    ],
    rowGroupSize: 10,
  });
  return Buffer.from(file);
}

/** The line of an activation in the list of lanes. */
export const lane = (page, name) =>
  page.getByRole('list', { name: EN['race.lanes'] }).getByRole('listitem').filter({
    has: page.getByRole('heading', { name }),
  });

/** The error that a lane shows, in percent. */
export async function errorOf(page, name) {
  const text = await lane(page, name).locator('.value strong').textContent();
  return parseFloat(text);
}

export const playButton = (page) => page.getByRole('button', { name: EN['race.play'] });
export const pauseButton = (page) => page.getByRole('button', { name: EN['race.pause'] });

/** Chooses a folder of pictures. */
export async function chooseFolder(page, folder) {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: EN['race.data.choose-folder'] }).click();
  await (await choosing).setFiles(folder);
}

/** Saves a file by a button, and reads it. */
export async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const stream = await download.createReadStream();
  const parts = [];
  for await (const part of stream) parts.push(part);
  return { name: download.suggestedFilename(), bytes: Buffer.concat(parts) };
}
