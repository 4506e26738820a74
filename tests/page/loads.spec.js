// AlexNet in its real size: from a dropped file and from an address, kept,
// stopped, damaged, refused, and through the loss of the device.
import { fileURLToPath } from 'node:url';
import { answers, drop, EN, notices } from './support/classify.js';
import { test as base } from './support/test.js';
import { serve } from './support/server.js';
import { pointRegistry, serveWeights } from './support/weights-host.js';
import { foreignSafetensors, writeNet, writeOnnx, writePth, writeSafetensors } from './support/weights-files.js';
import { dropPath, expect, expectAnswer, openNetworks, openWithPhoto, toldProgress } from './support/weights-page.js';

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));

const test = base.extend({
  files: [
    async ({}, use) => {
      const safetensors = writeSafetensors();
      await use({ safetensors, pth: writePth(safetensors), onnx: writeOnnx(), net: writeNet() });
    },
    { scope: 'worker' },
  ],

  host: [
    async ({ files: { safetensors, net } }, use) => {
      const host = await serveWeights({ 'alexnet.safetensors': safetensors, 'alexnet.net': net });
      await use(host);
      await host.close();
    },
    { scope: 'worker' },
  ],

  site: [
    async ({ files, host }, use) => {
      const site = folder('../../target/page-tests/site');
      pointRegistry(folder('../../dist'), site, [
        {
          url: 'https://raw.githubusercontent.com/songhan/Deep-Compression-AlexNet/a4ab6859e1bc86dec3607c8cdd53b0a72da6bcda/AlexNet_compressed.net',
          hash: 'ea0d14e98edfbcbfba995003c94d7259fa23b6cc',
          path: files.net,
          address: `${host.origin}/alexnet.net`,
        },
        {
          url: 'https://huggingface.co/onnxmodelzoo/legacy_models/resolve/main/Computer_Vision/alexnet_Opset17_torch_hub/alexnet_Opset17.onnx',
          hash: 'd1fef6de9abfd04669ff0c450eaf02609f544c47623e6b80346180737863f5ee',
          path: files.safetensors,
          address: `${host.origin}/alexnet.safetensors`,
        },
        { hash: '7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02', path: files.pth },
      ]);
      const server = await serve({ '/some/folder/': site });
      await use(`${server.origin}/some/folder/`);
      await server.close();
    },
    { scope: 'worker' },
  ],
});

test.setTimeout(480_000);

test.beforeEach(({ host }) => {
  host.usual();
  host.requests.length = 0;
});

const ALEXNET = /^AlexNet(?! \()/;
const TORCHVISION = 'AlexNet (torchvision)';
const NOT_PUBLISHED = /AlexNet_compressed\.net is not the published file: its git blob should be/;
const notice = (page, text) => notices(page).filter({ hasText: text });
const get = (page) => page.getByRole('button', { name: /^Get AlexNet, 9(\.\d)?\sMB/ });
const progress = (page, phase) => page.getByRole('progressbar', { name: EN[`task.${phase}.name`] });

/** The names of what is kept, or being written. */
const storedFiles = (page) =>
  page.evaluate(async () => {
    const weights = await (await navigator.storage.getDirectory()).getDirectoryHandle('weights');
    return Array.fromAsync(weights.keys());
  });

/** The page goes on with the network that it had. */
async function expectPresentNetwork(page) {
  await expect(progress(page, 'prepare')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'SqueezeNet 1.1', level: 2 })).toBeVisible();
  await expect(answers(page).first()).toHaveText(/tabby|tiger cat|Egyptian cat/);
}

test('AlexNet from dropped files of 244 MB answers as PyTorch does', async ({ page, files }) => {
  await openWithPhoto(page);
  const told = ['checking the file, \\d+%', 'copying its weights, [1-9]\\d?%'].map((stage) =>
    toldProgress(page, new RegExp(`^Preparing alexnet\\.safetensors: ${stage}`)),
  );
  await dropPath(page, files.safetensors);
  await Promise.all(told);
  await expectAnswer(page, 'alexnet-torchvision');

  await dropPath(page, files.pth);
  await expect(page.getByText(/^Preparing alexnet\.pth/)).toBeVisible();
  await expect(progress(page, 'prepare')).toHaveCount(0);
  await expectAnswer(page, 'alexnet-torchvision');
  // It has the published hash, so that it need not be dropped again.
  const model = await openNetworks(page, TORCHVISION);
  await expect(model).toContainText(/PyTorch, 244.*kept in this browser/s);
  await page.keyboard.press('Escape');

  // The graph of the file itself, its values told by nothing but its layers.
  await dropPath(page, files.onnx);
  await expect(page.getByText(/^Preparing alexnet\.onnx/)).toBeVisible();
  await expect(progress(page, 'prepare')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'alexnet', level: 2, exact: true })).toBeVisible();
  await expectAnswer(page, 'alexnet-torchvision');
});

