// The steps of the paper that compute something: by the numbers, and tried by hand.
import { readFileSync } from 'node:fs';
import * as small from '../../www/paper/dropout-network.js';
import { decide, drawPhotos } from '../../www/paper/ensemble.js';
import { maxPool, moved, POOLS } from '../../www/paper/pooling.js';
import { normalise } from '../../www/paper/response-norm.js';
import { EN } from './support/classify.js';
import { openStep } from './support/paper.js';
import { expect, testOnOnePage as test } from './support/test.js';

const GOLDEN = JSON.parse(
  readFileSync(new URL('../golden/page_networks.json', import.meta.url), 'utf8'),
);

const slider = (page, name) => page.getByRole('slider', { name, exact: true });

function expectClose(values, expected, digits = 8) {
  expect(values).toHaveLength(expected.length);
  values.forEach((value, at) => expect(value).toBeCloseTo(expected[at], digits));
}

test('normalisation, pooling and dropout compute what PyTorch does', () => {
  const { normalisation, pooling, dropout } = GOLDEN;
  for (const { constants, results } of normalisation.cases) {
    const own = results.map((_, channel) => normalise(normalisation.values, channel, constants).result);
    expectClose(own, results);
  }
  for (const [name, pool] of Object.entries(POOLS)) {
    expect(maxPool(pooling.map, pool).map(({ value }) => value)).toEqual(pooling[name]);
  }
  expect(moved(pooling.map, 1, 0).slice(0, 9)).toEqual([0, ...pooling.map.slice(0, 8)]);
  expect(moved(pooling.map, 0, -1).slice(-9)).toEqual(Array(9).fill(0));
  const { network, dropped, mask, masked, scaled, mean } = dropout;
  expectClose(small.masked(network, mask), masked);
  expectClose(small.scaled(network, dropped), scaled);
  expectClose(small.meanOfAll(network, dropped), mean);
});

test('networks that average their scores err as often as the formula says', () => {
  const photos = drawPhotos(5);
  for (const { error, correlation, average } of GOLDEN.ensemble) {
    const decision = decide(photos, { error, correlation });
    // 20,000 photos: three standard deviations are 1 %.
    average.forEach((share, at) => expect(Math.abs(decision.average[at] - share)).toBeLessThan(0.011));
    expect(decision.vote[0]).toBe(decision.average[0]);
  }
  const alike = decide(photos, { error: 0.2, correlation: 1 });
  expect(new Set([...alike.average, ...alike.vote])).toEqual(new Set([alike.average[0]]));
});

test('a layer of the towers shows what it sees, with and without communication', async ({ page }) => {
  await openStep(page, 'towers');
  const seen = page.locator('button.lit');
  await page.getByRole('button', { name: /^conv3, GPU 1/ }).hover();
  await expect(page.locator('.sees')).toHaveText('conv3, GPU 1: 192 kernels of 3 × 3 × 256. It sees what both GPUs made.');
  await expect(seen).toHaveCount(5); // itself and both halves of conv1 and conv2
  const row = (name) => page.getByRole('row', { name: new RegExp(`^${name} `) });
  await expect(row('conv2')).toContainText('307,456');
  await expect(row('conv2')).toContainText('614,656');
  await expect(row('all')).toContainText('60,965,224');

  await page.getByRole('radio', { name: 'cut the communication' }).check();
  await expect(seen).toHaveCount(3);
  await expect(page.locator('.sees')).toContainText('3 × 3 × 128');
  await page.getByRole('radio', { name: 'cut the communication' }).press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'connect everything' })).toBeChecked();
  await page.getByRole('button', { name: /^fc8/ }).focus();
  await expect(seen).toHaveCount(15);
  await expect(row('all').locator('.saved')).toHaveCount(0);
});

