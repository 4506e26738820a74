// The page's worker without the page around it: `engine` in an empty page.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test as base } from './test.js';

export { expect } from './test.js';

const root = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export const test = base.extend({
  // One page for all tests of a file. The kernels of runs that are open are compiled once:
  // tests with the same network and batch share them.
  opened: [
    async ({ browser, site }, use) => {
      const context = await browser.newContext({ baseURL: site });
      const page = await context.newPage();
      await openEngine(page);
      await use(page);
      await context.close();
    },
    { scope: 'worker' },
  ],

  page: async ({ opened }, use) => use(opened),
});

/**
 * Opens an empty page with `engine`, its device open, and `follow`.
 *
 * @param {import('@playwright/test').Page} page of a context whose base is the site
 */
async function openEngine(page) {
  const worker = readdirSync(root('dist/assets')).find((file) => /^worker-.*\.js$/.test(file));
  await page.route('**/empty.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
  );
  await page.route('**/comlink.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      path: root('node_modules/comlink/dist/esm/comlink.mjs'),
    }),
  );
  await page.goto('./empty.html');
  await page.evaluate(async (script) => {
    const { proxy, wrap } = await import(`${location.origin}/comlink.js`);
    const engine = wrap(new Worker(new URL(script, location.href), { type: 'module' }));
    await engine.open({});
    const open = (settings, data, checkpoint = null) =>
      engine.openTraining(settings, data, checkpoint, proxy(() => {}));
    /** Plays a run until it has done so many steps, or trouble: all that it told. */
    const follow = (id, steps) =>
      new Promise((resolve) => {
        const told = { steps: [], epochs: [], reports: 0 };
        const hear = async ({ error, ...report }) => {
          told.steps.push(...report.steps);
          told.epochs.push(...report.epochs);
          told.state = report.state;
          told.reports += 1;
          told.since ??= performance.now();
          told.until = performance.now();
          if (error) resolve({ ...told, error });
          else if (told.steps.length >= steps && !told.done) {
            told.done = true;
            await engine.pauseTraining(id);
            resolve(told);
          }
        };
        engine.playTraining(id, proxy(hear));
      });
    const reading = (files, options = {}) =>
      engine.readDataset(files, options, proxy(() => {})).catch((error) => {
        throw Object.assign(new Error(JSON.stringify(error)), error); // so that a test shows it
      });
    /** A picture file: one colour with noise. */
    const picture = async (path, colour, type = 'image/png') => {
      const canvas = new OffscreenCanvas(40, 30);
      const context = canvas.getContext('2d');
      context.fillStyle = colour;
      context.fillRect(0, 0, 40, 30);
      context.fillStyle = 'black';
      context.fillRect(Math.random() * 30, Math.random() * 20, 5, 5);
      const file = new File([await canvas.convertToBlob({ type })], path.split('/').pop(), { type });
      return { path, file };
    };
    const workerScript = new URL(script, location.href).href;
    Object.assign(globalThis, { engine, workerScript, proxy, open, follow, reading, picture });
  }, `./assets/${worker}`);
}
