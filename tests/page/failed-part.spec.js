// A part that cannot be drawn says so in its place, once; the rest of the page goes on.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EN, ZH, notices } from './support/classify.js';
import { expect, test } from './support/test.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const within = (folder) => readdirSync(ROOT + folder, { recursive: true });

/** Every element of the page, by the scripts that define them. */
const ELEMENTS = within('www')
  .filter((path) => path.endsWith('.js') && !path.startsWith('pkg'))
  .flatMap((path) => [...readFileSync(`${ROOT}www/${path}`, 'utf8').matchAll(/customElements\.define\('([\w-]+)'/g)])
  .map(([, name]) => name);

const SENTENCE = EN['part.failed.sentence'].replace('{reason}', '');

/** What the tests do on the page: walk all shadow trees, make a part fail. */
async function prepare(page) {
  await page.addInitScript(() => {
    /** All connected elements of a name. */
    const all = (name, root = document) =>
      [...root.querySelectorAll('*')].flatMap((element) => [
        ...(element.localName === name ? [element] : []),
        ...(element.shadowRoot ? all(name, element.shadowRoot) : []),
      ]);
    /** From now on elements of a name throw as they draw: how often they did, and the way back. */
    const breakPart = (name, method = 'render') => {
      const { prototype } = customElements.get(name);
      const own = Object.getOwnPropertyDescriptor(prototype, method);
      const counted = { draws: 0 };
      prototype[method] = function () {
        counted.draws += 1;
        throw new Error(`broken ${name}`);
      };
      counted.mend = () => (own ? Object.defineProperty(prototype, method, own) : delete prototype[method]);
      return counted;
    };
    const failures = (element) => [...(element.shadowRoot?.querySelectorAll('.failed-part') ?? [])];
    const frames = async (count) => {
      for (let at = 0; at < count; at += 1) await new Promise(requestAnimationFrame);
    };
    Object.assign(globalThis, { all, breakPart, failures, frames });
  });
}

/** Presses the button for the colours, which changes the state that every part draws. */
const changeState = (page) => page.locator('header .theme').evaluate((button) => button.click());

test('each element that throws as it is drawn says so once, and is asked no more until the visitor does', async ({
  page,
  uncaught,
}) => {
  await prepare(page);
  await page.goto('./?lang=en');
  await expect(page.getByRole('button', { name: 'Paper' })).toBeVisible();
  // Elements of views that are not open come with their modules.
  const scripts = within('dist/assets').filter((name) => /\.js$/.test(name) && !/^(worker|index)-/.test(name));
  const defined = await page.evaluate(
    async ([scripts, names]) => {
      await Promise.allSettled(scripts.map((name) => import(new URL(`assets/${name}`, location.href).href)));
      return names.filter((name) => customElements.get(name));
    },
    [scripts, ELEMENTS],
  );
  expect(defined).toEqual(ELEMENTS);
  expect(ELEMENTS.length).toBeGreaterThan(60);

  for (const name of ELEMENTS.filter((name) => name !== 'alexnet-app')) {
    const before = uncaught.length;
    const told = await page.evaluate(async (name) => {
      const part = breakPart(name);
      // What it would look at before it draws, nobody has given it here.
      const { prototype } = customElements.get(name);
      const before = ['shouldUpdate', 'willUpdate'];
      const own = before.map((method) => [method, Object.getOwnPropertyDescriptor(prototype, method)]);
      for (const method of before) prototype[method] = () => true;
      const standing = all(name);
      const element = document.createElement(name);
      document.body.append(element);
      await frames(2);
      for (let times = 0; times < 3; times += 1) {
        all('alexnet-app')[0].shadowRoot.querySelector('.theme').click();
        await frames(1);
      }
      const draws = part.draws;
      const text = failures(element).map((failure) => failure.textContent.replace(/\s+/g, ' ').trim());
      failures(element)[0]?.querySelector('button').click();
      await frames(2);
      const again = part.draws;
      const still = failures(element).length;
      part.mend();
      for (const [method, descriptor] of own) {
        delete prototype[method];
        if (descriptor) Object.defineProperty(prototype, method, descriptor);
      }
      element.remove();
      for (const one of standing) failures(one)[0]?.querySelector('button').click();
      await frames(1);
      return { draws, standing: standing.length, text, again, still };
    }, name);
    expect(told.text, name).toEqual([`${SENTENCE}broken ${name} ${EN['part.failed.again']}`]);
    expect(told.draws, `${name}: once for each of its kind`).toBe(1 + told.standing);
    expect(told.again, name).toBe(told.draws + 1);
    expect(told.still, name).toBe(1);
    expect(uncaught.slice(before), name).toEqual([]);
  }
  await expect(notices(page)).toHaveCount(0);
  await expect(page.locator('.failed-part')).toHaveCount(0); // each part of the page was mended
});

for (const [view, parts] of Object.entries({
  classify: ['photo-stage', 'answer-panel', 'network-spine', 'network-head', 'classify-view', 'notice-list', 'page-footer'],
  train: ['race-view', 'race-stage', 'race-chart', 'race-lanes', 'rate-field', 'race-settings', 'race-verdict'],
  paper: ['paper-view', 'activation-step', 'step-links'],
})) {
  test(`in the view ${view} a part that fails leaves the others as they are, and comes back`, async ({ page }) => {
    await prepare(page);
    await page.goto(`./?lang=en&view=${view}`);
    await expect(page.locator(parts[0])).toBeVisible();
    for (const name of parts) {
      await expect(page.locator(name).first()).toBeAttached();
      await page.evaluate((name) => (globalThis.part = breakPart(name)), name);
      await changeState(page);
      await expect(page.locator(name).first().locator('.failed-part').first()).toContainText(`broken ${name}`);
      await changeState(page);
      const counts = await page.evaluate(async (name) => {
        await frames(3);
        return [part.draws, all(name).length];
      }, name);
      expect(counts[0], name).toBe(counts[1]);
      await expect(page.getByRole('navigation').first()).toBeVisible();

      await page.evaluate(() => part.mend());
      const again = page.getByRole('button', { name: EN['part.failed.again'] });
      while ((await again.count()) > 0) await again.first().click();
      await expect(page.locator('.failed-part')).toHaveCount(0);
    }
  });
}

test('what is thrown after drawing, and the page itself, fail in their place, in the language of the page', async ({
  page,
}) => {
  await prepare(page);
  await page.goto('./?lang=zh');
  await expect(page.locator('photo-stage')).toBeVisible();
  await page.evaluate(() => (globalThis.part = breakPart('photo-stage', 'updated')));
  await changeState(page);
  const failed = page.locator('.failed-part');
  await expect(failed).toHaveText(/^\s*页面的这一部分无法显示：broken photo-stage\s*重试/);
  await page.getByRole('button', { name: 'EN' }).click();
  await expect(failed).toContainText(`${SENTENCE}broken photo-stage`);
  await page.evaluate(() => part.mend());
  await failed.getByRole('button', { name: EN['part.failed.again'] }).click();
  await expect(failed).toHaveCount(0);
  await expect(page.getByRole('heading', { name: EN['stage.title'] })).toBeVisible();

  await page.evaluate(() => (globalThis.part = breakPart('alexnet-app')));
  await page.evaluate(() => all('alexnet-app')[0].requestUpdate());
  await expect(failed).toContainText('broken alexnet-app');
  expect(await page.evaluate(() => part.draws)).toBe(1);
  await page.evaluate(() => part.mend());
  await failed.getByRole('button').click();
  await expect(page.getByRole('heading', { name: EN['stage.title'] })).toBeVisible();
  expect(ZH['part.failed.again']).toBe('重试');
});

test('a promise that is rejected at each draw is told once', async ({ page, uncaught }) => {
  await prepare(page);
  await page.goto('./?lang=en&view=train');
  await expect(page.locator('race-stage')).toBeVisible();
  await page.evaluate(() => {
    globalThis.draws = 0;
    customElements.get('race-stage').prototype.updated = () => {
      draws += 1;
      Promise.reject(new Error('asked at each draw'));
    };
  });
  await changeState(page);
  await expect(notices(page)).toHaveCount(1);
  await expect(notices(page)).toContainText('asked at each draw');
  const drawsMeanwhile = () =>
    page.evaluate(async () => {
      const before = draws;
      await frames(20);
      return draws - before;
    });
  await expect.poll(drawsMeanwhile).toBe(0);
  expect(await page.evaluate(() => draws)).toBeGreaterThan(1); // told, which drew it again
  uncaught.length = 0; // these are meant
});
