// From a photo to its name, on this browser's GPU.
import { expect, test } from './support/test.js';

for (const [sample, answer] of [['goldfish', /goldfish/], ['panda', /panda/]]) {
  test(`names the ${sample}`, async ({ page }) => {
    await page.goto('./');
    await page.getByRole('button', { name: sample }).click();
    await expect(page.getByRole('listitem').first()).toHaveText(answer, { timeout: 60_000 });
  });
}

test('tells when a file is no picture, and goes on', async ({ page }) => {
  await page.goto('./');
  const text = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') };
  await page.getByLabel('Photo', { exact: true }).setInputFiles(text);
  await expect(page.getByRole('status')).toHaveText(/no picture/, { timeout: 60_000 });
  await page.getByRole('button', { name: 'goldfish' }).click();
  await expect(page.getByRole('listitem').first()).toHaveText(/goldfish/, { timeout: 60_000 });
});
