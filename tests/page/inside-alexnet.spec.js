// Looking inside the network of the paper, in its real size and of other weights: two
// towers, sums of hundreds and thousands of products, the way from fc6 back to pool5.
import { expectAccessible } from './support/accessible.js';
import { answers, EN } from './support/classify.js';
import { numberIn } from './support/numbers.js';
import { expect, test } from './support/test.js';
import { writeLivelyNet } from './support/weights-files.js';
import { dropPath } from './support/weights-page.js';

test.setTimeout(600_000);
const PATIENT = { timeout: 240_000 };

const mosaic = (page) => page.locator('map-mosaic .mosaic');
const map = (page) => page.locator('large-map');
const pageButton = (page, key) => page.locator('inside-view').getByRole('button', { name: EN[key], exact: true });

async function openStage(page, name) {
  const button = page.locator('network-spine ol button', { hasText: name }).first();
  if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
  await expect(mosaic(page)).toHaveAttribute('aria-busy', 'false', PATIENT);
}

/** Where one element lies on another, in shares of the other. */
async function placeOn(element, other) {
  const [inner, outer] = await Promise.all([element.boundingBox(), other.boundingBox()]);
  const { x, y, width, height } = outer;
  return [(inner.x - x) / width, (inner.y - y) / height, inner.width / width, inner.height / height];
}

function expectPlace(found, wanted) {
  found.forEach((share, at) => expect(Math.abs(share - wanted[at]), `${found}, not ${wanted}`).toBeLessThan(0.006));
}

const numbersOf = (cells) => cells.allInnerTexts().then((texts) => texts.map(numberIn));

/** Input, weight and product of every row of the table of products, once all are shown. */
async function everyProduct(part) {
  await part.locator('product-table summary').click();
  await expect(part.locator('product-table tbody')).toBeVisible(); // it is made when told of the opening
  const more = part.getByRole('button', { name: /^[\d,]+ more$/ });
  while ((await more.count()) > 0) await more.click();
  const columns = await part.locator('product-table tbody').evaluate((body) =>
    [...body.rows].map((row) => [...row.cells].slice(-3).map((cell) => cell.innerText)),
  );
  await part.locator('product-table summary').click();
  await expect(part.locator('product-table tbody')).toBeHidden(); // closing moves what is clicked next
  return columns.map((texts) => texts.map(numberIn));
}

/** That rows of the table are products, and add up; each number is rounded to three digits. */
function expectSum(rows, sum) {
  for (const [x, weight, product] of rows) {
    expect(Math.abs(x * weight - product)).toBeLessThanOrEqual(0.02 * Math.abs(product) + 1e-9);
  }
  const squares = rows.reduce((all, [, , product]) => all + product ** 2, 0);
  const total = rows.reduce((all, [, , product]) => all + product, 0);
  expect(Math.abs(total - sum)).toBeLessThan(0.02 * Math.sqrt(squares) + 0.006 * Math.abs(sum));
}

