// The helpers of the processor, as the worker that is helped sees them.

/** Workers that help at most: more gain little and cost memory. */
const MOST = 7;

/** How many cores compute: all of two, of more all but one, which the page keeps for itself. */
export function computingCores(cores = navigator.hardwareConcurrency || 1) {
  return Math.min(cores > 2 ? cores - 1 : cores, MOST + 1);
}

/**
 * Starts helpers for all cores that compute but the one of this worker.
 *
 * @param {WebAssembly.Module} module
 * @returns {Promise<(() => Ask)[]>} each gives a way to ask for every device that is opened; none
 *   where this browser cannot start them
 *
 * @typedef {(text: string, bytes: Uint8Array) => Promise<Uint8Array>} Ask
 */
export async function startHelpers(module) {
  const started = Array.from({ length: computingCores() - 1 }, () => startHelper(module));
  const settled = await Promise.allSettled(started);
  return settled.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
}

async function startHelper(module) {
  const worker = new Worker(new URL('./helper.js', import.meta.url), { type: 'module' });
  /** The calls that are under way, by id. */
  const underWay = new Map();
  let ids = 0;
  const call = (message, transferred = []) =>
    new Promise((resolve, reject) => {
      const id = (ids += 1);
      underWay.set(id, { resolve, reject });
      worker.postMessage({ ...message, id }, transferred);
    });
  worker.addEventListener('message', ({ data: { id, bytes, error } }) => {
    const { resolve, reject } = underWay.get(id);
    underWay.delete(id);
    if (error) reject(new Error(error));
    else resolve(bytes);
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault(); // whoever waits hears of it
    for (const { reject } of underWay.values()) reject(new Error(event.message || 'a helper ended'));
    underWay.clear();
  });
  await call({ call: 'open', module });
  let servers = 0; // one for each device, see helper.js
  return () => {
    const server = (servers += 1);
    return (text, bytes) => call({ call: 'ask', server, text, bytes }, [bytes.buffer]);
  };
}
