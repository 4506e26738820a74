// The steps of the paper on the photo at hand, by the network that is loaded.
import { expectAccessible } from './support/accessible.js';
import { answers, EN } from './support/classify.js';
import { openStep } from './support/paper.js';
import { expect, test as testOnOwnPage, testOnOnePage as test } from './support/test.js';

test.setTimeout(300_000);
const PATIENT = { timeout: 150_000 };

/** Percentages of a row, in its order. */
const shares = async (row) =>
  (await row.getByRole('cell').allTextContents()).filter((text) => text.includes('%')).map(parseFloat);

test('ten crops are asked about, and the mean is that of the ten', async ({ page }) => {
  await openStep(page, 'augmentation');
  await page.getByRole('button', { name: EN['paper.augmentation.ten'] }).click();
  const table = page.getByRole('table', { name: EN['paper.augmentation.ten-answers'] });
  await expect(table).toBeVisible(PATIENT);
  const rows = await Promise.all((await table.getByRole('row').all()).slice(1).map(shares));
  expect(rows).toHaveLength(11);
  const mean = rows.pop();
  mean.forEach((share, column) => {
    const sum = rows.reduce((total, row) => total + row[column], 0);
    expect(Math.abs(share - sum / 10), `column ${column}`).toBeLessThan(0.11); // each is rounded to 0.1
  });
  expect(new Set(rows.map(([first]) => first)).size).toBeGreaterThan(5); // crops differ
  await expect(table.getByRole('rowheader').nth(5)).toHaveText('centre, mirrored');
  await expectAccessible(page, 'ten answers');
  await expect(page.locator('.facts').getByRole('status')).toContainText(`${mean[0].toFixed(1)}% on average`);

  await test.step('a chosen crop is asked about, again when it changes, and with colours', async () => {
    await page.getByRole('button', { name: EN['paper.augmentation.ask'] }).click();
    const chosen = page.getByRole('table', { name: EN['paper.augmentation.ask'] });
    const plain = chosen.getByRole('row', { name: /^the crop as it is/ });
    await expect(plain).toBeVisible(PATIENT);
    expect((await shares(plain))[0]).toBeGreaterThan(0);
    await expect(chosen.getByRole('row')).toHaveCount(2);
    for (const side of ['left', 'top']) await page.getByRole('slider', { name: EN[`paper.augmentation.${side}`] }).fill('0');
    // The upper left one of the ten, though its classes may stand in another order.
    await expect.poll(async () => (await shares(plain)).includes(rows[1][0]), PATIENT).toBe(true);
    await page.getByRole('slider', { name: 'component 1' }).fill('0.6');
    const coloured = chosen.getByRole('row', { name: /^the crop with these colours/ });
    await expect(coloured).toBeVisible(PATIENT);
    expect(await shares(coloured)).not.toEqual(await shares(plain));
  });

  // The centre is what the page that classifies is asked about.
  await page.getByRole('button', { name: EN['app.view.classify'] }).click();
  const texts = await answers(page).allTextContents();
  expect(texts.some((text) => text.includes(`${rows[0][0].toFixed(1)}%`)), texts.join()).toBe(true);
});

