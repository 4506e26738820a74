// Firefox, driven over WebDriver BiDi.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import puppeteer from 'puppeteer-core';

/**
 * @returns {Promise<import('./person.js').Browser>} Firefox with a profile of its own, which is gone
 *   once it is closed
 */
export async function openFirefox() {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX || executable(),
    headless: true,
    protocolTimeout: 120_000,
    extraPrefsFirefox: { 'intl.accept_languages': 'en', 'ui.prefersReducedMotion': 1 },
  });
  const page = await browser.newPage();
  const uncaught = [];
  page.on('pageerror', (error) => uncaught.push(error.message));
  return {
    version: await browser.version(),
    uncaught,
    goto: (address) => page.goto(address),
    evaluate: (work, ...given) => page.evaluate(work, ...given),
    async click(find, ...given) {
      const handle = await page.evaluateHandle(find, ...given);
      const element = handle.asElement();
      await element.scrollIntoView();
      await element.click();
      await handle.dispose();
    },
    resize: (width, height) => page.setViewport({ width, height }),
    screenshot: (path) => page.screenshot({ path }),
    close: () => browser.close(),
  };
}

/** The first on the path; Debian's has a name of its own. */
function executable() {
  const folders = process.env.PATH.split(delimiter);
  const found = ['firefox-esr', 'firefox']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(existsSync);
  if (!found) throw new Error('Firefox is missing: install it, or set FIREFOX to its executable');
  return found;
}
