// How smooth the page stays while it trains: the frames that it draws in a second,
// beside those of the same page before the race begins.

import { withPage } from './browser.js';
import { EN } from './texts.js';

/** Seconds of each count. */
const COUNTED = 10;

/**
 * Counts the frames of the built page's race of three lines.
 *
 * @returns {Promise<{ idle: number, training: number, longest: number }>} frames per second, and
 *   the longest wait for one while it trained, in milliseconds
 */
export function framesWhileTraining(browser, address, seconds) {
  return withPage(browser, `${address}?view=train&lang=en`, seconds, async (page) => {
    page.setDefaultTimeout(1000 * seconds);
    const play = page.getByRole('button', { name: EN['race.play'], exact: true });
    await play.waitFor();
    const idle = await page.evaluate(frames, COUNTED);
    await play.click();
    // Each line has its kernels then.
    for (let line = 0; line < 3; line++) await page.getByText(/pictures\/s/).nth(line).waitFor();
    const training = await page.evaluate(frames, COUNTED);
    return { idle: idle.perSecond, training: training.perSecond, longest: training.longest };
  });
}

/** Runs on the page. */
function frames(seconds) {
  return new Promise((resolve) => {
    const times = [];
    const count = (time) => {
      times.push(time);
      if (time - times[0] < 1000 * seconds) return requestAnimationFrame(count);
      const waits = times.slice(1).map((at, index) => at - times[index]);
      resolve({ perSecond: (1000 * waits.length) / (time - times[0]), longest: Math.max(...waits) });
    };
    requestAnimationFrame(count);
  });
}
