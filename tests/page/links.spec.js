// The state in the address: a link opens the same picture, network and language.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { answers, notices } from './support/classify.js';
import { expect, test } from './support/test.js';

const query = (page) => Object.fromEntries(new URL(page.url()).searchParams);

test('a link opens the same sample in the same language', async ({ page }) => {
  await page.goto('./');
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('button', { name: '示例：木桌上红色杯子里的浓缩咖啡' }).click();
  await expect.poll(() => query(page)).toEqual({ lang: 'zh', sample: 'coffee' });

  const link = page.url();
  await page.getByRole('button', { name: 'EN' }).click(); // remembered, but the link goes first
  await page.goto(link);
  await expect(page.getByRole('img', { name: /^当前照片：木桌上/ })).toBeVisible();
  await expect(answers(page).first()).toHaveText(/浓缩咖啡\s*espresso/);
});

test('a link asks before it downloads a network, then reopens it without', async ({ page }) => {
  const file = new URL(
    '../../../shared/data/squeezenet-deep-compression/compressed_SqueezeNet.net',
    import.meta.url,
  );
  let body;
  try {
    body = readFileSync(fileURLToPath(file));
  } catch {
    test.skip(true, `${fileURLToPath(file)} is missing: it is not part of the repository`);
  }
  let downloads = 0;
  await page.route('https://raw.githubusercontent.com/**/compressed_SqueezeNet.net', (route) => {
    downloads += 1;
    return route.fulfill({ body, headers: { 'Access-Control-Allow-Origin': '*' } });
  });

  await page.goto('./?lang=en&sample=panda&model=squeezenet-1.0');
  await expect(answers(page).first()).toHaveText(/giant panda/); // of the default network
  expect(downloads).toBe(0);
  const title = page.getByRole('heading', { name: /^SqueezeNet 1\.0/ });
  await notices(page).getByRole('button', { name: 'Download 0.7 MB' }).click();
  await expect(title).toBeVisible();
  await expect(answers(page).first()).toHaveText(/giant panda/);
  await expect.poll(() => query(page)).toEqual({ lang: 'en', sample: 'panda', model: 'squeezenet-1.0' });

  await page.reload();
  await expect(title).toBeVisible();
  await expect(answers(page).first()).toHaveText(/giant panda/);
  expect(downloads).toBe(1);
});

test('a link to a network that there is not tells which there are', async ({ page }) => {
  await page.goto('./?lang=en&model=lenet');
  await expect(notices(page)).toHaveText(/no network named lenet\..*There are: .*alexnet/s);
});
