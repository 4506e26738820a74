// The steps of the paper that need the network of the paper: AlexNet in its real
// size, deep-compressed, of other weights.
import { EN } from './support/classify.js';
import { expect, test } from './support/test.js';
import { writeNet } from './support/weights-files.js';
import { dropPath } from './support/weights-page.js';

test.setTimeout(600_000);
const PATIENT = { timeout: 240_000 };

test('towers, normalisation, dropout and an ensemble are tried in AlexNet itself', async ({ page }) => {
  await page.goto('./?view=paper&step=ensemble&lang=en&sample=chelsea');
  await page.getByRole('button', { name: 'Ask SqueezeNet 1.1' }).click();
  await expect(page.getByText('Load another network and ask it too')).toBeVisible(PATIENT);
  await page.getByRole('button', { name: /Two towers/ }).first().click();
  await expect(page.getByText('SqueezeNet 1.1, which is loaded, was never in two towers')).toBeVisible(PATIENT);
  await dropPath(page, writeNet());
  await page.getByRole('button', { name: 'Cut the loaded network apart' }).click(PATIENT);
  const figures = page.locator('.maps figure');
  await expect(figures).toHaveCount(4, PATIENT);
  for (const name of ['as it was trained', 'convolutions cut apart', 'GPU 1 alone', 'GPU 2 alone']) {
    await expect(page.getByRole('row', { name: new RegExp(`^${name}`) })).toBeVisible();
  }
  await expect(page.locator('.facts')).toContainText('Cut apart the loaded network gives');

  await test.step('one tower alone: the other’s maps are empty', async () => {
    /** How many colours the upper and the lower half of a mosaic have. */
    const colours = (at) =>
      figures.nth(at).locator('canvas').evaluate((canvas) => {
        const { width, height } = canvas;
        const context = new OffscreenCanvas(width, height).getContext('2d');
        context.drawImage(canvas, 0, 0);
        // The half of height is in the gap between the towers.
        return [0, Math.ceil(height / 2)].map((top) => {
          const { data } = context.getImageData(0, top, width, Math.floor(height / 2));
          return new Set(new Uint32Array(data.buffer)).size;
        });
      });
    const [first, second] = [await colours(2), await colours(3)];
    expect(first[0]).toBeGreaterThan(20);
    expect(first[1]).toBeLessThanOrEqual(2); // 0 and the gaps
    expect(second[0]).toBeLessThanOrEqual(2);
    expect(second[1]).toBeGreaterThan(20);
  });

  await test.step('no normalisation: its layers hand on what they get', async () => {
    await page.getByRole('button', { name: /Normalisation/ }).first().click();
    await page.getByRole('button', { name: 'Answer without normalisation' }).click();
    await expect(figures).toHaveCount(2, PATIENT);
    const most = async (at) =>
      Number((await figures.nth(at).textContent()).match(/up to ([\d.,]+)/)[1].replaceAll(',', ''));
    expect(await most(1)).toBeGreaterThan(await most(0));
    await expect(page.getByRole('combobox', { name: EN['paper.maps.layer'] }).getByRole('option')).toHaveCount(2);
  });

  await test.step('masks on both hidden layers', async () => {
    await page.getByRole('button', { name: /Dropout/ }).first().click();
    await page.getByRole('slider', { name: EN['paper.dropout.how-many'] }).fill('8');
    await page.getByRole('button', { name: 'Draw 8 masks' }).click();
    await expect(page.getByText(/^The mean of 8 masks/)).toBeVisible(PATIENT);
    const sheets = page.locator('dropped-units');
    await expect(sheets).toHaveCount(2);
    const counts = await sheets.locator('figcaption').allTextContents();
    const [[off, active, all], [, , others]] = counts.map((text) =>
      text.match(/\d[\d,]*/g).slice(-3).map((number) => Number(number.replace(',', ''))),
    );
    expect([all, others]).toEqual([4096, 4096]); // of these weights fc7 is dead, fc6 is not
    expect(off / active).toBeGreaterThan(0.4);
    expect(off / active).toBeLessThan(0.6);
  });

  await test.step('its answer is averaged with that of another network', async () => {
    await page.getByRole('button', { name: /Ensembles/ }).first().click();
    await page.getByRole('button', { name: 'Ask AlexNet' }).click();
    await expect(page.getByText('The average of 2 networks.')).toBeVisible(PATIENT);
    const table = page.getByRole('table').filter({ has: page.getByRole('columnheader', { name: 'SqueezeNet 1.1' }) });
    for (const row of (await table.getByRole('row').all()).slice(1)) {
      const [one, other, mean] = (await row.getByRole('cell').allTextContents()).map((text) => parseFloat(text.replace('<', '')));
      expect(Math.abs((one + other) / 2 - mean)).toBeLessThan(0.11); // each is rounded
    }
    await expect(page.locator('.facts')).toContainText('On the photo at hand the loaded networks give');
  });
});
