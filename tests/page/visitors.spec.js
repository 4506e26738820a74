// What visitors do that the page once did not foresee.
import { EN, drop, notices } from './support/classify.js';
import { cifarArchive } from './support/race.js';
import { expect, test } from './support/test.js';

test('text that is no address of the web is neither asked of the network nor told', async ({ page }) => {
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('./?lang=en');
  await expect(page.getByRole('heading', { name: EN['stage.title'] })).toBeVisible();
  await page.waitForLoadState('networkidle');
  asked.length = 0;
  for (const text of ['hunter2 is my word', 'hunter2.com', 'ftp://hunter2', 'javascript:alert(1)', '//hunter2', '']) {
    for (const type of ['paste', 'drop']) {
      await page.evaluate(
        ([type, text]) => {
          const data = new DataTransfer();
          data.setData('text/plain', text);
          const event = type === 'paste' ? new ClipboardEvent(type, { clipboardData: data }) : new DragEvent(type, { dataTransfer: data });
          dispatchEvent(event);
        },
        [type, text],
      );
    }
  }
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  expect(asked.filter((url) => url.includes('hunter2'))).toEqual([]);
  await expect(notices(page)).toHaveCount(0);
});

test('a camera that is allowed after its dialog was closed is stopped', async ({ page }) => {
  await page.addInitScript(() => {
    globalThis.streams = [];
    globalThis.allow = [];
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      await new Promise((resolve) => allow.push(resolve));
      const stream = await ask(wanted);
      streams.push(stream);
      return stream;
    };
  });
  await page.context().grantPermissions(['camera']);
  await page.goto('./?lang=en');
  const camera = page.getByRole('button', { name: EN['source.camera'] });
  await camera.click();
  await page.keyboard.press('Escape');
  await camera.click();
  await expect.poll(() => page.evaluate(() => allow.length)).toBe(2);
  await page.evaluate(() => allow.forEach((resolve) => resolve()));
  const states = () =>
    page.evaluate(() => streams.map((stream) => stream.getTracks().map(({ readyState }) => readyState).join()).sort());
  await expect.poll(states).toEqual(['ended', 'live']);
  await expect(page.locator('camera-dialog video')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect.poll(states).toEqual(['ended', 'ended']);
});

test('a view that could not be fetched is fetched again when asked', async ({ page }) => {
  let isThere = false;
  await page.route(/paper-view-.*\.js/, (route) => (isThere ? route.continue() : route.abort()));
  await page.goto('./?lang=en');
  await page.getByRole('button', { name: EN['app.view.paper'], exact: true }).click();
  await expect(notices(page)).toHaveCount(1);
  await expect(notices(page)).toContainText(EN['error.part-unreachable.advice']);
  isThere = true;
  await notices(page).getByRole('button', { name: EN['part.failed.again'] }).click();
  await expect(page.locator('activation-step')).toBeVisible();
  await expect(notices(page)).toHaveCount(0);
});

test('what is dropped on Train while it is fetched is taken once it is there', async ({ page }) => {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route(/race-view-.*\.js/, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto('./?lang=en&view=train');
  await expect(page.locator('race-view')).toBeAttached();
  await drop(page, [await cifarArchive(30)]);
  release();
  await expect(page.getByText('30 to train with, 30 to validate, 10 classes')).toBeVisible();
});

test('the page holds a hundred photos, however they come', async ({ page }) => {
  await page.goto('./?lang=en&engine=cpu&view=paper'); // nothing answers: it is about taking them in
  await page.getByRole('button', { name: EN['app.view.classify'], exact: true }).click();
  const dropMany = (count) =>
    page.evaluate(async (count) => {
      const canvas = new OffscreenCanvas(4, 4);
      canvas.getContext('2d').fillRect(0, 0, 2, 2);
      const blob = await canvas.convertToBlob();
      const data = new DataTransfer();
      for (let at = 0; at < count; at += 1) data.items.add(new File([blob], `${at}.png`, { type: 'image/png' }));
      dispatchEvent(new DragEvent('drop', { dataTransfer: data }));
    }, count);
  await Promise.all([dropMany(60), dropMany(60)]);
  const gallery = page.locator('photo-gallery').getByRole('listitem');
  await expect(gallery).toHaveCount(100);
  await expect(notices(page)).toContainText('100 photos');
  await dropMany(1);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  await expect(gallery).toHaveCount(100);
});

test('the page’s policy forbids what is not its own', async ({ page, uncaught }) => {
  await page.goto('./?lang=en');
  await expect(page.getByRole('heading', { name: EN['stage.title'] })).toBeVisible();
  const violated = await page.evaluate(async () => {
    const found = [];
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) => found.push(effectiveDirective));
    const element = (name, properties) => document.body.append(Object.assign(document.createElement(name), properties));
    element('script', { textContent: 'globalThis.ran = true' });
    element('script', { src: 'https://elsewhere.test/script.js' });
    element('style', { textContent: 'body { color: red }' });
    element('img', { src: 'https://elsewhere.test/pixel.png' });
    element('iframe', { src: 'https://elsewhere.test/' });
    setTimeout('globalThis.ran = true');
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { found: [...new Set(found)].sort(), ran: globalThis.ran };
  });
  expect(violated).toEqual({
    found: ['frame-src', 'img-src', 'script-src', 'script-src-elem', 'style-src-elem'],
    ran: undefined,
  });
  expect(uncaught.length).toBeGreaterThan(0); // each test fails for what its page is forbidden
  uncaught.length = 0;
});
