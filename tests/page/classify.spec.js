// From a photo to its name, in the browser's language.
import { answers, drop, samplePhoto } from './support/classify.js';
import { expect, test } from './support/test.js';

test.describe('in English', () => {
  test.use({ locale: 'en-GB' });

  test('names a sample and a dropped photo, and times each layer', async ({ page }) => {
    await page.goto('./');
    await page.getByRole('button', { name: 'Sample: An orange goldfish' }).click();
    await expect(answers(page)).toHaveCount(5);
    await expect(answers(page).first()).toHaveText(/goldfish\s*8\d\.\d%/);
    const crop = page.getByRole('img', { name: /^What the network saw: .* 227 by 227 pixels$/ });
    await expect(crop.first()).toBeVisible();
    for (const part of ['preprocessing', 'copying', 'computing', 'read-back']) {
      const time = page.locator('time-split').getByText(part, { exact: true }).locator('..');
      await expect(time).toHaveText(/\d\s?m?s\s*$/);
    }

    await drop(page, [samplePhoto('panda.webp', 'bear.webp')]);
    await expect(page.getByRole('img', { name: 'The photo in view: bear.webp' })).toBeVisible();
    await expect(answers(page).first()).toHaveText(/giant panda/);

    await page.getByRole('button', { name: 'Time each layer' }).click();
    await expect(page.getByText(/^time \((GPU|wall) clock\)$/)).toBeVisible();
    const stages = page.getByRole('list', { name: 'The network, stage by stage' });
    const first = stages.getByRole('button', { name: /^conv1 .*share of the time:\s*\d/ });
    await expect(first).toBeVisible();
    const fire = stages.getByRole('button', { name: /^fire2 / });
    await expect(fire).toHaveAccessibleDescription(/^A convolution squeezes to 16 channels; 2 convolutions \(1 × 1, 3 × 3\)/);

    // Each layer of a stage, as the page's weights are stored: halves, and biases in full.
    await first.click();
    const row = page.locator('stage-detail').getByRole('row', { name: /^conv1 convolution/ });
    await expect(row).toContainText(/0\.1% of all\s*3\.7 kB in 16 bits/);
    await expect(row).toContainText('3.3 MB in 32 bits'); // its values
    await expect(row).toContainText(/5\.7% of all\s*[\d.,]+\s?m?s\s*[\d.]+% of all\s*[\d.]+ GFLOP\/s/);
    await row.getByRole('link', { name: 'conv1: try other numbers in this formula' }).click();
    await expect(page.locator('output-size-step .formula')).toHaveText('(227 − 3 + 2 × 0) / 2 + 1 = 113');
    await page.getByRole('button', { name: 'Classify' }).click();
    await expect(row).toBeVisible();
    await expect(answers(page)).toHaveCount(5);
  });
});

test('what looks inside costs a classification nothing', async ({ page }) => {
  const fetched = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname.split('/').pop()));
  // What the page asks its worker, by Comlink's messages.
  await page.addInitScript(() => {
    globalThis.asked = [];
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function post(message, ...rest) {
      if (message?.path) globalThis.asked.push(message.path.join('.'));
      return postMessage.call(this, message, ...rest);
    };
  });
  await page.goto('./?lang=en&sample=goldfish');
  await expect(answers(page)).toHaveCount(5);
  await drop(page, [samplePhoto('panda.webp', 'bear.webp')]);
  await expect(answers(page).first()).toHaveText(/giant panda/);
  await page.waitForLoadState('networkidle');

  const later = /^(inside-view|why-view|paper-view|trust-badge|race-view)-|\.wgsl$/;
  expect(fetched.filter((name) => later.test(name))).toEqual([]);
  const asked = await page.evaluate(() => globalThis.asked);
  expect(asked.filter((call) => call === 'classify')).toHaveLength(2);
  const needed = ['classify', 'download', 'keep', 'load', 'lost', 'models', 'open', 'openStored', 'stop', 'stored'];
  expect(asked.filter((call) => !needed.includes(call))).toEqual([]); // no inspection among them

  // The same names do come once a person looks: the patterns above are theirs.
  const inside = page.waitForRequest(/\/inside-view-[^/]*\.js$/);
  await page.locator('network-spine ol button').first().click();
  await inside;
  await expect.poll(() => page.evaluate(() => globalThis.asked.includes('inspect'))).toBe(true);
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test('names a sample and a dropped photo, with the English names', async ({ page }) => {
    await page.goto('./');
    await page.getByRole('button', { name: '示例：一条长尾的橙色金鱼' }).click();
    await expect(answers(page)).toHaveCount(5);
    await expect(answers(page).first()).toHaveText(/金鱼\s*goldfish\s*8\d\.\d%/);

    await drop(page, [samplePhoto('panda.webp', '熊.webp')]);
    await expect(page.getByRole('img', { name: '当前照片：熊.webp' })).toBeVisible();
    await expect(answers(page).first()).toHaveText(/大熊猫\s*giant panda/);
  });
});
