// Why this answer: each way to ask.
import { expectAccessible } from './support/accessible.js';
import { answers, drop, EN, samplePhoto, ZH } from './support/classify.js';
import { expect, testOnOnePage as test } from './support/test.js';

test.setTimeout(400_000);
const SLOW = { timeout: 200_000 };

const WAYS = ['grad-cam', 'gradient', 'guided', 'occlusion', 'picture', 'neighbours'];

const view = (page) => page.getByRole('region', { name: EN['why.title'] });
const result = (page) => view(page).locator('.result:not([hidden])');
const picture = (page) => view(page).locator('canvas');

/** Asks about a photo in one of the ways. */
async function ask(page, file, way) {
  await drop(page, [samplePhoto(file)]);
  await expect(answers(page)).toHaveCount(5, SLOW);
  const button = page.getByRole('button', { name: EN['answer.why'], exact: true });
  if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
  await choose(page, way);
}

const choose = (page, way) =>
  view(page).getByRole('button', { name: EN[`why.${way}.short`], exact: true }).click();

const numberIn = (text) => Number(text.replace('−', '-').replaceAll(',', ''));

const bytes = (page) => picture(page).evaluate((canvas) => canvas.toDataURL());

test('Grad-CAM finds the fish, on any convolution', async ({ page }) => {
  await ask(page, 'goldfish.webp', 'grad-cam');
  await expect(result(page)).toContainText('Strongest', SLOW);
  const place = (text) => text.match(/row (\d+), column (\d+) of (\S+), which has (\d+) × (\d+) places/).slice(1);
  const [row, column, layer, rows, columns] = place(await result(page).textContent());
  expect(layer).toBe('conv10');
  // The fish lies from the upper left to the lower right; beside it there is nothing.
  expect(Math.abs(row / rows - column / columns)).toBeLessThan(0.3);
  await expect(picture(page)).toHaveAccessibleName(/Grad-CAM\. Strongest at the/);

  const before = await bytes(page);
  await view(page).getByRole('combobox', { name: EN['why.layer'] }).selectOption('conv1');
  await expect(result(page)).toContainText('of conv1, which has 113 × 113', SLOW);
  expect(await bytes(page)).not.toBe(before);
  // Another of the five answers has another map.
  const first = await bytes(page);
  await view(page).getByRole('group', { name: EN['why.classes'] }).getByRole('button').nth(2).click();
  await expect.poll(() => bytes(page), SLOW).not.toBe(first);
});

test('the guided gradient is not the plain one, and the map fades', async ({ page }) => {
  await ask(page, 'panda.webp', 'gradient');
  await expect(result(page)).toContainText('the score changes by', SLOW);
  const plain = await bytes(page);
  await choose(page, 'guided');
  await expect(picture(page)).toHaveAccessibleName(/Guided gradient\. Strongest/, SLOW);
  const guided = await bytes(page);
  expect(guided).not.toBe(plain);
  await view(page).getByRole('slider', { name: EN['why.opacity'] }).fill('0');
  const none = await bytes(page);
  expect(none).not.toBe(guided);
  await choose(page, 'gradient');
  await expect(picture(page)).toHaveAccessibleName(/: Gradient\. Strongest/, SLOW);
  expect(await bytes(page)).toBe(none); // the photo alone
  await view(page).getByRole('slider', { name: EN['why.opacity'] }).fill('0.65');
});

test('a patch slides over the photo, is stopped, and comes to an end', async ({ page }) => {
  await ask(page, 'goldfish.webp', 'occlusion');
  const start = view(page).getByRole('button', { name: /^Slide the patch/ });
  await view(page).getByRole('slider', { name: EN['why.occlusion.stride'] }).fill('8');
  await start.click();
  await expect(view(page).getByText(/^Computing: [1-9]/)).toBeVisible(SLOW);
  await view(page).getByRole('button', { name: EN['task.stop'] }).click();
  await expect(result(page)).toContainText(/Stopped after \d+ of 841 places/);

  await view(page).getByRole('slider', { name: EN['why.occlusion.stride'] }).fill('57');
  await start.click();
  await expect(result(page)).toContainText(/^“goldfish[^”]*” has [\d.]+% without a patch, and only/, SLOW);
  await expect(result(page)).toContainText('of the 4 × 4 places');
  // All five answers are of the same run.
  await view(page).getByRole('group', { name: EN['why.classes'] }).getByRole('button').nth(1).click();
  await expect(result(page)).toContainText('without a patch');
});

