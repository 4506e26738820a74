// Whether everyone can use what is on the page, as far as axe can tell.
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';

/**
 * @param {import('@playwright/test').Page} page
 * @param {string} [what] is looked at
 */
export async function expectAccessible(page, what) {
  const isThere = await page.evaluate(() => 'axe' in globalThis);
  // It looks in the page itself, which has no frames: the other mode opens a page for each look.
  const axe = new AxeBuilder({ page, axeSource: isThere ? 'true' : undefined }).setLegacyMode();
  const { violations } = await axe.options({ resultTypes: ['violations'] }).analyze();
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  expect(told, what).toEqual([]);
}
