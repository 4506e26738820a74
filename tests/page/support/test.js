// What every page test imports: Playwright's `test` and `expect`, with the
// built page served from a folder of a plain web server.
import { fileURLToPath } from 'node:url';
import { test as base } from '@playwright/test';
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
      await use(errors);
      if (errors.length > 0) throw new AggregateError(errors, `uncaught on the page: ${errors}`);
    },
    { auto: true },
  ],
});
