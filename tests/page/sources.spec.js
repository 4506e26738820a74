// The ways to a photo beside dropping it: files, clipboard, camera, an address.
import { fileURLToPath } from 'node:url';
import { answers, choose, notices, samplePhoto } from './support/classify.js';
import { serve } from './support/server.js';
import { expect, testOnOnePage as test } from './support/test.js';

const inView = (page, name) => page.getByRole('img', { name: `The photo in view: ${name}` });
const gallery = (page) => page.locator('photo-gallery').getByRole('listitem');

test('a chosen file', async ({ page }) => {
  await choose(page, [samplePhoto('goldfish.webp', 'pond.webp')]);
  await expect(inView(page, 'pond.webp')).toBeVisible();
  await expect(answers(page).first()).toHaveText(/goldfish/);
});

test('several files become a gallery with a result each', async ({ page }) => {
  await choose(page, ['panda.webp', 'coffee.png', 'moose.webp'].map((file) => samplePhoto(file)));
  await expect(page.getByRole('heading', { name: '3 of 3 photos named' })).toBeVisible();
  await expect(gallery(page)).toHaveText([/giant panda/, /espresso/, /impala/]);
  await expect(answers(page).first()).toHaveText(/giant panda/); // the first one is in view

  await gallery(page).nth(1).getByRole('button', { name: /^coffee\.png/ }).click();
  await expect(answers(page).first()).toHaveText(/espresso/);
  await gallery(page).nth(1).getByRole('button', { name: 'Remove coffee.png' }).click();
  await expect(gallery(page)).toHaveText([/giant panda/, /impala/]);
  await expect(answers(page).first()).toHaveText(/impala/);

  await page.getByRole('button', { name: 'Remove all' }).click();
  await expect(page.getByRole('heading', { name: 'Drop a photo.' })).toBeVisible();
});

test('a sample that is pressed twice comes once', async ({ page }) => {
  await page.getByRole('button', { name: 'Sample: An orange goldfish' }).dblclick();
  await expect(inView(page, 'An orange goldfish')).toBeVisible();
  await page.getByRole('button', { name: /^Sample: A giant panda/ }).dblclick();
  await expect(page.getByRole('heading', { name: '2 of 2 photos named' })).toBeVisible();
  await expect(gallery(page)).toHaveText([/goldfish/, /giant panda/]);
});

test.describe('the clipboard', () => {
  test.beforeEach(({ page, site }) => {
    const { origin } = new URL(site);
    return page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  });

  test('with a picture, by key and by button', async ({ page }) => {
    const { buffer } = samplePhoto('coffee.png');
    await page.evaluate(async (base64) => {
      const response = await fetch(`data:image/png;base64,${base64}`);
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': await response.blob() })]);
    }, buffer.toString('base64'));

    await page.keyboard.press('ControlOrMeta+v');
    await expect(answers(page).first()).toHaveText(/espresso/);
    await page.getByRole('button', { name: 'Paste' }).click();
    await expect(gallery(page)).toHaveText([/espresso/, /espresso/]);
  });

  test('without a picture is told', async ({ page }) => {
    await page.evaluate(() => navigator.clipboard.writeText('a cat'));
    await page.getByRole('button', { name: 'Paste' }).click();
    await expect(notices(page)).toHaveText(/There is no picture in the clipboard\..*Copy a picture/s);
  });
});

test.describe('an address', () => {
  const folder = fileURLToPath(new URL('../../www/samples', import.meta.url));

  /** Fetches an address as a person does. */
  async function fetchAddress(page, address) {
    await page.getByRole('button', { name: 'Address' }).click();
    await page.getByRole('textbox', { name: 'Address of the picture' }).fill(address);
    await page.getByRole('button', { name: 'Fetch' }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
  }

  test('of a picture', async ({ page }) => {
    const host = await serve({ '/': folder }, { 'Access-Control-Allow-Origin': '*' });
    await fetchAddress(page, `${host.origin}/panda.webp`);
    await expect(inView(page, 'panda.webp')).toBeVisible();
    await expect(answers(page).first()).toHaveText(/giant panda/);

    await fetchAddress(page, `${host.origin}/none.jpg`);
    await expect(notices(page)).toHaveText(/127\.0\.0\.1:\d+ has no such picture \(status 404\)/);
    await host.close();
  });

  test('of a host that refuses', async ({ page }) => {
    const host = await serve({ '/': folder });
    await fetchAddress(page, `${host.origin}/panda.webp`);
    await expect(notices(page)).toHaveText(
      /127\.0\.0\.1:\d+ does not let other pages read its pictures, or cannot be reached\..*save it, and drop the file/s,
    );
    await host.close();
  });

  test('that is none', async ({ page }) => {
    await fetchAddress(page, 'http://');
    await expect(notices(page)).toHaveText(/“http:\/\/” is no web address/);
  });
});

test.describe('the camera', () => {
  const dialog = (page) => page.getByRole('dialog', { name: 'Camera' });

  test('that is refused', async ({ page }) => {
    await page.getByRole('button', { name: 'Camera' }).click();
    await expect(notices(page)).toHaveText(/The camera is not allowed for this page\..*Allow it/s);
    await expect(dialog(page)).toBeHidden();
  });

  test('takes a photo, and is let go', async ({ page, site }) => {
    await page.context().grantPermissions(['camera'], { origin: new URL(site).origin });
    await page.getByRole('button', { name: 'Camera' }).click();
    const picture = dialog(page).getByLabel('Picture of the camera');
    await expect.poll(() => picture.evaluate((video) => video.videoWidth)).toBeGreaterThan(0);
    const track = await picture.evaluateHandle((video) => video.srcObject.getTracks()[0]);
    await dialog(page).getByRole('button', { name: 'Take the photo' }).click();
    await expect(inView(page, 'camera')).toBeVisible();
    await expect(answers(page)).toHaveCount(5);
    expect(await track.evaluate(({ readyState }) => readyState)).toBe('ended');
  });
});