test('AlexNet from an address of 244 MB: stopped, then loaded', async ({ page, host }) => {
  await openWithPhoto(page);
  host.pauseAt = 100e6;
  const model = await openNetworks(page, TORCHVISION);
  await model.getByRole('button', { name: /^Download 244/ }).click();
  await expect(page.getByText(/^Downloading alexnet_Opset17.onnx: (9\d|10\d)(\.\d)?\sMB of 244/)).toBeVisible();
  await page.getByRole('button', { name: EN['task.stop'] }).click();
  await expectPresentNetwork(page);
  await expect(notices(page)).toHaveCount(0);

  host.usual();
  const again = await openNetworks(page, TORCHVISION);
  await again.getByRole('button', { name: /^Download 244/ }).click();
  await expect(progress(page, 'download')).toBeVisible();
  await expectAnswer(page, 'alexnet-torchvision');
  expect(host.requests).toEqual(['alexnet.safetensors', 'alexnet.safetensors']);
});

test('of the networks asked for while one is on its way only the last is fetched', async ({ page, host }) => {
  let others = 0;
  await page.route('https://raw.githubusercontent.com/**/compressed_SqueezeNet.net', (route) => {
    others += 1;
    return route.abort();
  });
  await openWithPhoto(page);
  host.pauseAt = 100e6;
  const first = await openNetworks(page, TORCHVISION);
  await first.getByRole('button', { name: /^Download 244/ }).click();
  await expect(page.getByText(/^Downloading alexnet_Opset17.onnx/)).toBeVisible();

  const second = await (await openNetworks(page, 'SqueezeNet 1.0'))
    .getByRole('button', { name: /^Download/ })
    .elementHandle();
  const third = await page.getByRole('button', { name: 'Download 9 MB' }).elementHandle();
  // Before the page has done anything about the second.
  await second.evaluate((second, third) => [second, third].forEach((button) => button.click()), third);
  await expectAnswer(page, 'alexnet');
  expect(others).toBe(0);
  await expect(notices(page)).toHaveCount(0);
});

test('weights are kept, checked when read, and removed', async ({ page, host }) => {
  await openWithPhoto(page);
  await get(page).click();
  await expectAnswer(page, 'alexnet');

  const inUse = await openNetworks(page, ALEXNET);
  await expect(inUse.getByText(EN['models.loaded'])).toBeVisible();
  await expect(inUse.getByRole('button', { name: 'Use' })).toHaveCount(0); // it would load it again
  await page.keyboard.press('Escape');
  const use = async () => {
    for (const title of [/^SqueezeNet 1\.1/, ALEXNET]) {
      await (await openNetworks(page, title)).getByRole('button', { name: 'Use' }).click();
      await expect(progress(page, 'prepare')).toHaveCount(0);
    }
  };
  await use();
  await expectAnswer(page, 'alexnet');
  expect(host.requests, 'read from the storage').toEqual(['alexnet.net']);

  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const weights = await root.getDirectoryHandle('weights');
    for await (const file of weights.values()) {
      const writable = await file.createWritable({ keepExistingData: true });
      await writable.write({ type: 'write', position: 5_000_000, data: new Uint8Array([1, 2, 3, 4]) });
      await writable.close();
    }
  });
  await use();
  await expect(notice(page, NOT_PUBLISHED)).toBeVisible();
  const damaged = await openNetworks(page, ALEXNET);
  await damaged.getByRole('button', { name: /^Download 9/ }).click(); // no longer kept
  await expect.poll(() => storedFiles(page)).toEqual([expect.stringMatching(/^[0-9a-f]{40}$/)]);
  expect(host.requests).toHaveLength(2);

  await openWithPhoto(page, '&model=alexnet'); // a link opens what is kept
  await expectAnswer(page, 'alexnet');
  expect(host.requests).toHaveLength(2);
  const kept = await openNetworks(page, ALEXNET);
  await kept.getByRole('button', { name: 'Remove AlexNet_compressed.net from this browser' }).click();
  await expect(kept.getByText(/from 127\.0\.0\.1:\d+, then kept in this browser/)).toBeVisible();
  expect(await storedFiles(page)).toEqual([]);
});

