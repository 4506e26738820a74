// The badge of a checked network: what it says, and how long it holds.
import { extremes, isWrong, shareOf } from '../../www/actions/checks.js';
import { answers, EN } from './support/classify.js';
import { expect, loseGpu, testInOwnBrowser as test } from './support/test.js';

const SLOW = { timeout: 240_000 };
test.setTimeout(400_000);

test('the largest difference and the layer nearest to its limit are told apart', () => {
  const checks = [
    { name: 'a', largestDifference: 3e-4, tolerance: 0.1 },
    { name: 'b', largestDifference: 1e-5, tolerance: 0.001 },
    { name: 'c', largestDifference: 0, tolerance: 0 },
  ];
  const { largest, nearest } = extremes(checks);
  expect([largest.name, nearest.name]).toEqual(['a', 'b']);
  expect(checks.some(isWrong)).toBe(false);
  // What is no number is wrong, and further out than anything.
  const none = { name: 'd', largestDifference: NaN, tolerance: 1 };
  expect([isWrong(none), shareOf(none)]).toEqual([true, Infinity]);
  expect(extremes([...checks, none]).nearest.name).toBe('d');
});

test('the GPU is checked layer by layer; the badge stays when its panel closes, and goes with the device', async ({ page }) => {
  await page.goto('./?lang=en&sample=goldfish&engine=gpu');
  await expect(answers(page)).toHaveCount(5);
  const head = page.locator('network-head');
  const before = head.getByRole('button', { name: EN['trust.check'], exact: true });
  await expect(before.locator('.icon')).toHaveCount(0); // nothing is promised yet
  await before.click();
  const panel = page.locator('trust-badge');
  await panel.getByRole('button', { name: EN['task.stop'] }).click(SLOW);
  await panel.getByRole('button', { name: EN['trust.check'] }).click();

  const badge = head.getByRole('button', { name: /^Checked: largest difference \d/ });
  await expect(badge).toBeVisible(SLOW);
  await expect(badge.locator('.icon')).toHaveCount(1);
  const sentence = page.getByText(/\d+ layers agree with the reference\. Largest difference: .*, in .*, where .* is allowed/);
  await expect(page.getByText(/Weights: SqueezeNet 1\.1, SHA-256 [0-9a-f]{12}…/)).toBeVisible();
  const told = (await sentence.innerText()).match(/Largest difference: (.*), in (.*), where (.*) is allowed/);
  await page.getByText(EN['trust.table']).click();
  await expect(panel.getByRole('row')).toHaveCount(39);
  const rows = await page.locator('trust-badge tbody tr').all();
  const cells = await Promise.all(rows.map((row) => row.getByRole('cell').allInnerTexts()));
  const plain = (text) => {
    const [factor, power] = text.split(' × 10');
    const digits = power?.replace('⁻', '-').replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit));
    return Number(power ? `${factor}e${digits}` : factor);
  };
  expect(plain(told[1])).toBe(Math.max(...cells.map(([, , difference]) => plain(difference))));
  expect(cells).toContainEqual([told[2], expect.any(String), told[1], told[3]]);

  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 720 });

  await badge.click();
  await expect(panel).toHaveCount(0);
  await expect(badge).toHaveAttribute('aria-expanded', 'false');
  await expect(badge).toContainText(told[1]);

  await loseGpu(page);
  await expect(before).toBeVisible(SLOW);
  await expect(badge).toHaveCount(0);
});
