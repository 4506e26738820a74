// Looking inside by mouse and keyboard: maps, a cell and its sum, filters, code.
import { expectAccessible } from './support/accessible.js';
import { answers, EN, ZH } from './support/classify.js';
import { numberIn } from './support/numbers.js';
import { expect, test as testOnOwnPage, testOnOnePage as test } from './support/test.js';

test.setTimeout(600_000);

const stageButton = (page, name) => page.locator('network-spine ol button', { hasText: name }).first();
const layers = (page) => page.getByRole('group', { name: EN['detail.layers'] }).last();
const pageButton = (page, key) => page.getByRole('button', { name: EN[key], exact: true });
const mosaic = (page) => page.locator('map-mosaic .mosaic');

/** Opens a stage with the goldfish, and waits until its maps are drawn. */
async function openStage(page, name) {
  if ((await answers(page).count()) === 0) {
    await page.getByRole('button', { name: 'Sample: An orange goldfish' }).click();
    await expect(answers(page)).toHaveCount(5);
  }
  const button = stageButton(page, name);
  if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
  await expect(page.locator('map-mosaic .tile').first()).toBeVisible({ timeout: 400_000 });
}

/** What stands on a canvas that the worker or the page has drawn on. */
const pixelsOf = (canvas) =>
  canvas.evaluate((element) => {
    const { width, height } = element;
    const copy = new OffscreenCanvas(width, height).getContext('2d');
    copy.drawImage(element, 0, 0);
    return { width, height, rgba: [...copy.getImageData(0, 0, width, height).data] };
  });

test('draws the maps of a layer as the values that the table tells', async ({ page }) => {
  await openStage(page, 'conv1');
  await layers(page).getByRole('button', { name: /^ReLU/ }).click();
  await page.getByRole('button', { name: EN['inside.scale.layer'] }).click();
  await page.getByRole('button', { name: EN['inside.sort.activity'] }).click();
  await page.getByText(EN['inside.strongest'], { exact: true }).click();
  const rows = page.locator('map-mosaic tbody tr');
  await expect(rows).toHaveCount(10);

  const mean = numberIn(await rows.first().getByRole('cell').nth(1).innerText());
  const legend = await page.locator('map-mosaic .legend').innerText();
  const scale = numberIn(legend.split(/\s+/).at(-1));
  const canvas = mosaic(page).locator('> canvas');
  await expect(canvas).toHaveAttribute('aria-label', /^The 64 maps of relu_conv1, each 113 by 113/);

  // The first tile is of the strongest unit: the further from grey, the larger its values.
  const box = await page.locator('map-mosaic .tile').first().boundingBox();
  const whole = await canvas.boundingBox();
  await expect
    .poll(async () => {
      const { width, rgba } = await pixelsOf(canvas);
      const side = Math.floor((box.width / whole.width) * width) - 1;
      let red = 0;
      for (let y = 0; y < side; y += 1) for (let x = 0; x < side; x += 1) red += rgba[(y * width + x) * 4];
      return Math.abs((232 - red / side ** 2) / 224 / (mean / scale) - 1);
    })
    .toBeLessThan(0.05);
});

test('opens a map and adds up any cell of it', async ({ page }) => {
  await openStage(page, 'conv1');
  await layers(page).getByRole('button', { name: /^convolution/ }).click();
  await page.getByRole('button', { name: EN['inside.sort.number'] }).click();
  await expect(page.locator('map-mosaic .lens')).toHaveText(/Unit 0/);
  await mosaic(page).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('map-mosaic [role=status]')).toHaveText(/^Unit 1:/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Unit 1 of conv1' })).toBeVisible();

  const map = page.locator('large-map');
  const told = map.locator('.left [role=status]');
  await expect(told).toHaveText(/^Row \d+, column \d+: .*\. It sees \d × \d pixels\.$/);
  const placeOf = async () => (await told.innerText()).match(/Row (\d+), column (\d+): (.*?)\. It/).slice(1);
  const [row, column] = await placeOf();
  await map.locator('.photo').focus();
  await page.keyboard.press(Number(column) > 0 ? 'ArrowLeft' : 'ArrowRight');
  await expect.poll(async () => (await placeOf())[1]).not.toBe(column);
  expect((await placeOf())[0]).toBe(row);

  const [, , value] = await placeOf();
  const formula = await map.locator('.formula').innerText();
  const [, sign, bias, sum] = formula.match(/^27 products: .* ([+−]) bias (.*) = (.*?);/);
  expect(sum).toBe(value);
  const channels = await map.locator('cell-sum .product > p').allInnerTexts();
  expect(channels.length).toBe(3);
  const products = channels.reduce((all, text) => all + numberIn(text.split(': ')[1]), 0);
  const total = products + (sign === '−' ? -1 : 1) * numberIn(bias);
  const largest = Math.max(...channels.map((text) => Math.abs(numberIn(text.split(': ')[1]))), 1);
  expect(Math.abs(total - numberIn(value))).toBeLessThan(0.02 * largest);

  await map.locator('.photo').click({ position: { x: 5, y: 5 } });
  await expect(told).toHaveText(/^Row [0-3], column [0-3]:/);

  // Keys go on from the cell that was chosen, also before the worker has told of it.
  const [high, wide] = (await placeOf()).map(Number);
  await map.locator('.photo').evaluate((photo) => {
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) {
      photo.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }
  });
  await expect(told).toHaveText(new RegExp(`^Row ${high + 1}, column ${wide + 2}:`));
});