test('tanh and sigmoid take the place of ReLU, and their maps are shown', async ({ page }) => {
  await openStep(page, 'activation');
  await page.getByRole('button', { name: 'Put tanh and sigmoid into the loaded network' }).click();
  const trained = page.getByRole('row', { name: /^as it was trained/ });
  await expect(trained).toContainText(/cat|tabby/, PATIENT);
  await expect(page.locator('.facts').getByRole('status')).toContainText('With tanh in its place');
  const figures = page.locator('.maps figure');
  await expect(figures).toHaveCount(3);
  await expect(figures.nth(0)).toContainText(/\d+% are 0/);
  await expect(figures.nth(1)).toContainText('up to 1');
  await expect(figures.nth(2)).toContainText(/\d+% saturated/);
  await expectAccessible(page, 'maps');
  const drawn = () =>
    figures.locator('canvas').evaluateAll((all) =>
      all.map((canvas) => {
        const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
        context.drawImage(canvas, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        return data.reduce((sum, byte, at) => sum + byte * ((at % 97) + 1), 0);
      }),
    );
  const first = await drawn();
  expect(new Set(first).size).toBe(3); // three pictures
  await page.getByRole('combobox', { name: EN['paper.maps.layer'] }).selectOption({ index: 4 });
  await expect.poll(drawn, PATIENT).not.toEqual(first);
});

// On a page that has compiled nothing yet: there is time to stop it.
testOnOwnPage('what is under way is stopped, and begun again, by the keyboard', async ({ page }) => {
  await page.goto('./?view=paper&step=pooling&lang=en');
  await expect(page.locator('.loaded')).toContainText('SqueezeNet 1.1', PATIENT);
  const button = page.getByRole('button', { name: 'Answer with plain pooling' });
  await button.press('Enter');
  await expect(page.getByRole('progressbar', { name: 'Answer with plain pooling' })).toBeVisible();
  await expect(button).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.locator('.running').getByRole('button', { name: EN['task.stop'] })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await expect(page.locator('.maps')).toHaveCount(0);
  await button.press('Enter');
  await expect(page.locator('.maps figure')).toHaveCount(2, PATIENT);
  await expectAccessible(page, 'plain pooling');
  // Another photo: what was found of the one before is gone.
  await page.getByRole('group', { name: EN['paper.photo.choose'] }).getByRole('button').first().click();
  await expect(page.locator('.maps')).toHaveCount(0);
});

test('a network without towers says so, and offers AlexNet', async ({ page }) => {
  await openStep(page, 'towers');
  await expect(page.getByText('SqueezeNet 1.1, which is loaded, was never in two towers')).toBeVisible(PATIENT);
  await expect(page.getByRole('button', { name: /^Get AlexNet/ })).toBeVisible();
});

test('the values of a photo take the place of the example', async ({ page }) => {
  await openStep(page, 'pooling');
  await page.getByRole('button', { name: EN['paper.photo.values'] }).click();
  const row = page.getByRole('slider', { name: 'row', exact: true });
  await expect(row).toBeVisible({ timeout: 100_000 }); // until a sample is classified, and its values read
  const map = () => page.getByRole('textbox').evaluateAll((cells) => cells.map(({ value }) => Number(value)));
  const strongest = await map();
  expect(Math.max(...strongest)).toBe(9);
  const picture = page.locator('picture-crop');
  const { width, height } = await picture.boundingBox();
  await picture.click({ position: { x: width / 2, y: height / 2 } });
  await expect(row).toHaveValue('53'); // of 113 rows the middle one, less half a map
  expect(await map()).not.toEqual(strongest);
  await row.press('ArrowRight');
  await expect(row).toHaveValue('54');

  await test.step('and in the normalisation, whose axis grows with them', async () => {
    await page.getByRole('button', { name: /Normalisation/ }).first().click();
    await page.getByRole('button', { name: EN['paper.photo.values'] }).click();
    await expect(page.getByRole('slider', { name: 'first channel', exact: true })).toBeVisible();
    const values = await page.locator('.squares').textContent();
    expect(values).not.toContain('380');
  });
});

test('the network that is loaded is asked, and averaged with those that were', async ({ page }) => {
  await openStep(page, 'ensemble');
  await page.getByRole('button', { name: /^Ask / }).click();
  const table = page.getByRole('table').filter({ has: page.getByRole('columnheader', { name: 'SqueezeNet 1.1' }) });
  const best = table.getByRole('row').nth(1);
  await expect(best).toContainText(/cat|tabby/, { timeout: 100_000 }); // what the sample photo shows
  const [own, mean] = await best.getByRole('cell').allTextContents();
  expect(mean).toBe(own); // of a single network
  await expect(page.getByText('Load another network and ask it too')).toBeVisible();
  // The whole distribution is the one that the page gives the five likeliest of.
  await page.getByRole('button', { name: EN['app.view.classify'] }).click();
  await expect(answers(page).first()).toContainText(own);
});

test('the loaded network answers with plain pooling, and under masks', async ({ page }) => {
  await openStep(page, 'pooling');
  await page.getByRole('button', { name: 'Answer with plain pooling' }).click();
  const trained = page.getByRole('row', { name: /^as it was trained/ });
  await expect(trained).toContainText(/cat|tabby/, { timeout: 100_000 });
  await expect(trained.getByRole('cell').last()).toHaveText('1');
  const [, first] = await trained.getByRole('cell').allTextContents();
  const plain = await page.getByRole('row', { name: /^plain pooling/ }).getByRole('cell').allTextContents();
  expect(plain[2]).not.toBe(first); // its probability is another one

  await page.getByRole('button', { name: /Dropout/ }).first().click();
  await page.getByRole('button', { name: 'Draw 64 masks' }).click();
  await expect(page.getByText(/^The mean of 64 masks and the scaled network are [\d.]+% apart/)).toBeVisible({
    timeout: 100_000,
  });
  await expect(page.getByText(/active units are crossed out by the last mask/)).toBeVisible();
  await page.getByRole('button', { name: EN['paper.dropout.one-more'] }).click();
  await expect(page.getByText(/^The mean of 65 masks/)).toBeVisible();
  const table = page.getByRole('table').last();
  const [lowest, highest, mean, scaled] = await table.getByRole('row').nth(1).getByRole('cell').allTextContents();
  expect(scaled).toBe(first);
  expect(parseFloat(lowest)).toBeLessThan(parseFloat(mean));
  expect(parseFloat(highest)).toBeGreaterThan(parseFloat(mean));
});
