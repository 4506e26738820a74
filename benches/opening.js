// What a visitor waits for when opening a layer inside the page: from the click
// until its maps are drawn, beside what one inference takes there.

import { withPage } from './browser.js';
import { EN } from './texts.js';

/** Most milliseconds that opening a layer may take, once its maps are computed. */
export const OPENING_BUDGET = 100;

const SAMPLE = 'goldfish';
const STAGES = ['conv1', 'fire3', 'fire6', 'fire9'];

/**
 * Opens layers of SqueezeNet in the built page, each `rounds` times.
 *
 * @returns {Promise<{ openings: number[], inference: number }>} milliseconds; the inference's are
 *   those of the page's own clock, without making the photo ready
 */
export function openingTimes(browser, address, rounds, seconds) {
  return withPage(browser, `${address}?sample=${SAMPLE}&lang=en`, seconds, async (page) => {
    page.setDefaultTimeout(1000 * seconds);
    const parts = page.locator('time-split dl div:not(.preprocess) dd');
    await parts.first().waitFor();
    const inference = (await parts.allInnerTexts()).reduce((sum, text) => sum + milliseconds(text), 0);

    const openings = [];
    for (const stage of STAGES) {
      await page.locator('network-spine ol button', { hasText: stage }).first().click();
      await page.locator('map-mosaic .tile').first().waitFor();
      const buttons = await page.locator('inside-view .layers button').elementHandles();
      for (let round = 0; round < rounds; round++) {
        // The first layer is open; each is opened out of the one before it.
        for (const button of [...buttons.slice(1), buttons[0]]) openings.push(await opened(page, button));
      }
    }
    return { openings, inference };
  });
}

/** Milliseconds from a click on a layer's button until its maps are drawn. */
function opened(page, button) {
  return page.locator('map-mosaic .mosaic > canvas').evaluate(
    (canvas, { button, drawing }) =>
      new Promise((resolve) => {
        const start = performance.now();
        const observer = new MutationObserver(() => {
          if (canvas.ariaLabel === drawing) return;
          observer.disconnect();
          resolve(performance.now() - start);
        });
        observer.observe(canvas, { attributeFilter: ['aria-label'] });
        button.click();
      }),
    { button, drawing: EN['inside.drawing'] },
  );
}

function milliseconds(text) {
  const [, number, unit] = text.match(/^([\d.]+)\s*(ms|s)$/) ?? [];
  if (!unit) throw new Error(`a time in ms or s, not ${text}`);
  return Number(number) * (unit === 's' ? 1000 : 1);
}
