// What uploading the weights takes in memory, process by process. Linux only:
// no browser tells a page or its tools the peak.

import { readFile, writeFile } from 'node:fs/promises';
import { withPage } from './browser.js';

/** What the page's process may take at most, in MB. */
export const RENDERER_BUDGET = 32;

/** A field of /proc/PID/status, in MB (10^6 bytes). */
async function megabytes(pid, field) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (1024 * Number(status.match(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm'))[1])) / 1e6;
}

/**
 * Runs the entry at `address` once. The peak of the resident memory between its
 * stages "before upload" and "after upload", beyond that at the former, in MB:
 * `{ renderer, GPU }`, each the largest of its kind.
 */
export async function uploadPeaks(browser, address, seconds) {
  const devtools = await browser.newBrowserCDPSession();
  const before = new Map();
  const peaks = { renderer: 0, GPU: 0 };
  const stages = {
    async 'before upload'() {
      const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
      for (const { id, type } of processInfo.filter((info) => info.type in peaks)) {
        await writeFile(`/proc/${id}/clear_refs`, '5'); // sets the peak back
        before.set(id, { type, size: await megabytes(id, 'VmRSS') });
      }
    },
    async 'after upload'() {
      for (const [id, { type, size }] of before) {
        peaks[type] = Math.max(peaks[type], (await megabytes(id, 'VmHWM')) - size);
      }
    },
  };
  await withPage(browser, address, seconds, async (page) => {
    await page.exposeFunction('stage', (name) => stages[name]());
    await page.evaluate(() => cold());
  });
  await devtools.detach();
  return peaks;
}
