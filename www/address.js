// What a link carries: view, step of the paper, model, sample and language, in the query.

const KEYS = ['view', 'step', 'model', 'sample', 'lang'];

/** @returns {{ view: string | null, step: string | null, model: string | null, sample: string | null, lang: string | null }} */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(KEYS.map((key) => [key, query.get(key)]));
}

/** @param {Partial<ReturnType<typeof readAddress>>} patch null removes a key */
export function writeAddress(patch) {
  const url = new URL(location.href);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) url.searchParams.delete(key);
    else url.searchParams.set(key, value);
  }
  history.replaceState(null, '', url);
}
