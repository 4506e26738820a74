// What every page test imports: Playwright's `test` and `expect`, with the
// built page served from a folder of a plain web server.
import { fileURLToPath } from 'node:url';
import { test as base } from '@playwright/test';
import config from '../../../playwright.config.js';
import { serve } from './server.js';

export { expect } from '@playwright/test';

const DIST = fileURLToPath(new URL('../../../dist', import.meta.url));

export const test = base.extend({
  // Not the root: an address that is not relative fails here.
  site: [
    async ({}, use) => {
      const server = await serve({ '/some/folder/': DIST });
      await use(`${server.origin}/some/folder/`);
      await server.close();
    },
    { scope: 'worker' },
  ],

  // page.goto('./') opens the page.
  baseURL: async ({ site }, use) => use(site),

  // An error that nobody caught fails the test that it happened in.
  uncaught: [
    async ({ page }, use) => {
      const errors = [];
      page.on('pageerror', (error) => errors.push(error));
      // What the page's policy forbids is told to the console.
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) errors.push(new Error(message.text()));
      });
      await use(errors);
      if (errors.length > 0) throw new AggregateError(errors, `uncaught on the page: ${errors}`);
    },
    { auto: true },
  ],
});

/**
 * The same with a browser for each test: one that has lost its GPU a few times
 * is given none any more.
 */
export const testInOwnBrowser = test.extend({
  page: async ({ playwright, launchOptions, contextOptions, serviceWorkers, site }, use) => {
    const browser = await playwright.chromium.launch(launchOptions);
    const context = await browser.newContext({ ...contextOptions, baseURL: site, serviceWorkers });
    await use(await context.newPage());
    await browser.close();
  },
});

/** Ends the GPU's process. @param {import('@playwright/test').Page} page of a browser of its own */
export async function loseGpu(page) {
  const devtools = await page.context().browser().newBrowserCDPSession();
  await devtools.send('Browser.crashGpuProcess');
}

/**
 * The same with one page for all tests that use it, in English, so that its
 * kernels are compiled once. Each test finds it in the view that opens, without
 * photos and messages, but with what else the one before left, maybe of another
 * file: whatever loads a network takes a page of its own.
 */
export const testOnOnePage = test.extend({
  shared: [
    async ({ browser, site }, use) => {
      const context = await browser.newContext(config.use.contextOptions);
      const page = await context.newPage();
      await page.goto(`${site}?lang=en`);
      await use(page);
      await context.close();
    },
    { scope: 'worker' },
  ],

  page: async ({ shared }, use) => {
    await shared.getByRole('button', { name: 'Classify', exact: true }).click();
    await use(shared);
    const left = shared.getByRole('button', { name: /^(Dismiss$|Remove )/ });
    while ((await left.count()) > 0) await left.first().click();
  },
});
