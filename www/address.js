// What a link carries, in the query: view, step of the paper and whether it is shown
// alone, model, sample, what is looked at inside the network, what is asked about the
// answer, and language.

const KEYS = ['view', 'step', 'only', 'model', 'sample', 'stage', 'layer', 'unit', 'why', 'lang'];

/**
 * @returns {{ view: string | null, step: string | null, only: string | null, model: string | null,
 *   sample: string | null, stage: string | null, layer: string | null, unit: string | null,
 *   why: string | null, lang: string | null }}
 */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(KEYS.map((key) => [key, query.get(key)]));
}

/**
 * @param {Partial<ReturnType<typeof readAddress>>} patch null removes a key
 * @returns {string} the page's address, so changed
 */
export function addressWith(patch) {
  const url = new URL(location.href);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) url.searchParams.delete(key);
    else url.searchParams.set(key, value);
  }
  return url.href;
}

/** @param {Partial<ReturnType<typeof readAddress>>} patch as above */
export function writeAddress(patch) {
  history.replaceState(null, '', addressWith(patch));
}
