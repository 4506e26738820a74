// What computes: the processor where there is no GPU, and then the page says why; the GPU where it
// is asked for. A lost one the page gets back, and while kernels compile it goes on answering.
import { answers, EN, notices, ZH } from './support/classify.js';
import { expect, loseGpu, test, testInOwnBrowser } from './support/test.js';

const OLD_FIREFOX =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0';

const ON_PROCESSOR = /^Computed on (one core|\d+ cores) of your processor/;
const ON_SOFTWARE = /^Computed on a GPU in software/;

/** What computes, as it stands below the answer. */
const deviceLine = (page) => page.locator('answer-panel device-line');

test.describe('without a GPU', () => {
  /** The processor answers, nothing is amiss, and the line tells why it is not the GPU. */
  async function expectProcessor(page, english, chinese) {
    await expect(answers(page).first()).toHaveText(/giant panda/);
    await expect(page.locator('device-trouble')).toHaveCount(0);
    await expect(notices(page)).toHaveCount(0);
    const line = deviceLine(page);
    await expect(line.getByText(ON_PROCESSOR)).toBeVisible();
    for (const text of english) await expect(line.getByText(text)).toBeHidden();
    await line.getByText(EN['device.why']).click();
    for (const text of english) await expect(line.getByText(text)).toBeVisible();
    await page.getByRole('button', { name: '中文' }).click();
    await expect(line).toContainText('计算设备：您的处理器');
    await expect(line).toContainText(ZH['device.why']);
    for (const text of chinese) await expect(line.getByText(text)).toBeVisible();
  }

  test('an insecure address is named as the cause', async ({ page, site }) => {
    const elsewhere = site.replace('127.0.0.1', 'elsewhere.test');
    await page.goto(`${elsewhere}?lang=en&sample=panda`);
    const { origin } = new URL(elsewhere);
    await expectProcessor(
      page,
      [`${origin} is not a secure address`, 'http://localhost'],
      [`${origin} 不是安全地址`, 'http://localhost'],
    );
  });

  test.describe('an old browser', () => {
    test.use({ userAgent: OLD_FIREFOX });

    test('is named, and those that have WebGPU', async ({ page }) => {
      await page.addInitScript(() => delete Navigator.prototype.gpu);
      await page.goto('./?lang=en&sample=panda');
      await expectProcessor(
        page,
        ['Firefox 128 on Windows has no WebGPU.', 'Firefox 141 on Windows'],
        ['Windows 上的 Firefox 128 不支持 WebGPU。', 'Windows 上的 Firefox 141'],
      );
    });
  });

  test('a new browser with WebGPU switched off: where to switch it on, and then to try it', async ({
    page,
  }) => {
    await page.addInitScript(() => {
      Object.assign(globalThis, { gpu: navigator.gpu });
      delete Navigator.prototype.gpu;
    });
    await page.goto('./?lang=en&sample=panda&engine=gpu'); // asked for, and not to be had
    await expectProcessor(
      page,
      [/Chrome \d+ has WebGPU, but it is switched off/, 'chrome://flags'],
      [/Chrome \d+ 支持 WebGPU，但它被此电脑的设置或策略关闭了。/, 'chrome://flags'],
    );

    await page.evaluate(() => Object.defineProperty(navigator, 'gpu', { value: globalThis.gpu }));
    await deviceLine(page).getByRole('button', { name: ZH['device.retry'] }).click();
    await expect(deviceLine(page)).toContainText('计算设备：软件模拟的 GPU');
  });

  test('no adapter', async ({ playwright, launchOptions, contextOptions, site }) => {
    const args = launchOptions.args.filter((arg) => arg !== '--enable-unsafe-webgpu');
    args.push('--disable-gpu');
    const browser = await playwright.chromium.launch({ ...launchOptions, args });
    const page = await browser.newPage(contextOptions);
    await page.goto(`${site}?lang=en&sample=panda`);
    await expectProcessor(
      page,
      ['finds no graphics processor', 'graphics acceleration'],
      ['没有找到可供使用的显卡', '图形加速'],
    );
    await browser.close();
  });

  test('one in software is passed over, and taken where it is asked for', async ({ page }) => {
    await page.goto('./?lang=en&sample=panda');
    await expectProcessor(
      page,
      ['The only GPU here is one in software', 'Use graphics acceleration'],
      ['这里只有软件模拟的 GPU', '图形加速'],
    );

    await deviceLine(page).getByRole('button', { name: ZH['device.use.gpu'] }).click();
    await expect(deviceLine(page)).toContainText('计算设备：软件模拟的 GPU');
    await expect(page).toHaveURL(/engine=gpu/);
    await expect(notices(page)).toHaveCount(0); // it was asked for, not lost
    await page.getByRole('button', { name: '示例：一条长尾的橙色金鱼' }).click();
    await expect(answers(page).first()).toHaveText(/金鱼/);
  });

  test('a program that cannot be loaded', async ({ page }) => {
    await page.route('**/worker-*.js', (route) => route.abort());
    await page.goto('./?lang=en');
    const trouble = page.locator('device-trouble');
    await expect(trouble.getByRole('alert')).toHaveText(EN['trouble.title']);
    for (const text of ['could not be loaded', 'proxy']) await expect(trouble).toContainText(text);
    await page.getByRole('button', { name: '中文' }).click();
    await expect(trouble.getByRole('alert')).toHaveText(ZH['trouble.title']);
    for (const text of ['无法加载本页的程序', '代理']) await expect(trouble).toContainText(text);
  });
});