test('AlexNet from its first kernel to its last sum', async ({ page }) => {
  await page.goto('./?lang=en&sample=goldfish');
  await expect(answers(page)).toHaveCount(5, PATIENT);
  await dropPath(page, writeLivelyNet());
  await expect(page.getByRole('heading', { name: 'AlexNet', exact: true })).toBeVisible(PATIENT);
  await expect(answers(page)).toHaveCount(5, PATIENT);

  await test.step('two towers: two rows of 48 maps, or larger ones', async () => {
    await openStage(page, 'conv1');
    const tile = page.locator('map-mosaic .tile').first();
    expectPlace((await placeOn(tile, mosaic(page))).slice(2), [1 / 48.5, 1 / 2.02]);
    await expect(page.locator('map-mosaic .tower')).toBeVisible();
    await mosaic(page).focus();
    await page.keyboard.press('ArrowDown'); // from the one tower to the other
    await expect(page.locator('map-mosaic [role=status]')).toHaveText(/^Unit 48:/);
    await page.keyboard.press('ArrowUp');
    await pageButton(page, 'inside.tiles.large').click();
    await expect.poll(async () => (await placeOn(tile, mosaic(page)))[2]).toBeGreaterThan(1 / 17);
  });

  await test.step('each of the 363 products of conv1, by keyboard, pointer and table', async () => {
    await mosaic(page).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(map(page).getByRole('heading', { name: 'Unit 1 of conv1' })).toBeVisible();
    await expect(map(page).locator('.formula')).toHaveText(/^363 products: /);
    const readers = map(page).locator('value-reader');
    await expect(readers).toHaveCount(3);
    const told = readers.nth(1).getByRole('status');
    const PRODUCT = /^Channel 1, row (\d+), column (\d+) under the kernel: (.*) × (.*) = (.*)$/;
    const read = async () => (await told.innerText()).match(PRODUCT).slice(1).map(numberIn);
    const grids = readers.nth(1).getByRole('application');
    await grids.focus();
    for (const key of ['ArrowUp', 'ArrowLeft']) for (let press = 0; press < 10; press += 1) await page.keyboard.press(key);
    expect((await read()).slice(0, 2)).toEqual([0, 0]);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    const [row, column, x, weight, product] = await read();
    expect([row, column]).toEqual([1, 1]);
    expect(Math.abs(x * weight - product)).toBeLessThanOrEqual(0.01 * Math.abs(product));
    const canvas = readers.nth(1).locator('canvas').last();
    const { width, height } = await canvas.boundingBox();
    await canvas.hover({ position: { x: (width * 7.5) / 11, y: (height * 2.5) / 11 } });
    expect((await read()).slice(0, 2)).toEqual([2, 7]);

    const rows = await everyProduct(map(page));
    expect(rows.length).toBe(363);
    const [, products] = (await map(page).locator('.formula').innerText()).match(/^363 products: (.*) [+−] bias/);
    expectSum(rows, numberIn(products));
    const sizes = rows.map(([, , one]) => Math.abs(one));
    expect(sizes).toEqual(sizes.toSorted((one, other) => other - one));
  });

  await test.step('the window lies on the input maps where the field lies on the photo', async () => {
    const told = map(page).locator('.left [role=status]');
    const check = async (row, column) => {
      await expect(told).toHaveText(new RegExp(`^Row ${row}, column ${column}: `)); // once the worker has answered
      const wanted = [(4 * column) / 227, (4 * row) / 227, 11 / 227, 11 / 227];
      expectPlace(await placeOn(map(page).locator('.sees'), map(page).locator('.photo')), wanted);
      const windows = map(page).locator('input-window');
      await expect(windows).toHaveCount(3);
      expectPlace(await placeOn(windows.nth(2).locator('i'), windows.nth(2).locator('canvas')), wanted);
    };
    const photo = map(page).locator('.photo');
    const { width, height } = await photo.boundingBox();
    const [row, column] = [9, 16]; // of 55 × 55
    await photo.click({ position: { x: (width * (column + 0.5)) / 55, y: (height * (row + 0.5)) / 55 } });
    await check(row, column);
    await photo.focus();
    await page.keyboard.press('ArrowRight');
    await check(row, column + 1);
  });

  await test.step('filters of both towers, by keyboard', async () => {
    await pageButton(page, 'inside.page.filters').click();
    await expect(page.getByText(EN['inside.filters.figure3'])).toBeVisible();
    await expect(page.getByText('GPU 2: filters 48 to 95')).toBeVisible();
    await page.getByRole('application', { name: /^Filters 48 to 95/ }).focus();
    const told = page.locator('layer-filters [role=status]');
    await expect(told).toHaveText(/^Filter 48: its strongest weight, for (red|green|blue), is .* Its 363 weights go from/);
    await page.keyboard.press('ArrowRight');
    await expect(told).toHaveText(/^Filter 49: /);
    await page.keyboard.press('Enter');
    await expect(map(page).getByRole('heading', { name: 'Unit 49 of conv1' })).toBeVisible();
  });

  await test.step('conv2 reads its own tower', async () => {
    await openStage(page, 'conv2');
    await mosaic(page).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expect(map(page).getByRole('heading', { name: 'Unit 255 of conv2' })).toBeVisible();
    await expect(map(page).locator('.formula')).toHaveText(/^1,200 products: /);
    const caption = map(page).locator('input-window figcaption');
    await expect(caption).toHaveText(/^Channel (4[89]|[5-9]\d) of pool1$/); // of GPU 2
  });

  await expectAccessible(page, 'conv2');

  await test.step('an input of fc6 names its cell of pool5, and leads there', async () => {
    await openStage(page, 'fc6');
    await mosaic(page).focus();
    await page.keyboard.press('Enter');
    const first = map(page).locator('.bars tbody tr').first();
    await expect(first).toBeVisible();
    await expectAccessible(page, 'fc6');
    const [unit, row, column] = (await first.getByRole('button').innerText()).split(', ').map(Number);
    const [x] = (await first.getByRole('cell').last().innerText()).split(' × ');
    await first.getByRole('button').click();
    await expect(map(page).getByRole('heading', { name: `Unit ${unit} of pool5` })).toBeVisible();
    await expect(map(page).getByText(`Row ${row}, column ${column}: ${x}.`)).toBeVisible();
  });

  await test.step('the number of a class is what the units of fc7 add', async () => {
    await openStage(page, 'fc8');
    await pageButton(page, 'inside.page.logit').click();
    const formula = page.locator('class-contributions .formula');
    await expect(formula).toHaveText(/^4,096 products: .* bias /);
    const [, products, sign, bias, logit] = (await formula.innerText()).match(/products: (.*) ([+−]) bias (.*) = ([^;]*)/);
    await expect(page.getByText(`is ${logit}, which makes`)).toBeVisible();
    const total = numberIn(products) + (sign === '−' ? -1 : 1) * numberIn(bias);
    expect(Math.abs(total - numberIn(logit))).toBeLessThan(0.01 * (Math.abs(numberIn(products)) + Math.abs(numberIn(bias))));
    const shown = await numbersOf(page.locator('class-contributions .bars td.number'));
    expect(shown.length).toBe(20);
    const rows = await everyProduct(page.locator('class-contributions'));
    expect(rows.length).toBe(4096);
    expect(rows.filter(([x]) => x > 0).length).toBeGreaterThan(1000); // of the units about half answer
    expectSum(rows, numberIn(products));
    const sorted = rows.map(([, , product]) => product).sort((one, other) => other - one);
    expect(shown).toEqual([...sorted.slice(0, 10), ...sorted.slice(-10).reverse()]);
    await expectAccessible(page, 'logits');
  });
});
