// One Chromium for the whole bench; a fresh page with nothing cached per entry.

import { chromium } from 'playwright-core';

/** As a visitor's, but offline and with WebGPU also on the software adapter. */
const ARGUMENTS = [
  '--enable-unsafe-webgpu',
  '--no-sandbox', // containers, where CI runs as root
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Launches the browser that CHROMIUM names, or Playwright's own. */
export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: ARGUMENTS });
}

/**
 * Opens `address` in a context of its own and gives the page to `use`; rejects
 * when the page crashes or takes more than `seconds`.
 */
export async function withPage(browser, address, seconds, use) {
  const context = await browser.newContext();
  let timer;
  try {
    const page = await context.newPage();
    const trouble = new Promise((_, reject) => {
      page.on('crash', () => reject(new Error('the page crashed')));
      timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), 1000 * seconds);
    });
    trouble.catch(() => {}); // heard through the race below
    return await Promise.race([trouble, page.goto(address).then(() => use(page))]);
  } finally {
    clearTimeout(timer);
    await context.close();
  }
}

/** What computes: the adapter's own description. */
export function adapter(page) {
  return page.evaluate(async () => {
    const found = await navigator.gpu?.requestAdapter();
    if (!found) return null;
    const { vendor, architecture, device, description } = found.info;
    return [vendor, architecture, device, description].filter(Boolean).join(', ');
  });
}