test('where a file cannot be moved it is kept by a copy, and fetched once', async ({ page, host }) => {
  await openWithPhoto(page);
  await page.workers()[0].evaluate(() => {
    FileSystemFileHandle.prototype.move = () => Promise.reject(new TypeError('not here'));
  });
  await get(page).click();
  await expectAnswer(page, 'alexnet');
  expect(host.requests).toEqual(['alexnet.net']);
  expect(await storedFiles(page)).toEqual([expect.stringMatching(/^[0-9a-f]{40}$/)]);
  await expect(notices(page)).toHaveCount(0);
});

test('a host that refuses, fails or damages is told, and the network stays', async ({ page, host }) => {
  await openWithPhoto(page);
  host.cors = false;
  await get(page).click();
  const refusal = notice(page, /does not let this page read alexnet\.net.*drop it on the page/s);
  await expect(refusal.getByRole('link')).toHaveAttribute('href', new RegExp(`^${host.origin}/alexnet\\.net`));

  host.usual();
  host.status = 503;
  await get(page).click();
  await expect(notice(page, /did not give alexnet\.net \(status 503\)/)).toBeVisible();

  host.usual();
  host.damageAt = 4_000_000;
  await get(page).click();
  await expect(notice(page, NOT_PUBLISHED)).toBeVisible();
  await expectPresentNetwork(page);
  await expect(get(page), 'it was not kept').toBeVisible();

  // Known to refuse: not even tried.
  const model = await openNetworks(page, TORCHVISION);
  const link = model.getByRole('link', { name: 'alexnet-owt-7be5be79.pth' });
  await expect(link).toHaveAttribute('href', 'https://download.pytorch.org/models/alexnet-owt-7be5be79.pth');
});

test('a bad file is told, and the network stays', async ({ page, files }) => {
  await openWithPhoto(page);
  await dropPath(page, files.safetensors, { bytes: 200e6, name: 'half.safetensors' });
  await expect(notice(page, /half\.safetensors is cut short: 244/)).toBeVisible();
  await dropPath(page, files.pth, { bytes: 200e6, name: 'half.pth' });
  await expect(notice(page, /half\.pth is damaged/)).toBeVisible();
  await drop(page, [{ name: 'bert.safetensors', mimeType: '', buffer: foreignSafetensors() }]);
  await expect(notice(page, /bert\.safetensors do not fit/)).toBeVisible();
  await drop(page, [{ name: 'noise.bin', mimeType: '', buffer: Buffer.alloc(5000, 7) }]);
  await expect(notice(page, /noise\.bin is neither a picture nor/)).toBeVisible();
  await expectPresentNetwork(page);
});

test('what the browser has no room to keep is loaded all the same', async ({ page, host, site }) => {
  await openWithPhoto(page);
  const devtools = await page.context().newCDPSession(page);
  const { origin } = new URL(site);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 5e6 });
  await get(page).click();
  await expectAnswer(page, 'alexnet');
  const notKept = /AlexNet_compressed\.net is in use, but this browser has no room to keep it/;
  await expect(notice(page, notKept)).toBeVisible();
  expect(host.requests, 'not fetched twice').toHaveLength(1);
});

test('a device lost while loading comes back with the network that was on its way', async ({
  playwright,
  launchOptions,
  site,
  files,
}) => {
  // A browser of its own: its GPU process ends.
  const browser = await playwright.chromium.launch(launchOptions);
  try {
    const page = await browser.newPage({ baseURL: site });
    await openWithPhoto(page, '&engine=gpu');
    const told = toldProgress(page, /copying its weights, [1-9]\d?%/);
    await dropPath(page, files.safetensors);
    await told;
    const devtools = await browser.newBrowserCDPSession();
    const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
    process.kill(processInfo.find(({ type }) => type === 'GPU').id);
    await expect(notice(page, 'The GPU is back')).toBeVisible();
    await expectAnswer(page, 'alexnet-torchvision');
  } finally {
    await browser.close();
  }
});
