// Training on the page: the race, on this browser's GPU. The pictures are few
// and easy, so that an epoch takes a moment on a GPU in software.
import { AxeBuilder } from '@axe-core/playwright';
import { answers, drop, EN, notices, ZH } from './support/classify.js';
import {
  chooseFolder,
  cifarArchive,
  cifarParquet,
  errorOf,
  lane,
  pauseButton,
  pictureFolder,
  playButton,
  saved,
} from './support/race.js';
import { expect, test } from './support/test.js';

const SMALL = 'view=train&lang=en&lines=relu&batch=8&epochs=1000';

/** Opens the training page with a folder of 20 pictures as its dataset. */
async function openSmall(page, testInfo, more = '') {
  await page.goto(`./?${SMALL}${more}`);
  await chooseFolder(page, pictureFolder(testInfo.outputPath('pictures'), 10));
  await expect(page.getByText('16 to train with, 4 to validate, 2 classes')).toBeVisible();
}

/** Nothing serious for axe, and nothing wider than a telephone. */
async function expectAccess(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].target}`)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.scrollingElement.scrollWidth)).toBe(360);
  await page.setViewportSize({ width: 1280, height: 720 });
}

const losses = (steps) => steps.map(({ training_loss: loss }) => Number(loss));

const epochOf = async (page) => parseFloat(await page.locator('.epoch strong').textContent());

/** Rows of the table of steps. */
async function stepsOf(page) {
  const { bytes } = await saved(page, page.getByRole('button', { name: 'CSV' }));
  const [head, ...rows] = bytes.toString().trim().split('\n');
  const names = head.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, at) => [names[at], cell])));
}

test('a race is ready at once, in both languages and at the width of a telephone', async ({
  page,
}) => {
  await page.goto('./?view=train&lang=en');
  await expect(playButton(page)).toBeEnabled();
  await expect(page.getByText('4,000 to train with, 1,000 to validate, 10 classes')).toBeVisible();
  await expect(page.locator('race-stage li')).toHaveCount(20);
  await expect(page.getByRole('slider', { name: /^Chart of the race/ })).toBeVisible();
  await expect(notices(page)).toHaveCount(0);
  for (const [name, messages, colorScheme] of [['中文', ZH, 'dark'], ['EN', EN, 'light']]) {
    await page.getByRole('button', { name }).click();
    await page.emulateMedia({ colorScheme });
    await expect(page.getByRole('heading', { name: messages['race.title'] })).toBeVisible();
    await expectAccess(page);
  }
});

test('a race runs, is read, changed, paused and saved', async ({ page }, testInfo) => {
  test.setTimeout(300_000);
  await openSmall(page, testInfo);
  await playButton(page).click();
  await expect(lane(page, 'ReLU')).toContainText('pictures/s', { timeout: 120_000 });
  // Dark and light are told apart within a few epochs.
  await expect(page.getByText(/ReLU was at 25 % error after/)).toBeVisible({ timeout: 120_000 });

  await test.step('the chart is read with the arrow keys', async () => {
    const chart = page.getByRole('slider', { name: /^Chart of the race/ });
    await chart.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await expect(chart).toHaveAttribute('aria-valuetext', /^Epoch [\d.]+, ReLU [\d.]+%/);
  });

  await test.step('what happens inside is told layer by layer', async () => {
    const inside = page.getByRole('region', { name: EN['race.why'] });
    await expect(inside.getByRole('row', { name: /^conv1 ReLU/ })).toBeVisible();
    await expect(page.getByText(EN['race.filters'], { exact: true })).toBeVisible();
    const confusion = page.getByRole('region', { name: EN['race.confusion'] });
    await expect(confusion.getByRole('row', { name: 'dark 2' })).toBeVisible({ timeout: 60_000 });
  });

  await test.step('the rate changes while it runs, and stands in the address', async () => {
    const before = await epochOf(page);
    await page.getByLabel('Learning rate', { exact: false }).last().fill('0.02');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/relu=0\.02/);
    await expect.poll(() => epochOf(page), { timeout: 60_000 }).toBeGreaterThan(before + 1);
    await expect(notices(page)).toHaveCount(0);
  });

  await test.step('what would start it over waits, and is taken back', async () => {
    await page.getByLabel('batch').fill('4');
    await page.keyboard.press('Enter');
    const offer = page.getByRole('region', { name: EN['race.pending.label'] });
    await expect(offer).toContainText('not yet in the race: batch');
    await offer.getByRole('button', { name: EN['race.pending.keep'] }).click();
    await expect(page.getByLabel('batch')).toHaveValue('8');
  });

  await test.step('another line joins, is held, and leaves', async () => {
    await page.getByRole('button', { name: 'Add tanh to the race' }).click();
    await expect(lane(page, 'tanh')).toContainText('pictures/s', { timeout: 120_000 });
    await page.getByRole('button', { name: 'Hold tanh' }).click();
    await expect(lane(page, 'tanh')).toContainText('On hold');
    await page.getByRole('button', { name: 'Take tanh out of the race' }).click();
    await expect(page).toHaveURL(/lines=relu(&|$)/);
  });

  await pauseButton(page).click();
  await expect(playButton(page)).toBeVisible();

  await test.step('it is for everyone', () => expectAccess(page));

  await test.step('it is saved as a picture, a table and a race that opens again', async () => {
    const picture = await saved(page, page.getByRole('button', { name: 'PNG' }));
    expect(picture.name).toMatch(/^race-cifar-80sec-.*\.png$/);
    expect(picture.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.bytes.readUInt32BE(16)).toBeGreaterThan(500); // width

    const steps = await stepsOf(page);
    expect(steps.map(({ step }) => Number(step))).toEqual(steps.map((_, index) => index));
    // Two steps an epoch: every second one is validated.
    expect(steps[1].validation_error).not.toBe('');
    expect(steps[0].validation_error).toBe('');

    const race = await saved(page, page.getByRole('button', { name: 'JSON' }));
    const { lines } = JSON.parse(race.bytes);
    expect(lines[0].curve.steps.loss).toHaveLength(steps.length);
    await drop(page, [{ name: 'mine.json', mimeType: '', buffer: race.bytes }]);
    await expect(page.getByRole('checkbox', { name: 'mine.json' })).toBeChecked();
    await drop(page, [{ name: 'other.json', mimeType: '', buffer: Buffer.from('{}') }]);
    await expect(notices(page).filter({ hasText: 'other.json is damaged' })).toBeVisible();
  });

  await test.step('the trained network names photos', async () => {
    await page.getByRole('button', { name: 'Classify with the ReLU network' }).click();
    await expect(page).not.toHaveURL(/view=train/, { timeout: 60_000 });
    await page.getByRole('button', { name: 'Sample: An orange goldfish' }).click();
    await expect(answers(page).first()).toHaveText(/dark|light/, { timeout: 60_000 });
  });
});

test('a race goes on after a reload, and after a lost GPU', async ({ page, browser }, testInfo) => {
  test.setTimeout(300_000);
  await openSmall(page, testInfo);
  await playButton(page).click();
  await expect.poll(() => errorOf(page, 'ReLU'), { timeout: 180_000 }).toBeLessThan(25);
  await pauseButton(page).click();
  await expect(lane(page, 'ReLU')).toContainText(EN['race.lane.kept'], { timeout: 60_000 });
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
  await expect.poll(() => epochOf(page), { timeout: 120_000 }).toBeGreaterThan(epochs + 1);
  await pauseButton(page).click();
  await expect(lane(page, 'ReLU')).toContainText(EN['race.lane.kept'], { timeout: 60_000 });
  const after = await stepsOf(page);
  expect(losses(after).slice(0, before.length)).toEqual(losses(before));
  expect(after.map(({ step }) => Number(step))).toEqual(after.map((_, index) => index));

  await test.step('an uninterrupted run gives the same curve', async () => {
    await page.getByRole('button', { name: EN['race.reset'] }).click();
    await playButton(page).click();
    await expect.poll(() => epochOf(page), { timeout: 120_000 }).toBeGreaterThan(epochs + 1);
    await pauseButton(page).click();
    await expect(lane(page, 'ReLU')).toContainText(EN['race.lane.kept'], { timeout: 60_000 });
    const whole = losses(await stepsOf(page));
    const common = Math.min(whole.length, after.length);
    expect(common).toBeGreaterThan(before.length);
    expect(losses(after).slice(0, common)).toEqual(whole.slice(0, common));
  });

  await playButton(page).click();
  const devtools = await browser.newBrowserCDPSession();
  await devtools.send('Browser.crashGpuProcess');
  await expect(notices(page).filter({ hasText: 'The GPU is back' })).toBeVisible();
  const now = await epochOf(page);
  await expect.poll(() => epochOf(page), { timeout: 120_000 }).toBeGreaterThan(now + 1);
});

test('a line that diverges says why, and the best rate is found', async ({ page }, testInfo) => {
  test.setTimeout(300_000);
  await openSmall(page, testInfo, '&relu=10');
  await playButton(page).click();
  await expect(lane(page, 'ReLU')).toContainText('A learning rate of 10 is too high', {
    timeout: 180_000,
  });
  await expect(playButton(page)).toBeVisible(); // nothing runs any more

  await page.getByRole('button', { name: 'Find the best learning rate of ReLU' }).click();
  await expect(lane(page, 'ReLU')).toContainText(/Set to 0\.\d+: the lowest loss/, {
    timeout: 180_000,
  });
  await expect(page).not.toHaveURL(/relu=10/);
  await playButton(page).click();
  await expect.poll(() => errorOf(page, 'ReLU'), { timeout: 120_000 }).toBeLessThan(25);
});

test('a line that does not begin to learn is explained', async ({ page }, testInfo) => {
  test.setTimeout(300_000);
  // From small first weights and with a rate of nothing, it stays at ln 2.
  await openSmall(page, testInfo, '&initializer=paper&relu=0');
  await playButton(page).click();
  await expect(lane(page, 'ReLU')).toContainText('Its loss stays at 0.693', { timeout: 180_000 });
});

test('datasets: an archive dropped, one that is out of reach, a class too few', async ({
  page,
}, testInfo) => {
  await page.goto('./?view=train&lang=en');
  await expect(playButton(page)).toBeEnabled();
  await drop(page, [await cifarArchive(30)]);
  await expect(page.getByText('30 to train with, 30 to validate, 10 classes')).toBeVisible();
  await expect(page).toHaveURL(/data=files/);

  await page.getByLabel('dataset').selectOption('cifar-10');
  await page.getByRole('button', { name: EN['race.data.fetch'] }).click();
  await expect(notices(page)).toContainText('huggingface.co');
  await expect(notices(page)).toContainText('cifar-10-binary.tar.gz');

  const folder = pictureFolder(testInfo.outputPath('one'), 2);
  await chooseFolder(page, `${folder}/dark`);
  await expect(notices(page).last()).toContainText('class');
  // What was there before is still there.
  await expect(page.getByText('30 to train with, 30 to validate, 10 classes')).toBeVisible();
});

test('CIFAR-10 comes from the web by ranges, as much as is asked for, and only once', async ({
  page,
}) => {
  const files = { train: cifarParquet(60), test: cifarParquet(20) };
  let sent = 0;
  await page.route('https://huggingface.co/**', async (route) => {
    const whole = files[route.request().url().includes('/train-') ? 'train' : 'test'];
    const [, from, to] = route.request().headers().range.match(/^bytes=(\d+)-(\d+)$/);
    const body = whole.subarray(Number(from), Number(to) + 1);
    sent += body.length;
    const headers = {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': 'range',
      'Access-Control-Expose-Headers': 'Content-Range',
      'Content-Range': `bytes ${from}-${Number(from) + body.length - 1}/${whole.length}`,
    };
    await route.fulfill({ status: 206, headers, body });
  });
  await page.goto('./?view=train&lang=en&data=cifar-10&images=25');
  await page.getByRole('button', { name: EN['race.data.fetch'] }).click();
  await expect(page.getByText('25 to train with, 5 to validate, 10 classes')).toBeVisible();
  expect(sent).toBeGreaterThan(0);

  sent = 0;
  await page.reload();
  await page.getByRole('button', { name: EN['race.data.fetch'] }).click();
  await expect(page.getByText('25 to train with, 5 to validate, 10 classes')).toBeVisible();
  expect(sent).toBe(0);
});

test('a link opens the same race', async ({ page }) => {
  await page.goto('./?view=train&lang=en&lines=tanh&tanh=0.05&batch=64&schedule=steps&steps=3,6&y=loss&logx=on');
  await expect(page.getByLabel('batch')).toHaveValue('64');
  await expect(page.getByLabel('a tenth from epoch')).toHaveValue('3,6');
  await expect(page.getByRole('button', { name: 'loss' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('checkbox', { name: 'log along' })).toBeChecked();
  await expect(lane(page, 'tanh').getByRole('spinbutton')).toHaveValue('0.05');
  await expect(page.getByRole('button', { name: 'Add ReLU to the race' })).toBeVisible();
  await page.getByRole('button', { name: 'Classify' }).click();
  await expect(page).not.toHaveURL(/view|lines|batch/);

  await page.goto('./?view=train&lang=en&batch=many');
  await expect(notices(page)).toContainText('batch=many');
  await expect(page.getByLabel('batch')).toHaveValue('128');
});

test('AlexNet itself says what it takes before it starts, and takes a step', async ({
  page,
}, testInfo) => {
  test.setTimeout(300_000);
  await page.goto('./?view=train&lang=en&network=alexnet&lines=relu&batch=2&initializer=paper');
  await expect(notices(page)).toContainText('AlexNet is made for pictures of 227 × 227 pixels');
  await chooseFolder(page, pictureFolder(testInfo.outputPath('pictures'), 3));
  await expect(page.getByText('2 classes, 227 × 227 pixels')).toBeVisible();
  await expect(page.getByText(/This race takes 9\d\d MB of the GPU’s memory/)).toBeVisible();
  await page.getByRole('button', { name: EN['race.step'] }).click();
  // Two classes, and small first weights that guess.
  await page.getByRole('button', { name: 'loss' }).click();
  await expect(lane(page, 'ReLU').locator('.value strong')).toHaveText(/^0\.(6|7)/, {
    timeout: 240_000,
  });
});
