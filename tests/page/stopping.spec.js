// Stopping one thing leaves all else: every call has a signal of its own.
import { answers, drop, EN, notices } from './support/classify.js';
import { cifarArchive, openSmall, playButton, lane, serveCifar, epochOf } from './support/race.js';
import { expect, test } from './support/test.js';

const view = (page, name) => page.getByRole('button', { name: EN[`app.view.${name}`], exact: true }).click();

test('the default network comes as the view changes, and what is fetched for the race goes on', async ({ page }) => {
  let release;
  const host = await serveCifar(page, () => {}, new Promise((resolve) => (release = resolve)));
  await page.goto('./?lang=en&view=train&data=cifar-10&images=25');
  await page.getByRole('button', { name: EN['race.data.fetch'] }).click();
  await expect(page.getByText(/^Reading the pictures/)).toBeVisible();
  await view(page, 'classify');
  await expect(page.getByRole('heading', { name: /^SqueezeNet 1\.1/ })).toBeVisible();
  await expect(page.locator('task-progress progress')).toHaveCount(0);
  await view(page, 'train');
  release();
  await expect(page.getByText('25 to train with, 5 to validate, 10 classes')).toBeVisible();
  await host.close();
});

test('a race goes on as the default network is loaded', async ({ page }, testInfo) => {
  test.setTimeout(480_000);
  await openSmall(page, testInfo, 'epochs=100000');
  await playButton(page).click();
  await view(page, 'classify'); // while its kernels are compiled
  await expect(page.getByRole('heading', { name: /^SqueezeNet 1\.1/ })).toBeVisible();
  await view(page, 'train');
  await expect.poll(() => epochOf(page), { timeout: 360_000 }).toBeGreaterThan(1);
  await expect(notices(page)).toHaveCount(0);
});

test('Reset in the race leaves the network that is coming, and the dataset that is read', async ({ page }, testInfo) => {
  test.setTimeout(480_000);
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route('https://raw.githubusercontent.com/**', async (route) => {
    await released;
    await route.fulfill({ status: 404, headers: { 'Access-Control-Allow-Origin': '*' } });
  });
  const host = await serveCifar(page, () => {}, released);
  await openSmall(page, testInfo, 'images=25');
  await page.getByRole('button', { name: EN['race.step'] }).click();
  const reset = page.getByRole('button', { name: EN['race.reset'] });
  await expect(reset).toBeEnabled({ timeout: 240_000 });
  await view(page, 'classify');
  await page.getByRole('button', { name: EN['spine.change'] }).click();
  await page.getByRole('button', { name: 'Download 0.7 MB' }).click();
  await expect(page.locator('task-progress').first()).toContainText('compressed_SqueezeNet.net');

  await view(page, 'train');
  await page.getByLabel('dataset').selectOption('cifar-10');
  await page.getByRole('button', { name: EN['race.data.fetch'] }).click();
  await expect(page.getByText(/^Reading the pictures/)).toBeVisible();
  await reset.click();
  await expect(reset).toBeDisabled();
  await expect(page.getByText(/^Reading the pictures/)).toBeVisible();
  await view(page, 'classify');
  await expect(page.locator('task-progress').first()).toContainText('compressed_SqueezeNet.net');
  // It was under way all the time: its end comes as the host answers.
  release();
  await expect(notices(page).filter({ hasText: '404' })).toHaveCount(1);
  await view(page, 'train');
  await expect(page.getByText('25 to train with, 5 to validate, 10 classes')).toBeVisible();
  await host.close();
});

test('Stop of the reading ends the reading, though something else began after it', async ({ page }) => {
  test.setTimeout(480_000);
  const host = await serveCifar(page, () => {}, new Promise(() => {}));
  await page.goto('./?lang=en&sample=panda');
  await expect(answers(page).first()).toHaveText(/giant panda/);
  await view(page, 'train');
  await drop(page, [await cifarArchive(30)]);
  const before = page.getByText('30 to train with, 30 to validate, 10 classes');
  await expect(before).toBeVisible();
  await page.getByLabel('dataset').selectOption('cifar-10');
  await page.getByRole('button', { name: EN['race.data.fetch'] }).click();
  await expect(page.getByText(/^Reading the pictures/)).toBeVisible();
  await view(page, 'classify');
  await page.locator('network-spine li button').first().click(); // compiles what looks inside
  await expect(page.locator('inside-view').getByText(EN['inside.page.maps'], { exact: true })).toBeVisible();
  await view(page, 'train');
  await page.getByRole('button', { name: EN['task.stop'] }).click();
  await expect(page.getByText(/^Reading the pictures/)).toHaveCount(0);
  await expect(before).toBeVisible();
  await expect(lane(page, 'ReLU')).toBeVisible();
  await host.close();
});