test('a unit is excited step by step, and can be stopped', async ({ page }) => {
  await ask(page, 'goldfish.webp', 'picture');
  const start = view(page).getByRole('button', { name: /^Excite/ });
  await view(page).getByRole('slider', { name: EN['why.picture.steps'] }).fill('20');
  const grey = await bytes(page);
  await start.click();
  await expect(result(page)).toContainText('In 20 steps', SLOW);
  const [, first, last] = (await result(page).textContent()).match(/from (\S+) to (\S+)\.$/);
  expect(numberIn(last)).toBeGreaterThan(numberIn(first) + 1);
  expect(await bytes(page)).not.toBe(grey);

  await view(page).getByRole('combobox', { name: EN['why.layer'] }).selectOption('conv1');
  await expect(view(page).getByRole('spinbutton', { name: 'Unit, 0 to 63' })).toHaveValue('0');
  await view(page).getByRole('spinbutton').fill('7');
  await view(page).getByRole('slider', { name: EN['why.picture.steps'] }).fill('300');
  await start.click();
  await expect(view(page).getByText(/step [1-9]\d* of 300/)).toBeVisible(SLOW);
  await view(page).getByRole('button', { name: EN['task.stop'] }).click();
  await expect(start).toBeVisible();
  await expect(picture(page)).toHaveAccessibleName(/excites unit 7 of conv1/);
});

test('another photo ends what is asked about the one before', async ({ page }) => {
  await ask(page, 'goldfish.webp', 'occlusion');
  await view(page).getByRole('slider', { name: EN['why.occlusion.stride'] }).fill('8');
  await view(page).getByRole('button', { name: /^Slide the patch over 841/ }).click();
  await expect(view(page).getByText(/^Computing: [1-9]/)).toBeVisible(SLOW);
  await page.getByRole('button', { name: /^Sample: A giant panda/ }).click();
  await expect(answers(page).first()).toHaveText(/giant panda/, SLOW); // not after 841 places
  await expect(view(page).getByRole('heading', { level: 3 })).toContainText('giant panda');
  await expect(view(page).getByRole('button', { name: /^Slide the patch over 841/ })).toBeEnabled();
});

test('neighbours by features beside those by pixels', async ({ page }) => {
  await ask(page, 'chelsea.png', 'neighbours');
  await expect(view(page).getByText('It takes at least 3 photos')).toBeVisible();
  await view(page).getByRole('button', { name: 'Add the 7 sample photos' }).click();
  await view(page).getByRole('button', { name: 'Compare 8 photos' }).click(SLOW);
  const lists = view(page).getByRole('list').filter({ has: page.locator('.number') });
  await expect(lists).toHaveCount(2, SLOW);
  for (const list of await lists.all()) {
    const items = list.getByRole('listitem');
    await expect(items).toHaveCount(7);
    // The photo once more, as a sample, is at no distance.
    await expect(items.first()).toContainText(/ginger tabby cat\s*0/);
  }
  await expect(result(page)).toContainText('Nearest both ways');
});

test('by keyboard, in both languages, on a telephone, in the dark', async ({ page }) => {
  await ask(page, 'goldfish.webp', 'grad-cam');
  await view(page).getByRole('button', { name: EN['dialog.close'], exact: true }).click();
  await expect(view(page)).toHaveCount(0);
  const open = page.getByRole('button', { name: EN['answer.why'], exact: true });
  await expect(open).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(open).toHaveAttribute('aria-expanded', 'true');
  const way = view(page).getByRole('button', { name: EN['why.occlusion.short'], exact: true });
  for (let presses = 0; presses < 60; presses += 1) {
    if (await way.evaluate((element) => element.matches(':focus'))) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(view(page).getByRole('heading', { level: 3 })).toContainText('cannot do without');
  expect(new URL(page.url()).searchParams.get('why')).toBe('occlusion');

  await page.setViewportSize({ width: 360, height: 740 });
  for (const [language, messages, colorScheme] of [['中文', ZH, 'dark'], ['EN', EN, 'light']]) {
    await page.locator('.languages button', { hasText: language }).evaluate((button) => button.click());
    await page.emulateMedia({ colorScheme });
    const region = page.getByRole('region', { name: messages['why.title'] });
    for (const each of WAYS) {
      await region.getByRole('button', { name: messages[`why.${each}.short`], exact: true }).click();
      await expect(region.getByRole('heading', { level: 3 })).toBeVisible();
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(beyond, `${each}, ${language}`).toBeLessThanOrEqual(0);
      await expectAccessible(page, `${each}, ${language}`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 720 });
});

test('a link opens what is asked', async ({ page, site }) => {
  await page.goto(`${site}?lang=en&sample=panda&why=grad-cam`);
  await expect(result(page)).toContainText('Strongest', SLOW);
});