test('the address names what computes, and the page changes it there', async ({ page }) => {
  await page.goto('./?lang=en&sample=panda&engine=gpu');
  await expect(deviceLine(page).getByText(ON_SOFTWARE)).toBeVisible();
  await expect(answers(page).first()).toHaveText(/giant panda/);

  await deviceLine(page).getByRole('button', { name: EN['device.use.cpu'] }).press('Enter');
  await expect(deviceLine(page).getByText(ON_PROCESSOR)).toBeVisible();
  await expect(deviceLine(page).getByText(EN['device.why'])).toHaveCount(0); // a person chose
  await expect(deviceLine(page).getByRole('button', { name: EN['device.use.gpu'] })).toBeFocused();
  await expect(page).toHaveURL(/engine=cpu/);
  await expect(notices(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Sample: An orange goldfish' }).click();
  await expect(answers(page).first()).toHaveText(/goldfish/);

  await page.reload();
  await expect(deviceLine(page).getByText(ON_PROCESSOR)).toBeVisible();
  await expect(deviceLine(page).getByRole('button', { name: EN['device.use.gpu'] })).toBeVisible();
});

testInOwnBrowser('a GPU that is lost again and again: the processor goes on with photo and network', async ({ page }) => {
  await page.goto('./?lang=en&sample=panda&engine=gpu');
  await expect(answers(page).first()).toHaveText(/giant panda/);
  // From now on each device is lost by the first work that it gets.
  await page.workers()[0].evaluate(() => {
    const { requestDevice } = GPUAdapter.prototype;
    const { submit } = GPUQueue.prototype;
    const devices = new Map();
    GPUAdapter.prototype.requestDevice = async function (...options) {
      const device = await requestDevice.apply(this, options);
      devices.set(device.queue, device);
      return device;
    };
    GPUQueue.prototype.submit = function (...work) {
      devices.get(this)?.destroy();
      return submit.apply(this, work);
    };
  });
  await loseGpu(page);
  await expect(notices(page)).toHaveText(/The GPU is back/);
  await page.getByRole('button', { name: 'Sample: An orange goldfish' }).click();

  const trouble = page.locator('device-trouble');
  await expect(trouble).toContainText('The GPU was lost again and again');
  await trouble.getByRole('button', { name: EN['device.go-on'] }).click();
  await expect(deviceLine(page).getByText(ON_PROCESSOR)).toBeVisible();
  await expect(page).toHaveURL(/engine=cpu/);
  await expect(page.getByRole('heading', { name: 'SqueezeNet 1.1' })).toBeVisible();
  await expect(answers(page).first()).toHaveText(/goldfish/); // which no GPU came to answer
  await page.getByRole('button', { name: 'Remove An orange goldfish with a long tail' }).first().click();
  await expect(answers(page).first()).toHaveText(/giant panda/);
});

testInOwnBrowser('a lost GPU is told, and comes back with the photo and the network', async ({ page }) => {
  await page.goto('./?lang=en&sample=panda&engine=gpu');
  await expect(answers(page).first()).toHaveText(/giant panda/);

  await loseGpu(page);
  await expect(notices(page)).toHaveText(/The GPU was lost\. Getting it back/);
  await expect(notices(page)).toHaveText(/The GPU is back, with the same network and photos\./);

  await expect(page.getByRole('heading', { name: 'SqueezeNet 1.1' })).toBeVisible();
  await expect(answers(page).first()).toHaveText(/giant panda/);
  await page.getByRole('button', { name: 'Sample: An orange goldfish' }).click();
  await expect(answers(page).first()).toHaveText(/goldfish/); // computed on the new one
  await expect(deviceLine(page).getByText(ON_SOFTWARE)).toBeVisible();
});

testInOwnBrowser('a lost GPU that does not come back: the processor goes on, and the page says so', async ({ page }) => {
  await page.goto('./?lang=en&sample=panda&engine=gpu');
  await expect(answers(page).first()).toHaveText(/giant panda/);
  await page.workers()[0].evaluate(() => {
    GPU.prototype.requestAdapter = async () => null;
  });

  await loseGpu(page);
  await expect(notices(page)).toHaveText(/The GPU did not come back: the processor goes on/);
  await expect(deviceLine(page).getByText(ON_PROCESSOR)).toBeVisible();
  await deviceLine(page).getByText(EN['device.why']).click();
  await expect(deviceLine(page).getByText('finds no graphics processor')).toBeVisible();
  await page.getByRole('button', { name: 'Sample: An orange goldfish' }).click();
  await expect(answers(page).first()).toHaveText(/goldfish/);
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
  await page.goto('./?lang=en&sample=panda&engine=gpu');
  await expect(page.getByText(/compiling the kernels/)).toBeVisible();

  await page.getByRole('button', { name: 'Change network' }).click();
  await expect(page.getByRole('dialog', { name: 'Networks' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.getByText(/编译计算内核/)).toBeVisible(); // all that before it was ready

  await expect(answers(page).first()).toHaveText(/大熊猫/);
  expect(await page.evaluate(() => globalThis.called)).toEqual([]);
});
