// The built page as a whole: what it loads, from where, and on what.
import { EN, ZH } from './support/classify.js';
import { expect, test } from './support/test.js';

/** Opens the page and returns all answers until the module has come. */
async function load(page) {
  const answers = [];
  page.on('response', (response) => answers.push(response));
  const module = page.waitForEvent('response', (response) => response.url().endsWith('.wasm'));
  await page.goto('./');
  await module;
  return answers;
}

test('loads from any folder, and only files of its own', async ({ page, site }) => {
  for (const answer of await load(page)) {
    expect(answer.url()).toMatch(new RegExp(`^(${site}|data:|blob:)`));
    expect(answer.ok(), answer.url()).toBe(true);
  }
});

test('names files after their content and sends them as their types', async ({ page, site }) => {
  const types = { js: 'text/javascript', css: 'text/css', wasm: 'application/wasm' };
  const files = (await load(page)).filter((answer) => answer.url().startsWith(`${site}assets/`));
  expect(files.length).toBeGreaterThanOrEqual(3); // the scripts of page and worker, the module
  for (const file of files) {
    expect(file.url()).toMatch(/-[\w-]{8}\.\w+$/);
    const type = types[file.url().split('.').pop()];
    if (type) expect(file.headers()['content-type']).toContain(type);
  }
});

test('finds a GPU adapter in a worker of this browser', async ({ page }) => {
  // Not the page itself, whose policy allows no worker of a text.
  await page.route('**/empty.html', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  await page.goto('./empty.html');
  const found = await page.evaluate(() => {
    const source = 'navigator.gpu.requestAdapter().then((adapter) => postMessage(adapter !== null))';
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    return new Promise((resolve, reject) => {
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
    });
  });
  expect(found, 'WebGPU has no adapter in this Chromium: the tests of the GPU need one').toBe(true);
});

test('says whose data and libraries it holds', async ({ page }) => {
  await page.goto('./?lang=en');
  for (const [name, messages] of [['中文', ZH], ['EN', EN]]) {
    await page.getByRole('button', { name }).click();
    const link = page.getByRole('link', { name: messages['footer.notices'] });
    const answer = await page.request.get(await link.evaluate(({ href }) => href));
    expect(answer.headers()['content-type']).toContain('text/plain');
    const text = await answer.text();
    for (const part of [
      'Copyright (c) 2019 Primoz Godec', // SqueezeNet's weights
      'The digits are MNIST', // LeCun's
      'Copyright (c) Soumith Chintala 2016', // the names of the classes
      'panda.webp: Aaron Logan, CC BY 1.0',
      ...['comlink', 'hyparquet', 'lit', 'modern-tar', 'unzipit', 'uplot'], // page and worker
      ...['half', 'serde', 'wgpu', 'wasm-bindgen'], // the module
    ]) {
      expect(text).toMatch(new RegExp(`^${part.replace(/[()]/g, '\\$&')}${part.includes(' ') ? '' : ' \\d'}`, 'm'));
    }
    expect(text).not.toMatch(/^@[\w/.-]+$/m); // every file that is named stands there
  }
});
