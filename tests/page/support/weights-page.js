// What a person does with weights on the page, and what they read there.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect as impatient } from '@playwright/test';
import { answers, EN } from './classify.js';

const read = (relative) => readFileSync(fileURLToPath(new URL(relative, import.meta.url)), 'utf8');
const EXPECTED = JSON.parse(read('../../golden/loads.json'));
const LABELS = read('../../../models/imagenet_classes.txt').split('\n');

/** Waits as long as 244 MB may take on a busy machine. */
export const expect = impatient.configure({ timeout: 120_000 });

/** The sample photo that the expected answers are for. */
export const PHOTO = EXPECTED.photo.split('.')[0];

/** Opens the page with that photo, and waits for its first answer. */
export async function openWithPhoto(page, more = '') {
  await page.goto(`./?lang=en&sample=${PHOTO}${more}`);
  await expect(answers(page)).toHaveCount(5);
}

/** Resolves once the page says how far a network is by such a text, however briefly it stands. */
export function toldProgress(page, pattern) {
  // Looks at each frame, unlike an expectation.
  return page.waitForFunction(
    ({ path, source }) => {
      const inside = (element, name) => element?.shadowRoot?.querySelector(name);
      const progress = path.reduce(inside, document.querySelector('alexnet-app'));
      return new RegExp(source).test(progress?.shadowRoot.textContent.trim());
    },
    { path: ['classify-view', 'network-spine', 'network-head', 'task-progress'], source: pattern.source },
  );
}

/**
 * PyTorch's five classes, in its order. The percentages only nearly: some pixels differ from
 * Pillow's by 1 / 255, and a network of random weights magnifies that.
 */
export async function expectAnswer(page, model) {
  const expected = EXPECTED[model];
  await expect(answers(page).first()).toContainText(LABELS[expected[0].index]);
  const texts = await answers(page).allInnerTexts();
  expect(texts.map((text) => text.split('\n')[0])).toEqual(expected.map(({ index }) => LABELS[index]));
  for (const [place, { percent }] of expected.entries()) {
    const found = Number(texts[place].match(/([\d.]+)\s*%/)[1]);
    expect(Math.abs(found - percent), texts[place]).toBeLessThan(0.4);
  }
}

/** Drops a file of this machine on the page, all of it or its first bytes. */
export async function dropPath(page, path, { bytes = Infinity, name = path.split('/').pop() } = {}) {
  await page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'from-disk';
    document.body.append(input);
  });
  await page.locator('#from-disk').setInputFiles(path);
  await page.evaluate(
    ({ bytes, name }) => {
      const input = document.querySelector('#from-disk');
      const dataTransfer = new DataTransfer();
      const [file] = input.files;
      dataTransfer.items.add(bytes < file.size ? new File([file.slice(0, bytes)], name) : file);
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, composed: true }));
      input.remove();
    },
    { bytes, name },
  );
}

/** Opens the list of networks; the entry of one of them. */
export async function openNetworks(page, title) {
  await page.getByRole('button', { name: EN['spine.change'] }).click();
  const heading = page.getByRole('heading', { name: title });
  return page.getByRole('dialog').getByRole('listitem').filter({ has: heading });
}
