// What a person does on the training page, and datasets small enough to train
// with in a test.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { EN } from './classify.js';
import { pictureFolder } from './pictures.js';
import { serve } from './server.js';
import { expect } from './test.js';

export { pictureFiles, pictureFolder } from './pictures.js';

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

/**
 * Stands in for the host of CIFAR-10, with 60 pictures of each part.
 *
 * @param {import('@playwright/test').Page} page
 * @param {(bytes: number) => void} [sent] told of each answer
 * @param {Promise<void>} [released] before which nothing is answered
 */
export async function serveCifar(page, sent = () => {}, released = Promise.resolve()) {
  const host = await serve({ '/': fileURLToPath(new URL('../parquet', import.meta.url)) }, {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'Content-Range',
  });
  await page.route('https://huggingface.co/**', async (route) => {
    await released;
    const part = route.request().url().includes('/train-') ? 'train' : 'test';
    const response = await route.fetch({ url: `${host.origin}/${part}.parquet` });
    expect(response.status()).toBe(206);
    sent(Number(response.headers()['content-length']));
    await route.fulfill({ response }).catch(() => {}); // given up meanwhile
  });
  return host;
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

const SMALL =
  'view=train&lang=en&lines=relu&batch=8&epochs=1000&network=cifar-80sec&optimizer=sgd&initializer=modern&relu=0.01&tanh=0.01';

/** Opens the training page with a folder of 20 pictures as its dataset. */
export async function openSmall(page, testInfo, more = '') {
  await page.goto(`./?${more}&${SMALL}`); // the first of two counts
  await chooseFolder(page, pictureFolder(testInfo.outputPath('pictures'), 10));
  await expect(page.getByText('16 to train with, 4 to validate, 2 classes')).toBeVisible();
}

/** Epochs of the line in view. */
export const epochOf = async (page) => parseFloat(await page.locator('.epoch strong').textContent());

/** Rows of the table of steps. */
export async function stepsOf(page) {
  const { bytes } = await saved(page, page.getByRole('button', { name: 'CSV' }));
  const [head, ...rows] = bytes.toString().trim().split('\n');
  const names = head.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, at) => [names[at], cell])));
}

export const losses = (steps) => steps.map(({ training_loss: loss }) => Number(loss));
