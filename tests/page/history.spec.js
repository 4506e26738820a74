// Back and Forward lead through what was opened; what was thrown away comes back.
import { answers, choose, EN, notices, samplePhoto } from './support/classify.js';
import { epochOf, lane, losses, openSmall, pauseButton, playButton, stepsOf } from './support/race.js';
import { expect, test } from './support/test.js';

const view = (page, name) => page.getByRole('button', { name: EN[`app.view.${name}`], exact: true });
const query = (page) => Object.fromEntries(new URL(page.url()).searchParams);
const undo = (page) => notices(page).getByRole('button', { name: EN['notice.undo'] });

test('Back and Forward lead through views, steps, stages and units, with the photo and the language kept', async ({
  page,
}) => {
  await page.goto('about:blank');
  await page.goto('./?lang=en');
  await choose(page, [samplePhoto('panda.webp')]);
  await expect(answers(page).first()).toHaveText(/giant panda/);
  await view(page, 'paper').click();
  await expect(page.locator('activation-step')).toBeVisible();
  await page.getByRole('button', { name: EN['paper.pooling.short'] }).first().click();
  await expect(page.locator('pooling-step')).toBeVisible();
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('button', { name: 'EN: English' }).click();
  await view(page, 'classify').click();
  await page.locator('network-spine li button').first().click();
  await expect(page.locator('stage-detail')).toBeVisible();
  await expect.poll(() => query(page)).toEqual({ lang: 'en', stage: 'conv1' });
  const map = page.locator('map-mosaic');
  await expect(map).toBeVisible();
  await map.evaluate((element) => element.dispatchEvent(new CustomEvent('choose', { detail: 3 })));
  await expect(page.locator('large-map')).toBeVisible();
  expect(query(page)).toMatchObject({ stage: 'conv1', unit: '3' });
  await view(page, 'train').click();
  await expect(page.locator('race-view')).toBeVisible();

  await page.goBack();
  await expect(page.locator('large-map')).toBeVisible();
  expect(query(page)).toMatchObject({ lang: 'en', stage: 'conv1', unit: '3' });
  await page.goBack();
  await expect(page.locator('large-map')).toHaveCount(0);
  await expect(page.locator('stage-detail')).toBeVisible();
  await page.goBack();
  await expect(page.locator('stage-detail')).toHaveCount(0);
  await page.goBack();
  await expect(page.locator('pooling-step')).toBeVisible();
  expect(query(page)).toEqual({ lang: 'en', view: 'paper', step: 'pooling' });
  await page.goBack();
  await expect(page.locator('activation-step')).toBeVisible();
  await page.goBack();
  await expect(answers(page).first()).toHaveText(/giant panda/); // the photo is a file: nothing was loaded again
  expect(query(page)).toEqual({ lang: 'en' });
  for (let times = 0; times < 5; times += 1) await page.goForward();
  await expect(page.locator('large-map')).toBeVisible();
  await page.goForward();
  await expect(page.locator('race-view')).toBeVisible();
  for (let times = 0; times < 7; times += 1) await page.goBack();
  expect(page.url()).toBe('about:blank'); // where the visitor came from
});

