// What the page must let a person do in each browser, without a GPU.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { EN, ZH, samplePhoto } from '../../page/support/classify.js';
import { pictureFiles } from '../../page/support/pictures.js';
import { serve } from '../../page/support/server.js';
import { Person } from './person.js';

const folder = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const SCREENSHOTS = folder('target/browser-tests');

const ANSWERS = 'answer-panel >> li';
const PANDA = { name: 'bear.webp', type: 'image/webp', bytes: samplePhoto('panda.webp').buffer };

const VIEWS = ['classify', 'train', 'paper'];
const STEPS = Object.keys(EN)
  .map((key) => key.match(/^paper\.([^.]+)\.short$/)?.[1])
  .filter(Boolean);

/** @type {Record<string, (person: Person) => Promise<void>>} */
const JOURNEYS = {
  async 'names a sample and a dropped photo'(person) {
    await person.open('?lang=en');
    await person.press(/^Sample: An orange goldfish/);
    await person.sees(ANSWERS, /goldfish/);
    await person.drop(PANDA);
    const [first] = await person.sees(ANSWERS, /giant panda/);
    assert.match(first, /giant panda .*9\d\.\d%/);
    await person.sees('device-line', /^Computed on (one core|\d+ cores) of your processor/);
  },

  async 'draws the maps of a layer'(person) {
    await person.open('?lang=en&sample=panda');
    await person.sees(ANSWERS, /giant panda/);
    await person.press(/^conv1 /, 'network-spine >> button');
    await person.sees('map-mosaic >> canvas', /^The 64 maps of/);
    await person.seesPicture('map-mosaic >> canvas', 100);
    // Drawn once more, since Firefox refuses a canvas's context the second time.
    await person.press(EN['inside.scale.network'], 'map-mosaic >> button');
    await person.sees('map-mosaic >> .legend', /\d/);
    await person.seesPicture('map-mosaic >> canvas', 20);
  },

  async 'says why, by Grad-CAM'(person) {
    await person.open('?lang=en&sample=panda');
    await person.sees(ANSWERS, /giant panda/);
    await person.press(EN['answer.why']);
    await person.sees('why-view', /Strongest at .* of conv10/);
    await person.seesPicture('why-view >> canvas', 100);
  },

  async 'trains the race that is there at first until ReLU has learnt'(person) {
    await person.open('?view=train&lang=en');
    await person.press(EN['race.play']);
    await person.sees('race-verdict', /ReLU was at 25% error after/);
    await person.press(EN['race.pause']);
    await person.sees('race-stage >> button', EN['race.play']);
  },

  async 'trains with pictures of a zip'(person) {
    await person.open('?view=train&lang=en&lines=relu&batch=8&epochs=1000');
    await person.sees('race-stage >> button', EN['race.play']);
    const bytes = Buffer.from(zipSync(pictureFiles(10)));
    await person.drop({ name: 'mine.zip', type: 'application/zip', bytes });
    await person.sees('race-view', /16 to train with, 4 to validate, 2 classes/);
    await person.press(EN['race.play']);
    await person.sees('race-lanes >> li', /pictures\/s/);
    await person.press(EN['race.pause']);
  },

  async 'goes through the steps of the paper'(person) {
    await person.open(`?view=paper&step=${STEPS[0]}&lang=en`);
    for (const step of STEPS) {
      await person.press(new RegExp(EN[`paper.${step}.short`]), 'paper-view >> nav >> button');
      await person.sees('paper-view >> h2', EN[`paper.${step}`]);
      await person.sees(`paper-view >> ${step}-step`, /\w/);
    }
  },

  async 'is in both languages, no wider than a telephone'(person) {
    await person.browser.resize(360, 740);
    for (const [language, messages] of [['en', EN], ['zh', ZH]]) {
      for (const view of VIEWS) {
        await person.open(`?lang=${language}&view=${view}`);
        await person.sees('nav >> button[aria-current=page]', messages[`app.view.${view}`]);
        await person.sees('h2');
        const [width, window] = await person.browser.evaluate(() => [
          document.scrollingElement.scrollWidth,
          innerWidth,
        ]);
        assert.ok(width <= window, `${view} in ${language} is ${width} pixels wide, the window ${window}`);
      }
    }
  },
};

/**
 * The tests of a browser.
 *
 * @param {string} name
 * @param {() => Promise<import('./person.js').Browser>} openBrowser
 */
export function testJourneys(name, openBrowser) {
  describe(name, { timeout: 600_000 }, () => {
    let browser;
    let server;
    before(async () => {
      mkdirSync(SCREENSHOTS, { recursive: true });
      server = await serve({ '/some/folder/': folder('dist') });
      browser = await openBrowser();
      console.log(browser.version);
    });
    after(async () => {
      await browser?.close();
      await server.close();
    });
    afterEach(async ({ name: journey }) => {
      await browser.screenshot(`${SCREENSHOTS}/${name} ${journey}.png`);
    });

    const travel = async (journey, site) => {
      await browser.resize(1280, 800);
      const person = new Person(browser, site);
      await journey(person);
      assert.deepEqual(await person.reads('notice-list >> li.error'), []);
      assert.deepEqual(await person.reads('.failed-part'), []);
      assert.deepEqual(browser.uncaught.splice(0), []);
    };
    for (const [journey, steps] of Object.entries(JOURNEYS)) {
      test(journey, () => travel(steps, `${server.origin}/some/folder/`));
    }

    test('opens and names a photo without a network after one visit', async () => {
      const host = await serve({ '/': folder('dist') });
      let isServed = true;
      const end = async () => isServed && ((isServed = false), host.close());
      try {
        await travel(async (person) => {
          await person.open('?lang=zh');
          await browser.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
          await end();
          await person.open('?lang=en');
          await person.press(/^Sample: An orange goldfish/);
          await person.sees(ANSWERS, /goldfish/);
          // The Chinese labels are a file that only this language asks for.
          await person.open('?lang=zh&sample=panda');
          await person.sees(ANSWERS, /大熊猫/);
        }, `${host.origin}/`);
      } finally {
        await end();
      }
    });
  });
}