test('keys wait for the first drawing; the magnifier keeps off what is open', async ({ page }) => {
  await openStage(page, 'conv1');
  await layers(page).getByRole('button', { name: /^convolution/ }).click();
  await page.getByRole('button', { name: EN['inside.sort.number'] }).click();
  await expect(page.locator('map-mosaic .lens')).toHaveText(/Unit 0/);
  await pageButton(page, 'inside.page.filters').click();
  await expect(page.locator('filter-sheet canvas')).toBeVisible();
  // At once, as a quick hand does: nothing is drawn yet.
  const wasBusy = await page.locator('inside-view').evaluate(async (view, maps) => {
    const buttons = [...view.renderRoot.querySelectorAll('button')];
    buttons.find(({ textContent }) => textContent.trim() === maps).click();
    await view.updateComplete;
    const element = view.renderRoot.querySelector('map-mosaic');
    await element.updateComplete;
    const mosaic = element.renderRoot.querySelector('.mosaic');
    mosaic.focus();
    const isBusy = mosaic.getAttribute('aria-busy');
    for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) {
      mosaic.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }
    return isBusy;
  }, EN['inside.page.maps']);
  expect(wasBusy).toBe('true');
  await expect(page.getByRole('heading', { name: 'Unit 2 of conv1' })).toBeVisible();
  await expect(mosaic(page)).toHaveAttribute('aria-busy', 'false');

  await page.mouse.move(1, 1);
  await mosaic(page).focus();
  const lens = page.locator('map-mosaic .lens');
  await expect(lens).toBeHidden(); // its map is open
  await page.keyboard.press('ArrowRight');
  await expect(lens).toBeVisible();
  await page.keyboard.press('End');
  const [box, whole] = [await lens.boundingBox(), await mosaic(page).boundingBox()];
  expect(box.y + box.height).toBeLessThan(whole.y + whole.height); // above a tile of the last row
  await page.setViewportSize({ width: 360, height: 740 });
  await expect.poll(async () => (await lens.boundingBox()).width / (await mosaic(page).boundingBox()).width).toBeLessThan(0.34);
  await page.setViewportSize({ width: 1280, height: 720 });
});

test('shows what made the value of each kind of layer', async ({ page }) => {
  const FORMULAS = {
    pool1: [['', /^The largest of 9 values: /]],
    fire2: [
      ['squeeze1x1 convolution', /^64 products: .* = .*; then ReLU → /],
      ['expand3x3 convolution', /^144 products: /],
      ['concat', /^As it is in fire2\/relu_expand[13]x[13]: /],
    ],
    pool10: [['', /^.* \/ 196 = .*: the mean of the window$/]],
  };
  for (const [stage, kinds] of Object.entries(FORMULAS)) {
    await openStage(page, stage);
    for (const [name, formula] of kinds) {
      if (name) {
        const [part] = name.split(' ');
        await layers(page).getByRole('button', { name: new RegExp(` ${part}$`) }).click();
      }
      await expect(page.locator('map-mosaic .tile').first()).toBeVisible();
      await mosaic(page).focus();
      await page.keyboard.press('Enter');
      await expect(page.locator('large-map .formula')).toHaveText(formula);
    }
  }
});

test('shows filters and the code of a layer', async ({ page }) => {
  await openStage(page, 'conv1');
  await pageButton(page, 'inside.page.filters').click();
  const filters = page.getByRole('img', { name: 'Filters 0 to 63 of conv1, in colour' });
  await expect(filters).toBeVisible();
  const { rgba } = await pixelsOf(filters);
  expect(new Set(rgba).size).toBeGreaterThan(50);
  await expect(page.getByRole('img', { name: /^1,728 weights from −0\.\d+ to / })).toBeVisible();

  const sheet = page.getByRole('application', { name: /^Filters 0 to 63: arrow keys/ });
  await sheet.focus();
  await page.keyboard.press('ArrowRight');
  const told = page.locator('layer-filters [role=status]');
  await expect(told).toHaveText(
    /^Filter 1: its strongest weight, for (red|green|blue), is .* at row [0-2], column [0-2]\. Its 27 weights go from/,
  );
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Unit 1 of conv1' })).toBeVisible();

  await pageButton(page, 'inside.page.code').click();
  await expect(page.getByText('conv2d.wgsl, forward')).toBeVisible();
  await expect(page.locator('layer-code pre')).toContainText('fn forward(');
  await expect(page.getByRole('row', { name: 'OUT_CHANNELS 64' })).toBeVisible();
  await pageButton(page, 'inside.page.maps').click();
});