test('an address that changes too often waits, and ends where it should', async ({ page }) => {
  await page.addInitScript(() => {
    globalThis.writes = [];
    const replace = history.replaceState.bind(history);
    history.replaceState = (...rest) => {
      writes.push(performance.now());
      // As Safari does.
      if (writes.filter((time) => time > performance.now() - 30_000).length > 100) throw new DOMException('too often', 'SecurityError');
      replace(...rest);
    };
  });
  await page.goto('./?lang=en&view=train');
  const slider = page.locator('rate-field input[type=range]').first();
  await expect(slider).toBeVisible();
  await slider.evaluate(async (input) => {
    for (let at = 0; at < 300; at += 1) {
      input.value = String(-4 + (at % 30) / 10);
      input.dispatchEvent(new Event('input'));
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    input.value = '-3';
    input.dispatchEvent(new Event('input'));
  });
  await expect.poll(() => query(page).relu).toBe('0.001');
  await expect(notices(page)).toHaveCount(0);
  expect(await page.evaluate(() => writes.length)).toBeLessThan(50);
});

test('photos that were removed come back, in both languages', async ({ page }) => {
  await page.goto('./?lang=en');
  await choose(page, ['panda.webp', 'coffee.png'].map((file) => samplePhoto(file)));
  await expect(page.getByRole('heading', { name: '2 of 2 photos named' })).toBeVisible();
  await page.getByRole('button', { name: EN['gallery.clear'] }).click();
  await expect(page.getByRole('heading', { name: EN['stage.title'] })).toBeVisible();
  await expect(notices(page)).toContainText('2 photos were removed.');
  await page.getByRole('button', { name: '中文' }).click();
  await expect(notices(page)).toContainText('已移除 2 张照片。');
  await page.getByRole('button', { name: 'EN: English' }).click();
  await undo(page).click();
  await expect(page.getByRole('heading', { name: '2 of 2 photos named' })).toBeVisible();
  const shown = () => page.locator('photo-gallery img').evaluateAll((all) => all.map((one) => one.complete && one.naturalWidth > 0));
  await expect.poll(shown).toEqual([true, true]);
  await expect(notices(page)).toHaveCount(0);
});

test('a race that was reset, and a kept one that was discarded, come back', async ({ page }, testInfo) => {
  test.setTimeout(480_000);
  await openSmall(page, testInfo, 'epochs=100000');
  await playButton(page).click();
  await expect.poll(() => epochOf(page), { timeout: 360_000 }).toBeGreaterThan(3);
  await pauseButton(page).click();
  await expect(lane(page, 'ReLU')).toContainText(EN['race.lane.kept']);
  const before = await stepsOf(page);
  await page.getByRole('button', { name: EN['race.reset'] }).click();
  await expect(page.getByRole('button', { name: EN['race.reset'] })).toBeDisabled();
  await undo(page).click();
  await expect(page.getByRole('button', { name: EN['race.reset'] })).toBeEnabled();
  expect(await stepsOf(page)).toEqual(before);
  await playButton(page).click();
  await expect.poll(() => epochOf(page)).toBeGreaterThan(before.length / 2 + 2);
  await pauseButton(page).click();
  await expect(lane(page, 'ReLU')).toContainText(EN['race.lane.kept']);
  expect(losses(await stepsOf(page)).slice(0, before.length)).toEqual(losses(before));

  await page.reload();
  const offer = page.getByRole('region', { name: EN['race.kept.label'] });
  await offer.getByRole('button', { name: EN['race.kept.forget'] }).click();
  await expect(offer).toHaveCount(0);
  await undo(page).click();
  await expect(offer).toBeVisible();
  await page.reload();
  await expect(offer).toBeVisible(); // it was kept again
});

test('“Train with it” in the recipe leaves photos and a race as they are', async ({ page }) => {
  await page.goto('./?lang=en');
  await choose(page, [samplePhoto('panda.webp')]);
  await view(page, 'paper').click();
  await page.getByRole('button', { name: EN['paper.recipe.short'] }).first().click();
  const train = page.getByRole('link', { name: EN['paper.recipe.race'] });
  await train.click();
  await expect(page.locator('race-view')).toBeVisible();
  await expect(page.getByLabel('first weights')).toHaveValue('paper');
  expect(query(page)).toMatchObject({ view: 'train', network: 'alexnet-small', dropout: '0.5', schedule: 'steps' });
  await page.getByLabel('first weights').selectOption('he');
  await page.goBack();
  await expect(page.locator('recipe-step')).toBeVisible();
  await train.click(); // now there is a race
  await expect(page.getByLabel('first weights')).toHaveValue('paper');
  await view(page, 'classify').click();
  await expect(answers(page).first()).toHaveText(/giant panda/);
});
