// The distances that the page shows between photos, against sums over what the network
// makes of each.
import { answers, drop, EN, samplePhoto } from './support/classify.js';
import { expect, test } from './support/inside.js';
import { numberIn } from './support/numbers.js';

test.setTimeout(600_000);
const PATIENT = { timeout: 240_000 };
const FILES = ['goldfish.webp', 'panda.webp', 'moose.webp'];

test('neighbours are as far as their features are apart', async ({ page }) => {
  const photos = FILES.map((file) => samplePhoto(file));
  const features = await page.evaluate(async (photos) => {
    const all = [];
    for (const { base64, mimeType } of photos) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: mimeType }));
      const { layer, values } = await engine.features(transfer(bitmap, [bitmap]));
      const units = 512; // of fire9, which the last convolution of SqueezeNet reads
      const means = new Array(units).fill(0);
      values.forEach((value, at) => (means[at % units] += value / (values.length / units)));
      all.push({ layer, means });
    }
    return all;
  }, photos.map(({ buffer, mimeType }) => ({ mimeType, base64: buffer.toString('base64') })));
  const apart = (one, other) =>
    Math.sqrt(features[one].means.reduce((sum, mean, at) => sum + (mean - features[other].means[at]) ** 2, 0));

  const shown = await page.context().newPage();
  await shown.goto('./?lang=en&why=neighbours');
  await drop(shown, photos);
  await expect(answers(shown)).toHaveCount(5, PATIENT);
  const region = shown.getByRole('region', { name: EN['why.title'] });
  await region.getByRole('button', { name: 'Compare 3 photos' }).click(PATIENT);
  const list = region.getByRole('list', { name: new RegExp(`^In ${features[0].layer}, 512 numbers`) });
  await expect(list.getByRole('listitem')).toHaveCount(2, PATIENT);
  const query = await region.locator('.query > img').getAttribute('alt');
  const from = FILES.findIndex((file) => query.includes(file));
  const found = await list.getByRole('listitem').allInnerTexts();
  const wanted = FILES.map((file, at) => ({ file, apart: apart(from, at) }))
    .filter((_, at) => at !== from)
    .sort((one, other) => one.apart - other.apart);
  for (const [at, { file, apart }] of wanted.entries()) {
    expect(found[at]).toContain(file);
    expect(Math.abs(numberIn(found[at].trim().split('\n').at(-1)) / apart - 1)).toBeLessThan(0.006);
  }
});