test('reads well for everyone', async ({ page }) => {
  await openStage(page, 'fire5');
  await mosaic(page).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('large-map .formula')).toBeVisible();
  await page.locator('.languages button', { hasText: '中文' }).click();
  await expect(page.getByText(ZH['inside.mosaic.note'])).toBeVisible();
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 740 });
    for (const key of ['inside.page.maps', 'inside.page.filters', 'inside.page.code']) {
      await page.getByRole('button', { name: ZH[key], exact: true }).click();
      await page.locator('inside-view').evaluate((element) => element.updateComplete);
      expect(await page.evaluate(() => document.scrollingElement.scrollWidth), key).toBe(width);
      await expectAccessible(page, `${key}, ${width}`);
    }
  }
  await page.locator('.languages button', { hasText: 'EN' }).click();
  await page.emulateMedia({ colorScheme: 'light' });
});

test('tells the numbers of each layer as arithmetic', async ({ page }) => {
  await openStage(page, 'conv1');
  const row = page.locator('stage-detail').getByRole('row', { name: /^conv1 convolution/ });
  await expect(row).toContainText('(227 − 3) / 2 + 1 = 113');
  await expect(row).toContainText('1,792 3 × 3 × 3 × 64 + 64');
  await expect(row).toContainText('22,064,832 1,728 × 113 × 113');
  await openStage(page, 'pool1');
  await expect(page.locator('stage-detail')).toContainText('(113 − 3) / 2 + 1 = 56');
});

test('splits the number of a class into what the places of the photo give', async ({ page }) => {
  await openStage(page, 'pool10');
  await pageButton(page, 'inside.page.logit').click();
  const classes = page.getByRole('group', { name: EN['inside.class'] }).getByRole('button');
  await expect(classes).toHaveCount(5);
  await expect(page.getByText(/^The logit of goldfish is [\d.]+, which makes [89]\d\.\d%/)).toBeVisible();
  const formula = page.locator('class-contributions .formula');
  await expect(formula).toHaveText(/ \/ 196 = /);
  const first = await formula.innerText();
  await classes.nth(1).click();
  await expect(formula).not.toHaveText(first);
  const { rgba } = await pixelsOf(page.getByRole('img', { name: /^What each place of the photo adds/ }));
  expect(new Set(rgba).size).toBeGreaterThan(20);
  // In words, cell by cell, and as a table.
  const strongest = page.locator('class-contributions > [role=status], class-contributions p[role=status]').first();
  const [, most, row, column] = (await strongest.innerText()).match(/Most at the [a-z ]+: (.*), in row (\d+), column (\d+)\. Least/);
  const table = page.locator('class-contributions places-table');
  await table.locator('summary').click();
  await expect(table.getByRole('row')).toHaveCount(15);
  const cell = table.getByRole('row').nth(Number(row) + 1).getByRole('cell').nth(Number(column));
  expect(Math.abs(numberIn(await cell.innerText()) / numberIn(most) - 1)).toBeLessThan(0.06);
  await table.locator('summary').click();
  await page.locator('class-contributions value-reader').getByRole('application').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('class-contributions value-reader [role=status]')).toHaveText(/^Row \d+, column \d+ of the window: /);
  await pageButton(page, 'inside.page.values').click();
});

test('a link opens the same map of the same layer', async ({ page }) => {
  await openStage(page, 'fire2');
  await layers(page).getByRole('button', { name: /squeeze1x1$/ }).nth(1).click();
  await mosaic(page).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  const heading = page.getByRole('heading', { name: 'Unit 15 of fire2/relu_squeeze1x1' });
  await expect(heading).toBeVisible();
  const { searchParams } = new URL(page.url());
  expect(Object.fromEntries(searchParams)).toMatchObject({
    sample: 'goldfish',
    stage: 'fire2',
    layer: 'fire2/relu_squeeze1x1',
    unit: '15',
  });
  await page.reload();
  await expect(heading).toBeVisible({ timeout: 400_000 });
});

// On the GPU, whose kernels take a while to compile: the processor has nothing to prepare.
testOnOwnPage('stops what it prepares, and begins again', async ({ page }) => {
  await page.goto('./?lang=en&sample=goldfish&stage=conv1&engine=gpu');
  await page.locator('inside-view').getByRole('button', { name: EN['task.stop'] }).click();
  await expect(page.locator('inside-view')).toContainText(EN['error.stopped']);
  await page.getByRole('button', { name: EN['inside.again'], exact: true }).click();
  await expect(page.locator('map-mosaic .tile').first()).toBeVisible({ timeout: 400_000 });
});
