// Work that a moving pointer asks for faster than it can be done.
import { tellError } from '../actions/notices.js';

/**
 * One at a time, and of what is asked meanwhile only the last.
 *
 * @template {unknown[]} T
 * @param {HTMLElement} host of the work, which nobody wants any more once it is gone
 * @param {(...asked: T) => Promise<void>} work
 * @returns {(...asked: T) => Promise<void>}
 */
export function latest(host, work) {
  let next = null;
  let running = false;
  return async (...asked) => {
    next = asked;
    if (running) return;
    running = true;
    while (next && host.isConnected) {
      const now = next;
      next = null;
      try {
        await work(...now);
      } catch (error) {
        // A new device, or another photo, asks anew.
        const isKnown = ['device-lost', 'no-picture'].includes(error?.code);
        if (host.isConnected && !isKnown) tellError(error);
      }
    }
    running = false;
  };
}