test('a loud channel silences its neighbours, for each source in its own way', async ({ page }) => {
  await openStep(page, 'normalisation');
  const result = page.locator('.formula b');
  await expect(result).toHaveText('10.4'); // 90 / (2 + 0.0001 * 158,350) ^ 0.75
  for (const [source, value] of [['the original code', '26.3'], ['Caffe', '30.9'], ['torchvision: none', '90']]) {
    await page.getByRole('button', { name: source }).click();
    await expect(result).toHaveText(value);
    await expect(page.getByRole('row', { name: new RegExp(`^${source}`) })).toContainText(value);
  }
  await page.getByRole('button', { name: 'the paper', exact: true }).click();

  await test.step('the loud channel is dragged down, and its neighbour comes back', async () => {
    const drawing = page.getByRole('img', { name: EN['paper.normalisation.drawing'] });
    const { x, y, width, height } = await drawing.boundingBox();
    await page.mouse.move(x + (6.5 / 16) * width, y + height * 0.2);
    await page.mouse.down();
    await page.mouse.move(x + (6.5 / 16) * width, y + height - 1, { steps: 5 });
    await page.mouse.up();
    await expect(slider(page, EN['paper.normalisation.channel'])).toHaveValue('7');
    expect(Number(await slider(page, EN['paper.normalisation.value']).inputValue())).toBeLessThan(10);
    await slider(page, EN['paper.normalisation.channel']).press('ArrowRight');
    expect(Number(await result.textContent())).toBeGreaterThan(30);
  });

  await slider(page, 'β').fill('0');
  await expect(result).toHaveText('90');
});

test('a picture moves by a pixel, and fewer outputs change where windows overlap', async ({ page }) => {
  await openStep(page, 'pooling');
  await page.getByRole('button', { name: 'By one pixel to the right' }).click();
  await expect(page.getByText('6 of 16 changed', { exact: true })).toBeVisible();
  await expect(page.getByText('9 of 16 changed', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: EN['paper.pooling.seven'] }).click();

  await test.step('a number is written, and wins wherever it is seen', async () => {
    const cell = page.getByRole('textbox', { name: 'row 1, column 1', exact: true });
    await cell.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    await page.keyboard.press('x');
    const written = page.getByRole('textbox', { name: 'row 3, column 3', exact: true });
    await expect(written).toHaveValue('5');
    await page.keyboard.press('9');
    await expect(written).toHaveValue('9');
    const won = page.getByRole('button', { name: /^9: the largest .*from row 3, column 3$/ });
    await expect(won).toHaveCount(4); // three overlapping windows and a plain one
    await won.last().hover();
    await expect(written).toHaveClass('wins');
  });
});

test('masks are drawn, units crossed out, and the mean settles', async ({ page }) => {
  await openStep(page, 'dropout');
  const units = page.getByRole('button', { name: /^hidden layer/ });
  const pressed = () => units.evaluateAll((all) => all.filter((unit) => unit.ariaPressed === 'true').length);
  await expect(page.getByText('10 masks drawn')).toBeVisible();
  await page.getByRole('button', { name: EN['paper.dropout.another'] }).click();
  await page.getByRole('button', { name: EN['paper.dropout.hundred'] }).click();
  await expect(page.getByText('111 masks drawn')).toBeVisible();

  const before = await pressed();
  const first = units.first();
  const was = await first.getAttribute('aria-pressed');
  await first.press('Space');
  expect(await pressed()).toBe(before + (was === 'true' ? -1 : 1));
  await first.press('ArrowRight');
  await expect(page.getByRole('button', { name: 'hidden layer 2, unit 1' })).toBeFocused();

  await page.getByRole('button', { name: 'Play' }).click();
  await expect.poll(async () => Number((await page.getByText(/masks drawn/).textContent()).match(/^[\d,]+/)[0].replace(',', ''))).toBeGreaterThan(111);
  await page.getByRole('button', { name: 'Pause' }).click();

  await slider(page, EN['paper.dropout.probability']).fill('0');
  expect(await pressed()).toBe(0);
  // Nothing is left out: every mask, the mean and the scaled network are the same.
  await expect(page.getByText('0.0% from the scaled network')).toBeVisible();
});

test('networks that differ err less together', async ({ page }) => {
  await openStep(page, 'ensemble');
  await expect(page.getByRole('row', { name: '7 networks 15.4% 15.3%' })).toBeVisible();
  const outcome = page.locator('.facts').getByRole('status');
  const together = async () => Number((await outcome.textContent()).match(/together err in ([\d.]+)%/)[1]);
  const alike = await together();
  expect(alike).toBeGreaterThan(14);
  await slider(page, EN['paper.ensemble.correlation']).fill('0');
  await expect.poll(together).toBeLessThan(alike / 4);
  await slider(page, EN['paper.ensemble.networks']).fill('1');
  await expect(outcome).toContainText('nothing to average');
  await expect(page.getByRole('row', { name: /\/ 80$/ })).toHaveCount(2); // the one and all together
});
