// A race that goes on: after a reload, from a checkpoint file, after a lost GPU,
// in a tab that nobody looks at.
import { spawn } from 'node:child_process';
import { chromium } from '@playwright/test';
import config from '../../playwright.config.js';
import { drop, EN, notices } from './support/classify.js';
import {
  chooseFolder,
  epochOf,
  lane,
  losses,
  openSmall,
  pauseButton,
  playButton,
  saved,
  stepsOf,
} from './support/race.js';
import { expect, loseGpu, test, testInOwnBrowser } from './support/test.js';

testInOwnBrowser('a race goes on after a reload, and after a lost GPU', async ({ page }, testInfo) => {
  test.setTimeout(840_000);
  await openSmall(page, testInfo, 'engine=gpu');
  await playButton(page).click();
  await expect.poll(() => epochOf(page), { timeout: 360_000 }).toBeGreaterThan(2);
  await pauseButton(page).click();
  await expect(lane(page, 'ReLU')).toContainText(EN['race.lane.kept'], { timeout: 120_000 });
  const before = await stepsOf(page);

  await page.reload();
  const offer = page.getByRole('region', { name: EN['race.kept.label'] });
  await expect(offer).toContainText(/ReLU after \d+ epochs/);
  await offer.getByRole('button', { name: EN['race.kept.resume'] }).click();
  // The pictures are the visitor's: only they can give them again.
  const asking = notices(page).filter({ hasText: 'Drop a folder of pictures' });
  await expect(asking).toBeVisible();
  await chooseFolder(page, testInfo.outputPath('pictures'));
  await playButton(page).click();
  const epochs = before.length / 2;
  await expect.poll(() => epochOf(page), { timeout: 240_000 }).toBeGreaterThan(epochs + 1);

  await test.step('in mid-run the GPU is lost: a line on hold stays so', async () => {
    await page.getByRole('button', { name: 'Add tanh to the race' }).click();
    await expect(lane(page, 'tanh')).toContainText('pictures/s', { timeout: 240_000 });
    await page.getByRole('button', { name: 'Hold tanh' }).click();
    await expect(lane(page, 'tanh')).toContainText(EN['race.lane.held']);
    await loseGpu(page);
    await expect(notices(page).filter({ hasText: 'The GPU is back' })).toBeVisible();
    // ReLU goes on by itself, tanh when it is let.
    const now = await epochOf(page);
    await expect.poll(() => epochOf(page), { timeout: 240_000 }).toBeGreaterThan(now + 1);
    await expect(lane(page, 'tanh')).toContainText(EN['race.lane.held']);
    await page.getByRole('button', { name: 'Let tanh go on' }).click();
    await expect(lane(page, 'tanh')).toContainText('pictures/s', { timeout: 240_000 });
    await page.getByRole('button', { name: 'Take tanh out of the race' }).click();
    await expect(page).toHaveURL(/lines=relu(&|$)/);
  });

  await pauseButton(page).click();
  await expect(lane(page, 'ReLU')).toContainText(EN['race.lane.kept'], { timeout: 120_000 });
  const after = await stepsOf(page);
  expect(after.length).toBeGreaterThan(before.length + 2);
  expect(losses(after).slice(0, before.length)).toEqual(losses(before));
  expect(after.map(({ step }) => Number(step))).toEqual(after.map((_, index) => index));

  await test.step('an uninterrupted run gives the same curve', async () => {
    // Both at once: the race begins as soon as its lines are put back.
    const reset = page.getByRole('button', { name: EN['race.reset'] });
    const buttons = await Promise.all([reset, playButton(page)].map((button) => button.elementHandle()));
    await page.evaluate((both) => both.forEach((button) => button.click()), buttons);
    await expect.poll(() => epochOf(page), { timeout: 360_000 }).toBeGreaterThan(after.length / 2);
    await pauseButton(page).click();
    await expect(lane(page, 'ReLU')).toContainText(EN['race.lane.kept'], { timeout: 120_000 });
    const whole = await stepsOf(page);
    expect(losses(whole).slice(0, after.length)).toEqual(losses(after));
    // The pause may have come before the last of them.
    const validations = (steps) => steps.slice(0, after.length - 1).map(({ validation_loss: loss }) => loss);
    expect(validations(whole)).toEqual(validations(after));
  });
});

