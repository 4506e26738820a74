// What a link carries, in the query: view, step of the paper, whether it is shown
// alone and what is set there, model, sample, what is looked at inside the network,
// what is asked about the answer, language, and what computes.

const KEYS = ['view', 'step', 'only', 'set', 'model', 'sample', 'stage', 'layer', 'unit', 'why', 'lang', 'engine'];

/**
 * @returns {Record<(typeof KEYS)[number], string | null>}
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
