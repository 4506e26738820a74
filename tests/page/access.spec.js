// For everyone: by keyboard alone, by screen reader (axe), and on screens of every width.
import { expectAccessible } from './support/accessible.js';
import { answers, drop, EN, samplePhoto, ZH } from './support/classify.js';
import { expect, testOnOnePage as test } from './support/test.js';

const MESSAGES = { en: EN, zh: ZH };

/** The states of the page, each reached from the first screen. */
const STATES = {
  'the first screen': async () => {},
  'an answer with layers timed, a stage open and a message': async (page) => {
    await drop(page, [samplePhoto('goldfish.webp')]);
    await expect(answers(page)).toHaveCount(5);
    await page.getByRole('button', { name: EN['time.measure'] }).click();
    await page.getByRole('button', { name: /^fire5 .*share of the time/ }).click();
    await drop(page, [{ name: 'empty', mimeType: '', buffer: Buffer.alloc(0) }]);
    await expect(page.getByText('empty is empty.')).toBeVisible();
  },
  'a gallery': async (page) => {
    const files = ['goldfish.webp', 'panda.webp', 'moose.webp'];
    await drop(page, files.map((file) => samplePhoto(file)));
    await expect(page.getByRole('heading', { name: '3 of 3 photos named' })).toBeVisible();
  },
  'the list of networks': (page) => page.getByRole('button', { name: EN['spine.change'] }).click(),
  'the address dialog': (page) => page.getByRole('button', { name: EN['source.link'] }).click(),
  'the race': async (page) => {
    await page.getByRole('button', { name: EN['app.view.train'] }).click();
    await expect(page.locator('race-stage li')).toHaveCount(20);
  },
  'the paper': async (page) => {
    await page.getByRole('button', { name: EN['app.view.paper'] }).click();
    await expect(page.locator('paper-view h2').first()).toBeVisible();
  },
};

/** From a telephone to a projector of 4K. */
const SCREENS = [
  [360, 740],
  [768, 740],
  [900, 740],
  [1280, 740],
  [1920, 1080],
  [2560, 1440],
  [3840, 2160],
];

/** Looks at the page in each language, and in dark and in light. */
async function inEachDress(page, look) {
  for (const [language, name, colorScheme] of [
    ['zh', '中文', 'dark'],
    ['en', 'EN', 'light'],
  ]) {
    // By the button itself: it may lie behind an open dialog.
    const button = page.locator('.languages button', { hasText: name });
    await button.evaluate((element) => element.click());
    await page.emulateMedia({ colorScheme });
    await expect(page.getByText(MESSAGES[language]['footer.privacy'])).toBeAttached();
    await look(`${language}, ${colorScheme}`);
  }
}

test.afterEach(async ({ page }) => {
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.locator('nav button').first().click(); // back to where photos are named
});

for (const [state, reach] of Object.entries(STATES)) {
  test(`axe finds nothing serious on ${state}`, async ({ page }) => {
    await reach(page);
    await inEachDress(page, (dress) => expectAccessible(page, dress));
  });

  test(`nothing is cut off on ${state}`, async ({ page }) => {
    await reach(page);
    for (const [width, height] of SCREENS) {
      await page.setViewportSize({ width, height });
      await inEachDress(page, async (dress) => {
        const sizes = await page.evaluate(cutOff);
        expect(sizes, `${width} pixels, ${dress}`).toEqual({ scrollWidth: width, cut: [] });
      });
    }
  });
}

/** In the page: how wide it is, and which texts and fields stick out of their component. */
function cutOff() {
  const cut = [];
  /** In a strip that is scrolled, as that of the paper's steps on a telephone. */
  const isScrolled = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement ?? at.getRootNode().host) {
      const isStrip = ['auto', 'scroll'].includes(getComputedStyle(at).overflowX);
      if (isStrip && at.scrollWidth > at.clientWidth) return true;
    }
    return false;
  };
  const walk = (root) => {
    const box = (root.host ?? document.documentElement).getBoundingClientRect();
    const [left, right] = box.width > 0 ? [box.left, box.right] : [0, innerWidth]; // dialogs
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) walk(element.shadowRoot);
      if (!element.matches('button, h1, h2, h3, a, input, dialog, p:not([role])')) continue;
      const own = element.getBoundingClientRect();
      if (own.width === 0) continue; // not shown
      const sticksOut = own.left < left - 1 || own.right > right + 1;
      if (sticksOut && !isScrolled(element)) cut.push(element.textContent.trim());
    }
  };
  walk(document);
  return { scrollWidth: document.scrollingElement.scrollWidth, cut };
}

/** The element that has the focus, not the components around it. */
const focused = (page) => page.locator(':focus').last();

test('everything is reached by keyboard', async ({ page }) => {
  const tabTo = async (name, key = 'Tab') => {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press(key);
      if (await focused(page).and(page.getByRole('button', { name })).count()) return;
    }
    throw new Error(`40 presses of ${key} do not reach ${name}`);
  };
  await page.reload();
  await expect(page.getByRole('heading', { name: EN['stage.title'] })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(focused(page)).toHaveText(EN['app.skip']);
  await page.keyboard.press('Enter');

  await tabTo(/^Sample: A giant panda/);
  await page.keyboard.press('Enter');
  await expect(answers(page).first()).toHaveText(/giant panda/);

  await tabTo(EN['time.measure']);
  await page.keyboard.press('Space');
  await tabTo(EN['spine.change']);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: EN['models.title'] });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(focused(page)).toHaveText(EN['spine.change']); // back where it was

  await expect(page.getByRole('button', { name: /^conv1 .*share of the time/ })).toBeVisible(); // measured
  await tabTo(/^conv1 .*share of the time/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'conv1' })).toBeVisible();
});
