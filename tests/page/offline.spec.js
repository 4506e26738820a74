// The page without a network: after one visit, and after a new version.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answers } from './support/classify.js';
import { serve } from './support/server.js';
import { expect, test as base } from './support/test.js';

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));

const test = base.extend({
  // A folder of its own, so that a new version can be put there.
  deployed: [
    async ({}, use) => {
      const copy = folder('../../target/page-tests/deployed');
      rmSync(copy, { recursive: true, force: true });
      cpSync(folder('../../dist'), copy, { recursive: true });
      await use(copy);
    },
    { scope: 'worker' },
  ],
  site: [
    async ({ deployed }, use) => {
      const server = await serve({ '/some/folder/': deployed });
      await use(`${server.origin}/some/folder/`);
      await server.close();
    },
    { scope: 'worker' },
  ],
});

test.use({ serviceWorkers: 'allow' });

/** The files are kept once the worker is active. */
const kept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));

test('opens and names a photo without a network after one visit', async ({ page, context }) => {
  await page.goto('./?lang=zh');
  await kept(page);
  await context.setOffline(true);
  await page.goto('./?lang=en');
  await page.getByRole('button', { name: 'Sample: An orange goldfish' }).click();
  await expect(answers(page).first()).toHaveText(/goldfish/);
  // The Chinese labels are a file that only this language asks for.
  await page.goto('./?lang=zh&sample=panda');
  await expect(answers(page).first()).toHaveText(/大熊猫/);
  await page.goto('./NOTICES.txt');
  await expect(page.locator('body')).toContainText('Aaron Logan');
});

test('a new version replaces the old one', async ({ page, context, site, deployed }) => {
  await page.goto('./');
  await kept(page);
  const edit = (name, old, text) => {
    const path = join(deployed, name);
    writeFileSync(path, readFileSync(path, 'utf8').replace(old, text));
  };
  edit('index.html', '<title>AlexNet Live</title>', '<title>AlexNet Live 2</title>');
  edit('service-worker.js', /^const VERSION = ".*";/, 'const VERSION = "2";');

  await page.goto('./');
  await expect(page).toHaveTitle('AlexNet Live 2');
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    while (!registration.waiting) await new Promise((resolve) => setTimeout(resolve, 50));
  });
  await context.setOffline(true);
  await page.reload();
  await expect(page).toHaveTitle('AlexNet Live 2');
  await context.setOffline(false);

  // Once the page is closed, nothing of the old version is left.
  await page.close();
  const outside = await context.newPage();
  await outside.goto(site.replace('some/folder/', ''));
  await expect.poll(() => outside.evaluate(() => caches.keys())).toEqual([expect.stringMatching(/ 2$/)]);
});
