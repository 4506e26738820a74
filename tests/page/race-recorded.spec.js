// The race that was recorded: its file, and how the page draws and tells it.
import { readFileSync } from 'node:fs';
import { EN, drop, notices } from './support/classify.js';
import { epochOf, openSmall, pauseButton, playButton, saved } from './support/race.js';
import { expect, test } from './support/test.js';

const { races } = JSON.parse(readFileSync(new URL('../../www/race/recorded.json', import.meta.url)));

const NAMES = { today: 'recorded: CIFAR-10, today’s weights', paper: 'recorded: CIFAR-10, weights of the time' };

const checkbox = (page, { name }) => page.getByRole('checkbox', { name: NAMES[name] });
const chart = (page) => page.getByRole('slider', { name: /^Chart of the race/ });

/** What the page says of a line. */
function told({ activation, crossed, epochs }) {
  const name = activation === 'relu' ? 'ReLU' : activation;
  const end = crossed ? `was at 25% error after ${crossed}` : `was not at 25% error after ${epochs.length}`;
  return `${name} ${end} epoch`;
}

for (const { name, until, lines } of races) {
  for (const { activation, crossed, times, epochs } of lines) {
    test(`what the file says of ${activation} from ${name}'s weights follows from its epochs`, () => {
      const first = epochs.findIndex(({ training }) => training.error <= until);
      expect(crossed).toBe(first < 0 ? null : first + 1);
      const relu = lines.find((line) => line.activation === 'relu').crossed;
      if (relu) expect(times).toBeCloseTo((crossed ?? epochs.length) / relu, 2);
      else expect(times).toBeNull();
    });
  }
}

test('the recorded races are drawn and told, the first at once', async ({ page }) => {
  await page.goto('./?view=train&lang=en');
  const [first, ...others] = races;
  await expect(checkbox(page, first)).toBeChecked();
  for (const line of first.lines) await expect(page.locator('race-tools')).toContainText(told(line));

  const end = Math.max(...first.lines.map(({ epochs }) => epochs.length));
  const longest = first.lines.find(({ epochs }) => epochs.length === end);
  await chart(page).focus();
  await page.keyboard.press('End');
  const shown = longest.activation === 'relu' ? 'ReLU' : longest.activation;
  await expect(chart(page)).toHaveAttribute('aria-valuetext', new RegExp(`^Epoch [\\d.]+; ${NAMES[first.name]}:.* ${shown} [\\d.]+%`));

  await checkbox(page, first).uncheck();
  await expect(page.locator('race-tools')).not.toContainText('25% error');
  for (const race of others) {
    await checkbox(page, race).check();
    for (const line of race.lines) await expect(page.locator('race-tools')).toContainText(told(line));
  }

  await page.getByRole('button', { name: EN['race.chart.seconds'], exact: true }).click();
  await expect(page.locator('race-tools')).toContainText(EN['race.told.no-seconds']);
});

test('keys read what was chosen just before', async ({ page }) => {
  await page.goto('./?view=train&lang=en');
  await checkbox(page, races[0]).uncheck();
  const race = races.find(({ name }) => name === 'paper');
  const plot = await chart(page).elementHandle();
  // Within a frame: sooner than the chart draws what was chosen.
  await checkbox(page, race).evaluate(async (box, plot) => {
    box.click();
    await new Promise(requestAnimationFrame);
    plot.focus();
    plot.dispatchEvent(new KeyboardEvent('keydown', { key: 'End' }));
  }, plot);
  await expect(chart(page)).toHaveAttribute('aria-valuetext', new RegExp(`^Epoch \\d.*; ${NAMES.paper}: sigmoid [\\d.]+%$`));
});

test('a reading stays where it is when a line comes', async ({ page }) => {
  await page.goto('./?view=train&lang=en');
  await chart(page).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('PageDown');
  await expect(chart(page)).toHaveAttribute('aria-valuetext', /^Epoch \d/);
  const race = races.find(({ name }) => name === 'paper');
  await checkbox(page, race).evaluate((box) => box.click());
  await expect(chart(page)).toHaveAttribute('aria-valuetext', new RegExp(`^Epoch \\d.*; ${NAMES.paper}: `));
});

