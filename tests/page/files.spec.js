// Files of every kind, as people have them: pictures that need care, and what
// is no picture (tests/golden/pictures.py made the pictures).
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { answers, drop, notices, samplePhoto } from './support/classify.js';
import { expect, testOnOnePage as test } from './support/test.js';

function picture(name, mimeType) {
  const path = fileURLToPath(new URL(`pictures/${name}`, import.meta.url));
  return { name, mimeType, buffer: readFileSync(path) };
}

/** Drops a picture and waits until it is in view and answered. */
async function show(page, file) {
  await drop(page, [file]);
  const photo = page.getByRole('img', { name: `The photo in view: ${file.name}` });
  await expect(photo).toBeVisible();
  await expect(answers(page)).toHaveCount(5);
  return photo;
}

/** The pixels that the network saw: red, green, blue, alpha. */
const seen = (page) =>
  page
    .locator('photo-stage')
    .getByRole('img', { name: /^What the network saw/ })
    .evaluate((canvas) => [
      ...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data,
    ]);

const size = (photo) => photo.evaluate((image) => [image.naturalWidth, image.naturalHeight]);

const difference = (one, other) =>
  one.reduce((sum, value, index) => sum + Math.abs(value - other[index]), 0) / one.length;

test('a photo taken sideways is turned upright by its EXIF orientation', async ({ page }) => {
  const upright = await show(page, samplePhoto('goldfish.webp', 'upright.webp'));
  const expected = { size: await size(upright), pixels: await seen(page) };
  const turned = await show(page, picture('sideways.jpg', 'image/jpeg'));
  await expect(answers(page).first()).toHaveText(/goldfish/);
  expect(await size(turned)).toEqual(expected.size);
  expect(difference(await seen(page), expected.pixels)).toBeLessThan(5); // of 255, for JPEG
});

test('a photo of 50 megapixels', async ({ page }) => {
  // Made here: as a file it would be larger than all of the repository's others.
  const { buffer } = samplePhoto('goldfish.webp');
  const large = await page.evaluate(async (base64) => {
    const response = await fetch(`data:image/webp;base64,${base64}`);
    const photo = await createImageBitmap(await response.blob());
    const canvas = new OffscreenCanvas(8192, 6144);
    canvas.getContext('2d').drawImage(photo, 0, 0, 8192, 6144);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.5 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return bytes.toBase64?.() ?? btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }, buffer.toString('base64'));
  const file = { name: 'large.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(large, 'base64') };
  const photo = await show(page, file);
  expect(await size(photo)).toEqual([8192, 6144]);
  await expect(answers(page).first()).toHaveText(/goldfish/);
});

test('a transparent picture lies on white', async ({ page }) => {
  await show(page, picture('cut-out.png', 'image/png'));
  expect((await seen(page)).slice(0, 4)).toEqual([255, 255, 255, 255]); // where it is cut out
});

test('the first frame of an animation', async ({ page }) => {
  await show(page, picture('animated.gif', 'image/gif'));
  await expect(answers(page).first()).toHaveText(/goldfish/);
});

test('a single pixel', async ({ page }) => {
  await show(page, picture('one-pixel.png', 'image/png'));
  expect((await seen(page)).slice(0, 4)).toEqual([255, 128, 0, 255]);
});

test('a drawing without a size of its own', async ({ page }) => {
  const drawing =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path fill="#f80" d="M0 0h4v4H0z"/></svg>';
  await show(page, { name: 'a.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(drawing) });
  expect((await seen(page)).slice(0, 4)).toEqual([255, 136, 0, 255]);
});

test('a picture whose name and type say otherwise', async ({ page }) => {
  const { buffer } = samplePhoto('panda.webp');
  await show(page, { name: 'notes.txt', mimeType: 'text/plain', buffer });
  await expect(answers(page).first()).toHaveText(/giant panda/);
});

const start = (...bytes) => Buffer.concat([Buffer.from(bytes), Buffer.alloc(64)]);
for (const [what, file, sentence, advice] of [
  ['a text', { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('To do: milk') },
    'notes.txt is neither a picture nor a file of weights that this page can read (it starts with 54 6f 20 64', 'Pictures: JPEG, PNG'],
  ['nothing', { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
    'photo.jpg is empty.', 'JPEG, PNG, WebP'],
  ['a film', { name: 'film.mp4', mimeType: 'video/mp4', buffer: start(0, 0, 0, 24, ...Buffer.from('ftypmp42')) },
    'film.mp4 is a video (MP4).', 'Take a frame'],
  ['a document', { name: 'thesis.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n') },
    'thesis.pdf is a PDF document.', 'JPEG, PNG'],
  ['an iPhone’s photo', { name: 'IMG_1.HEIC', mimeType: 'image/heic', buffer: start(0, 0, 0, 24, ...Buffer.from('ftypheic')) },
    'IMG_1.HEIC is a HEIC photo, which this browser cannot read.', 'Most Compatible'],
  ['a damaged picture', { name: 'cut.png', mimeType: 'image/png', buffer: samplePhoto('coffee.png').buffer.subarray(0, 40) },
    'cut.png is a picture (PNG), but damaged or not known to this browser.', 'JPEG, PNG'],
]) {
  test(`${what} is told to be what it is, with what works instead`, async ({ page }) => {
    await drop(page, [file]);
    const notice = notices(page).filter({ hasText: sentence });
    await expect(notice).toBeVisible();
    await expect(notice).toContainText(advice);
  });
}
