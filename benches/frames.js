// How smooth the page stays while it works: the frames that it draws in a second,
// beside those of the same page at rest.

import { withPage } from './browser.js';
import { EN } from './texts.js';

/** The least share of the frames at rest that a page must draw while it works. */
export const FRAMES_BUDGET = 0.9;

/** Seconds of a count that nothing ends. */
const COUNTED = 10;

/**
 * Counts the frames of the built page from where it begins to compile the kernels of SqueezeNet
 * until it has named a photo.
 *
 * @returns {Promise<Frames>}
 */
export function framesWhileCompiling(browser, address, seconds) {
  return withPage(browser, `${address}?sample=goldfish&lang=en`, seconds, async (page) => {
    page.setDefaultTimeout(1000 * seconds);
    await page.getByText(/compiling the kernels/).waitFor();
    const working = await frames(page, () => page.locator('time-split dd').first().waitFor());
    const idle = await frames(page);
    return { idle, working };
  });
}

/**
 * Counts the frames of the built page's race of three lines.
 *
 * @returns {Promise<Frames>}
 */
export function framesWhileTraining(browser, address, seconds) {
  return withPage(browser, `${address}?view=train&lang=en`, seconds, async (page) => {
    page.setDefaultTimeout(1000 * seconds);
    const play = page.getByRole('button', { name: EN['race.play'], exact: true });
    await play.waitFor();
    const idle = await frames(page);
    await play.click();
    // Each line has its kernels then.
    for (let line = 0; line < 3; line++) await page.getByText(/pictures\/s/).nth(line).waitFor();
    const working = await frames(page);
    return { idle, working };
  });
}

/**
 * @typedef {object} Frames
 * @property {Count} idle
 * @property {Count} working
 *
 * @typedef {object} Count
 * @property {number} perSecond
 * @property {number} longest    the longest wait for a frame, in milliseconds
 */

/** @returns {Promise<Count>} of the frames that the page draws until `work` has ended */
async function frames(page, work = () => page.waitForTimeout(1000 * COUNTED)) {
  const counting = await page.evaluateHandle(() => {
    const times = [];
    const count = (time) => {
      times.push(time);
      counting.request = requestAnimationFrame(count);
    };
    const counting = { times, request: requestAnimationFrame(count) };
    return counting;
  });
  await work();
  return counting.evaluate(({ times, request }) => {
    cancelAnimationFrame(request);
    const waits = times.slice(1).map((at, index) => at - times[index]);
    return { perSecond: (1000 * waits.length) / (times.at(-1) - times[0]), longest: Math.max(...waits) };
  });
}