for (const race of races) {
  test(`the race from ${race.name}'s weights is set up as it was recorded`, async ({ page }) => {
    await page.goto('./?view=train&lang=en&batch=16&mirror=on');
    await checkbox(page, races[0]).uncheck();
    await checkbox(page, race).check();
    await page.getByRole('button', { name: EN['race.told.set-up'] }).click();
    for (const { activation, settings } of race.lines) {
      const name = activation === 'relu' ? 'ReLU' : activation;
      await expect(page.getByRole('spinbutton', { name: `Learning rate of ${name}` })).toHaveValue(String(settings.rate));
    }
    await expect(page).toHaveURL(/network=cifar-80sec.*/);
    const query = new URL(page.url()).searchParams;
    const initializer = { today: 'modern', paper: 'own' }[race.name];
    const expected = { data: 'cifar-10', batch: '128', optimizer: 'sgd', initializer, mirror: null };
    for (const [key, value] of Object.entries(expected)) expect(query.get(key), key).toBe(value);
    await expect(page.getByLabel('pictures to train with')).toHaveValue(String(race.images));
  });
}

test('a saved race that is damaged is told, and what is drawn stays', async ({ page }) => {
  const evaluation = { loss: 2.3, error: 0.9 };
  const curve = {
    images: 2,
    seen: 0,
    begin: 0,
    epochs: [{ training: evaluation, validation: null, seconds: 1 }],
    steps: { step: [0, 1], loss: [2.3, 2.2], error: [1, 0.5], samples: [1, 1], seconds: [0, 1] },
  };
  const file = (lines, format = 'alexnet-live-race') => JSON.stringify({ format, lines });
  const line = (patch, steps) => ({ activation: 'relu', curve: { ...curve, ...patch, steps: { ...curve.steps, ...steps } } });
  const damaged = {
    'cut.json': file([line()]).slice(0, -9),
    'number.json': '7',
    'other-format.json': file([line()], 'another'),
    'no-lines.json': file(undefined),
    'no-line.json': file([null]),
    'other-unit.json': file([{ ...line(), activation: 'gelu' }]),
    'short-column.json': file([line({}, { loss: [2.3] })]),
    'no-number.json': file([line({}, { error: [1, null] })]),
    'no-samples.json': file([line({}, { samples: [1, 0] })]),
    'no-images.json': file([line({ images: 0 })]),
    'no-epochs.json': file([line({ epochs: [{ training: evaluation }] })]),
  };
  await page.goto('./?view=train&lang=en');
  await expect(checkbox(page, races[0])).toBeChecked();
  for (const [name, text] of Object.entries(damaged)) {
    await drop(page, [{ name, mimeType: '', buffer: Buffer.from(text) }]);
    await expect(notices(page).filter({ hasText: `${name} is damaged` })).toBeVisible();
    await expect(page.getByRole('checkbox', { name })).toHaveCount(0);
  }
  await drop(page, [{ name: 'whole.json', mimeType: '', buffer: Buffer.from(file([line()])) }]);
  await expect(page.getByRole('checkbox', { name: 'whole.json' })).toBeChecked();
  await chart(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('PageUp');
  await expect(chart(page)).toHaveAttribute('aria-valuetext', /^Epoch .*recorded: CIFAR-10/);
});

test('the saved picture has a legend in the colours of the lines', async ({ page }) => {
  await page.goto('./?view=train&lang=en');
  await expect(checkbox(page, races[0])).toBeChecked();
  await expect(chart(page).locator('canvas')).toBeVisible();
  const { bytes } = await saved(page, page.getByRole('button', { name: 'PNG' }));
  const coloured = await page.evaluate(async (url) => {
    const bitmap = await createImageBitmap(await (await fetch(url)).blob());
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const row = Math.round(36 * devicePixelRatio); // the lowest: its middle and the margin below
    const { data } = context.getImageData(0, height - row, width, row);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const pixel = data.subarray(i, i + 3);
      if (Math.max(...pixel) - Math.min(...pixel) > 40) count++;
    }
    return count;
  }, `data:image/png;base64,${bytes.toString('base64')}`);
  expect(coloured).toBeGreaterThan(30); // a line of 36 pixels
});

test('the race that runs is read before the one behind it', async ({ page }, testInfo) => {
  test.setTimeout(300_000);
  await openSmall(page, testInfo);
  await playButton(page).click();
  await expect.poll(() => epochOf(page), { timeout: 240_000 }).toBeGreaterThan(2);
  await pauseButton(page).click();
  await chart(page).focus();
  await page.keyboard.press('End');
  await expect(chart(page)).toHaveAttribute('aria-valuetext', /^Epoch [\d.]+; ReLU [\d.]+%.*; recorded: CIFAR-10, today’s weights: .*ReLU [\d.]+%/);
});
