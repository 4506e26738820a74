// What a person does in the view of the paper.
import { EN } from './classify.js';

/**
 * Opens a step by the page's own buttons, so that nothing is loaded again.
 *
 * @param {import('@playwright/test').Page} page in English
 * @param {string} step
 */
export async function openStep(page, step) {
  await page.getByRole('button', { name: EN['app.view.paper'], exact: true }).click();
  const steps = page.getByRole('navigation', { name: EN['paper.steps'] });
  await steps.getByRole('button', { name: EN[`paper.${step}.short`] }).click();
}
