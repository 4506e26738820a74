// Firefox, driven over WebDriver BiDi.
import puppeteer from 'puppeteer-core';

/**
 * @returns {Promise<import('./person.js').Browser>} Firefox with a profile of its own, which is gone
 *   once it is closed
 */
export async function openFirefox() {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX || '/usr/bin/firefox-esr',
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
