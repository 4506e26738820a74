// From a photo to its name, on this browser's GPU, in both languages.
import { answers, drop, samplePhoto } from './support/classify.js';
import { expect, test } from './support/test.js';

test.describe('in English', () => {
  test.use({ locale: 'en-GB' });

  test('names a sample photo', async ({ page }) => {
    await page.goto('./');
    await page.getByRole('button', { name: 'Sample: An orange goldfish' }).click();
    await expect(answers(page)).toHaveCount(5);
    await expect(answers(page).first()).toHaveText(/goldfish\s*8\d\.\d%/);
    const crop = page.getByRole('img', { name: /^What the network saw: .* 227 by 227 pixels$/ });
    await expect(crop.first()).toBeVisible();
  });

  test('names a dropped photo', async ({ page }) => {
    await page.goto('./');
    await drop(page, [samplePhoto('panda.webp', 'bear.webp')]);
    await expect(answers(page).first()).toHaveText(/giant panda/);
    await expect(page.getByRole('img', { name: 'The photo in view: bear.webp' })).toBeVisible();
  });
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test('names a sample photo, the English name beside the Chinese', async ({ page }) => {
    await page.goto('./');
    await page.getByRole('button', { name: '示例：一条长尾的橙色金鱼' }).click();
    await expect(answers(page)).toHaveCount(5);
    await expect(answers(page).first()).toHaveText(/金鱼\s*goldfish\s*8\d\.\d%/);
  });

  test('names a dropped photo', async ({ page }) => {
    await page.goto('./');
    await drop(page, [samplePhoto('panda.webp')]);
    await expect(answers(page).first()).toHaveText(/大熊猫\s*giant panda/);
  });
});

test('says where the time went, and times each layer when asked', async ({ page }) => {
  await page.goto('./?sample=goldfish&lang=en');
  await expect(answers(page)).toHaveCount(5);
  for (const part of ['preprocessing', 'upload', 'GPU', 'read-back']) {
    const time = page.locator('time-split').getByText(part, { exact: true }).locator('..');
    await expect(time).toHaveText(/\d\s?m?s\s*$/);
  }
  await page.getByRole('button', { name: 'Time each layer' }).click();
  await expect(page.getByText(/^time \((GPU|wall) clock\)$/)).toBeVisible();
  const stages = page.getByRole('list', { name: 'The network, stage by stage' });
  await expect(stages.getByRole('button', { name: /^conv1 .*share of the time:\s*\d/ })).toBeVisible();
});

test('tells when a file is no picture, and goes on', async ({ page }) => {
  await page.goto('./?lang=en');
  await drop(page, [{ name: 'film.mp4', mimeType: '', buffer: Buffer.from('\0\0\0\x18ftypmp42') }]);
  await expect(page.getByText(/^film\.mp4 is a video \(MP4\)/)).toBeVisible();
  await drop(page, [samplePhoto('goldfish.webp')]);
  await expect(answers(page).first()).toHaveText(/goldfish/);
});
