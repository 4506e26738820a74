// Modules that come when they are needed.
import { tellError } from './actions/notices.js';

/**
 * A part of the page that is fetched once. Where it cannot be (no connection, or the page was
 * replaced by a newer one meanwhile), this is told with a button to try again; by itself it is
 * not, or each change of the state would.
 *
 * @template T
 * @param {() => Promise<T>} fetchModule
 * @returns {() => Promise<T | null>}
 */
export function lazyModule(fetchModule) {
  /** @type {Promise<T | null> | null} */
  let coming = null;
  let tries = 0;
  const load = (fetching) =>
    fetching().catch((error) => {
      const address = /https?:\S+\.js/.exec(error.message)?.[0];
      // A browser may remember that an address failed, and never ask for it again.
      const another = () => import(/* @vite-ignore */ `${address}?again=${(tries += 1)}`);
      const again = () => (coming = load(address ? another : fetchModule));
      const reload = { label: 'notice.reload', run: () => location.reload() };
      const action = tries === 0 ? { label: 'part.failed.again', run: again } : reload;
      tellError({ code: 'part-unreachable', reason: error.message }, action);
      return null;
    });
  return () => (coming ??= load(fetchModule));
}
