// The GPU: where there is none the page says why, a lost one it gets back, and
// while kernels compile it goes on answering.
import { answers, EN, notices, ZH } from './support/classify.js';
import { expect, loseGpu, test, testInOwnBrowser } from './support/test.js';

const OLD_FIREFOX =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0';

test.describe('without WebGPU', () => {
  /** What the page says in place of an answer, in both languages. */
  async function expectTrouble(page, english, chinese) {
    const trouble = page.locator('device-trouble');
    await expect(trouble.getByRole('alert')).toHaveText(EN['trouble.title']);
    for (const text of english) await expect(trouble).toContainText(text);
    await page.getByRole('button', { name: '中文' }).click();
    await expect(trouble.getByRole('alert')).toHaveText(ZH['trouble.title']);
    for (const text of chinese) await expect(trouble).toContainText(text);
  }

  test('an insecure address is named as the cause, not the GPU', async ({ page, site }) => {
    const elsewhere = site.replace('127.0.0.1', 'elsewhere.test');
    await page.goto(`${elsewhere}?lang=en`);
    const { origin } = new URL(elsewhere);
    await expectTrouble(
      page,
      [`${origin} is not a secure address`, 'http://localhost'],
      [`${origin} 不是安全地址`, 'http://localhost'],
    );
  });

  test.describe('an old browser', () => {
    test.use({ userAgent: OLD_FIREFOX });

    test('is named, and those that have it', async ({ page }) => {
      await page.addInitScript(() => delete Navigator.prototype.gpu);
      await page.goto('./?lang=en');
      await expectTrouble(
        page,
        ['Firefox 128 on Windows has no WebGPU.', 'Firefox 141 on Windows'],
        ['Windows 上的 Firefox 128 不支持 WebGPU。', 'Windows 上的 Firefox 141'],
      );
    });
  });

  test('a new browser with WebGPU switched off gets told where to switch it on', async ({
    page,
  }) => {
    await page.addInitScript(() => delete Navigator.prototype.gpu);
    await page.goto('./?lang=en');
    await expectTrouble(
      page,
      [/Chrome \d+ has WebGPU, but it is switched off/, 'chrome://flags'],
      [/Chrome \d+ 支持 WebGPU，但它被此电脑的设置或策略关闭了。/, 'chrome://flags'],
    );
  });

  test('no adapter', async ({ playwright, launchOptions, site }) => {
    const args = launchOptions.args.filter((arg) => arg !== '--enable-unsafe-webgpu');
    args.push('--disable-gpu');
    const browser = await playwright.chromium.launch({ ...launchOptions, args });
    const page = await browser.newPage();
    await page.goto(`${site}?lang=en&sample=panda`);
    await expectTrouble(
      page,
      ['finds no graphics processor', 'graphics acceleration', 'Details'],
      ['没有找到可供使用的显卡', '图形加速', '详情'],
    );
    await expect(page.getByRole('img', { name: '当前照片：一只爬过岩石的大熊猫' })).toBeVisible();
    await browser.close();
  });

  test('a program that cannot be loaded', async ({ page }) => {
    await page.route('**/worker-*.js', (route) => route.abort());
    await page.goto('./?lang=en');
    await expectTrouble(page, ['could not be loaded', 'proxy'], ['无法加载本页的程序', '代理']);
  });
});

testInOwnBrowser('a lost GPU is told, and comes back with the photo and the network', async ({ page }) => {
  await page.goto('./?lang=en&sample=panda');
  await expect(answers(page).first()).toHaveText(/giant panda/);

  await loseGpu(page);
  await expect(notices(page)).toHaveText(/The GPU was lost\. Getting it back/);
  await expect(notices(page)).toHaveText(/The GPU is back, with the same network and photos\./);

  await expect(page.getByRole('heading', { name: 'SqueezeNet 1.1' })).toBeVisible();
  await expect(answers(page).first()).toHaveText(/giant panda/);
  await page.getByRole('button', { name: 'Sample: An orange goldfish' }).click();
  await expect(answers(page).first()).toHaveText(/goldfish/); // computed on the new one
});

test('the page answers while kernels compile, in which its thread has no part', async ({ page }) => {
  // Of this thread alone: an init script does not run in workers.
  await page.addInitScript(() => {
    globalThis.called = [];
    const listen = (owner, names) => {
      for (const name of names) {
        const method = owner[name];
        owner[name] = function (...values) {
          globalThis.called.push(name);
          return method.apply(this, values);
        };
      }
    };
    listen(WebAssembly, ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming', 'Module']);
    listen(GPU.prototype, ['requestAdapter']);
    listen(GPUAdapter.prototype, ['requestDevice']);
  });
  await page.goto('./?lang=en&sample=panda');
  await expect(page.getByText(/compiling the kernels/)).toBeVisible();

  await page.getByRole('button', { name: 'Change network' }).click();
  await expect(page.getByRole('dialog', { name: 'Networks' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.getByText(/编译计算内核/)).toBeVisible(); // all that before it was ready

  await expect(answers(page).first()).toHaveText(/大熊猫/);
  expect(await page.evaluate(() => globalThis.called)).toEqual([]);
});