test('a checkpoint that was saved goes on where it is dropped', async ({ page }) => {
  test.setTimeout(600_000);
  const epochs = async () =>
    (await page.locator('.epoch strong').isVisible()) ? epochOf(page) : 0;
  const step = async () => {
    const before = await epochs();
    await page.getByRole('button', { name: EN['race.step'] }).click();
    await expect.poll(epochs, { timeout: 240_000 }).toBeGreaterThan(before);
  };
  await page.goto('./?view=train&lang=en&lines=tanh&batch=40&tanh=0.02&seed=7');
  await expect(playButton(page)).toBeEnabled();
  await step();
  await step();
  const checkpoint = await saved(page, page.getByRole('button', { name: /^Save a checkpoint of tanh/ }));
  expect(checkpoint.name).toMatch(/tanh\.safetensors$/);
  await step();
  await step();
  const whole = await stepsOf(page);
  expect(whole).toHaveLength(4);

  // Elsewhere, where all is set otherwise.
  await page.evaluate(() => indexedDB.deleteDatabase('alexnet-live-race'));
  await page.goto('./?view=train&lang=en');
  await expect(playButton(page)).toBeEnabled();
  await drop(page, [{ name: 'mine.safetensors', mimeType: '', buffer: checkpoint.bytes }]);
  await expect(page).toHaveURL(/batch=40&tanh=0\.02&seed=7/); // and nothing of 0.019999
  await expect(page.locator('.epoch strong')).toHaveText('0.02');
  await step();
  await step();
  const rows = (await stepsOf(page)).filter(({ activation }) => activation === 'tanh');
  expect(rows.map(({ step }) => Number(step))).toEqual([2, 3]);
  expect(losses(rows)).toEqual(losses(whole.slice(2)));

  await drop(page, [{ name: 'mine.safetensors', mimeType: '', buffer: checkpoint.bytes.subarray(0, 2000) }]);
  await expect(notices(page).last()).toContainText('mine.safetensors');
});

test('a race goes on in a hidden tab', async ({ site }, testInfo) => {
  test.setTimeout(600_000);
  // Playwright tells every page of its own browsers that it is in view. One that
  // runs already, with the throttling of hidden tabs, is left as it is.
  const { executablePath, args } = config.use.launchOptions;
  const child = spawn(executablePath ?? chromium.executablePath(), [
    ...args,
    '--headless',
    '--no-sandbox',
    '--remote-debugging-port=0',
    `--user-data-dir=${testInfo.outputPath('profile')}`,
  ]);
  const address = new Promise((resolve) => {
    child.stderr.on('data', (text) => {
      const said = /listening on (ws:\S+)/.exec(text);
      if (said) resolve(said[1]);
    });
  });
  try {
    const browser = await chromium.connectOverCDP(await address, { noDefaults: true });
    const [context] = browser.contexts();
    const [page] = context.pages();
    await page.goto(`${site}?view=train&lang=en&lines=relu&batch=8`);
    await playButton(page).click();
    await expect(lane(page, 'ReLU')).toContainText('pictures/s', { timeout: 360_000 });
    await (await context.newPage()).bringToFront();
    await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden');
    const before = await epochOf(page);
    // Fifty steps.
    await expect.poll(() => epochOf(page), { timeout: 240_000 }).toBeGreaterThan(before + 0.1);
    expect(await page.evaluate(() => document.visibilityState)).toBe('hidden');
    await browser.close();
  } finally {
    child.kill();
  }
});
