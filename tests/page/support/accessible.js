// Whether everyone can use what is on the page, as far as axe can tell.
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';

/**
 * @param {import('@playwright/test').Page} page
 * @param {string} [what] is looked at
 */
export async function expectAccessible(page, what) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].target}`), what).toEqual([]);
}
