// Every layer on the processor and on this browser's adapter against the reference in f64, by
// the built page's own worker.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serve } from './support/server.js';
import { expect, test as base } from './support/test.js';

const folder = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const WORKER = readdirSync(folder('dist/assets')).find((name) => /^worker-.*\.js$/.test(name));

const test = base.extend({
  // A folder beside the page's, with the weights and the worker's protocol.
  site: [
    async ({}, use) => {
      const server = await serve({
        '/dist/': folder('dist'),
        '/comlink/': folder('node_modules/comlink/dist/esm'),
        '/models/': folder('models'),
        '/onnx/': folder('tests/golden/onnx'),
      });
      await use(`${server.origin}/`);
      await server.close();
    },
    { scope: 'worker' },
  ],
});

/** Loads a file of weights in a worker of its own and checks it; with `stop`, first ends that at once. */
async function verify(page, kind, weights, stop = false) {
  await page.goto('./models/imagenet_classes.txt'); // a page without a worker
  return page.evaluate(
    async ({ worker, kind, weights, stop }) => {
      const { proxy, wrap } = await import('/comlink/comlink.min.mjs');
      const engine = wrap(new Worker(worker, { type: 'module' }));
      await engine.open({ engine: kind });
      const file = await (await fetch(weights)).blob();
      await engine.load(undefined, file, undefined, proxy(() => {}));
      const check = async (stop) => {
        const reports = [];
        const progress = (stage, done, total) => {
          reports.push({ stage, done, total });
          return !stop;
        };
        try {
          const checks = await engine.verify(proxy(progress));
          return { checks, reports };
        } catch (error) {
          return { error, reports };
        }
      };
      const stopped = stop ? await check(true) : null;
      return { stopped, ...(await check(false)) };
    },
    { worker: `/dist/assets/${WORKER}`, kind, weights, stop },
  );
}

function expectAllRight({ checks, error, reports }) {
  expect(error).toBeUndefined();
  for (const check of checks) {
    expect(check.largestDifference, check.name).toBeLessThanOrEqual(check.tolerance);
  }
  // The page is told how far it is, also while the reference computes.
  for (const { stage, done, total } of reports) {
    expect(stage).toBe('verify');
    expect(done).toBeLessThanOrEqual(total);
  }
}

for (const kind of ['cpu', 'gpu']) {
  test(`every layer of SqueezeNet on the ${kind} equals the reference, and the check stops when told to`, async ({ page }) => {
    const { stopped, ...outcome } = await verify(page, kind, '/models/squeezenet-1.1.safetensors', true);
    expect(stopped.error).toMatchObject({ code: 'stopped' });
    // The processor hears of it only between layers that its helpers compute with it.
    const most = kind === 'gpu' ? 5 : outcome.reports.length / 2;
    expect(stopped.reports.length).toBeLessThan(most);
    expectAllRight(outcome);
    const kinds = outcome.checks.map(({ kind }) => kind);
    const fire = ['conv2d', 'conv2d', 'conv2d', 'concat'];
    expect(kinds).toEqual([
      ...['conv2d', 'max_pool2d', ...fire, ...fire],
      ...['max_pool2d', ...fire, ...fire],
      ...['max_pool2d', ...fire, ...fire, ...fire, ...fire],
      ...['conv2d', 'avg_pool2d'],
    ]);
    expect(outcome.reports.length).toBeGreaterThan(3);
    expect(outcome.reports.at(-1).done).toBeGreaterThan(outcome.reports[0].done);
  });

  test(`every other kind of layer on the ${kind} equals the reference`, async ({ page }) => {
    const outcome = await verify(page, kind, '/onnx/every_layer.onnx');
    expectAllRight(outcome);
    expect(outcome.checks.map(({ name, kind, activation }) => [name, kind, activation])).toEqual([
      ['first', 'conv2d', 'relu'],
      [expect.any(String), 'local_response_norm', null],
      [expect.any(String), 'max_pool2d', null],
      ['groups', 'conv2d', 'sigmoid'],
      [expect.any(String), 'tanh', null],
      [expect.any(String), 'add', null],
      [expect.any(String), 'concat', null],
      [expect.any(String), 'avg_pool2d', null],
      [expect.any(String), 'flatten', null],
      ['last', 'linear', null],
      [expect.any(String), 'softmax', null],
    ]);
  });
}
