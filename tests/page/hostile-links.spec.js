// Anyone can write a link: whatever stands in it, the page opens, and tells what it ignored.
import { EN, notices } from './support/classify.js';
import { STEPS, WAYS } from '../../www/address-words.js';
import { FIELDS, VIEW_FIELDS } from '../../www/race/settings.js';
import { expect as anyExpect, test } from './support/test.js';

// Nothing here computes: what is not there soon never comes.
const expect = anyExpect.configure({ timeout: 20_000 });

/** What stands in the address, by what it is. */
const VALUES = {
  constructor: 'constructor',
  prototype: '__proto__',
  toString: 'toString',
  hasOwnProperty: 'hasOwnProperty',
  valueOf: 'valueOf',
  long: 'x'.repeat(400),
  large: '1e999',
  digits: '9'.repeat(330),
  negative: '-1',
  nan: 'NaN',
  unicode: '\u202e\ud83d\ude00 \u0000ключ ￿',
  nested: '{"__proto__":{"a":[[[[{"toString":1}]]]]}}',
  deep: '['.repeat(100),
  markup: '"><img src=x onerror=alert(1)>',
};

const OF_PAGE = ['lang', 'view', 'step', 'only', 'sample', 'why', 'unit', 'engine'];
const OF_RACE = [...Object.keys(FIELDS), ...Object.keys(VIEW_FIELDS), 'lines'];

const IGNORED = EN['error.address-ignored'].replace(/\{refused\}.*/, '');

/** All that the page says that it ignored. */
const ignored = (page) => notices(page).filter({ hasText: IGNORED });

async function open(page, parameters) {
  await page.goto(`./?${new URLSearchParams(parameters)}`);
  await expect(page.getByRole('navigation').first()).toBeVisible();
  await expect(page.locator('.failed-part')).toHaveCount(0);
}

test('a language that is a word of the prototype is told, and the page opens', async ({ page }) => {
  await open(page, { lang: 'constructor' });
  await expect(page.getByRole('heading', { name: EN['stage.title'] })).toBeVisible();
  await expect(ignored(page)).toContainText('lang=constructor');
});

for (const [what, value] of Object.entries(VALUES)) {
  test(`every parameter of the page is ${what}`, async ({ page }) => {
    await open(page, Object.fromEntries(OF_PAGE.map((key) => [key, value])));
    const text = (await ignored(page).textContent()).replace(/\s+/g, ' ');
    expect(text.length).toBeLessThan(600); // nobody reads all letters
    expect(text).toContain(`view=${[...value].slice(0, 10).join('').replace(/\s+/g, ' ')}`);
    await expect(page.locator('photo-stage')).toBeVisible();
  });

  test(`every parameter of the race is ${what}`, async ({ page }) => {
    await open(page, { lang: 'en', view: 'train', ...Object.fromEntries(OF_RACE.map((key) => [key, value])) });
    await expect(page.locator('race-stage')).toBeVisible();
    await expect(ignored(page)).toContainText('more');
    await expect(page.locator('.failed-part')).toHaveCount(0);
    const query = new URL(page.url()).searchParams;
    expect(OF_RACE.filter((key) => query.get(key) === value)).toEqual([]);
  });
}

test('every step of the paper opens whatever is set in it, and says what it ignored', async ({ page }) => {
  test.setTimeout(480_000);
  for (const step of STEPS) {
    const usual = ['{"__proto__":1,"toString":{},"x":"constructor"}', '[]'];
    const all = [...Object.values(VALUES), 'null', '7', '['.repeat(4000), 'x'.repeat(12_000)];
    for (const set of step === 'output-size' ? [...usual, ...all] : usual) {
      await open(page, { lang: 'en', view: 'paper', step, set });
      await expect(page.locator(`${step}-step`)).toBeVisible();
      await expect(ignored(page)).toContainText('set=');
    }
  }
});

test('stages, layers and units of any name leave the page as it is', async ({ page }) => {
  for (const value of Object.values(VALUES)) {
    await open(page, { lang: 'en', stage: value, layer: value, unit: '7' });
    await expect(page.locator('network-spine')).toBeVisible();
  }
});

test('what the loaded network does not have is told once it is there', async ({ page }) => {
  await open(page, { lang: 'en', stage: 'constructor', layer: '__proto__', unit: '7' });
  await expect(ignored(page)).toContainText(/stage=constructor.*layer=__proto__.*unit=7/);
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ lang: 'en' });
});

test('a network of any name is told as one that there is not', async ({ page }) => {
  await open(page, { lang: 'en', model: '__proto__' });
  await expect(notices(page)).toContainText(/no network named __proto__/);
});

for (const way of ['constructor', ...WAYS]) {
  test(`why=${way} opens one of the ways to ask`, async ({ page }) => {
    await open(page, { lang: 'en', sample: 'panda', why: way });
    const wanted = WAYS.includes(way) ? way : null;
    await expect(ignored(page)).toHaveCount(wanted ? 0 : 1);
    expect(new URL(page.url()).searchParams.get('why')).toBe(wanted);
  });
}
