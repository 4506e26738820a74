// What a link carries, in the query: view, step of the paper, whether it is shown
// alone and what is set there, model, sample, what is looked at inside the network,
// what is asked about the answer, language, and what computes.

import { LANGUAGES } from './i18n/index.js';
import { findSample } from './samples.js';
import { ENGINES, ONLY, STEPS, VIEWS, WAYS, shortened } from './address-words.js';

const KEYS = ['view', 'step', 'only', 'set', 'model', 'sample', 'stage', 'layer', 'unit', 'why', 'lang', 'engine'];

/**
 * @returns {Record<(typeof KEYS)[number], string | null>}
 */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(KEYS.map((key) => [key, query.get(key)]));
}

/** What the words of a link can be, where that is known before a network is. */
const ALLOWED = {
  view: (word) => VIEWS.includes(word),
  step: (word) => STEPS.includes(word),
  only: (word) => ONLY.includes(word),
  sample: (word) => findSample(word) !== undefined,
  unit: (word) => /^\d{1,9}$/.test(word),
  why: (word) => WAYS.includes(word),
  engine: (word) => ENGINES.includes(word),
  lang: (word) => Object.hasOwn(LANGUAGES, word),
};

/**
 * What the page opens with. Anyone can write an address.
 *
 * @returns {{ address: ReturnType<typeof readAddress>, refused: string[] }} null for what was refused
 */
export function openingAddress() {
  const address = readAddress();
  const refused = [];
  for (const [key, isAllowed] of Object.entries(ALLOWED)) {
    if (address[key] === null || isAllowed(address[key])) continue;
    refused.push(shortened(key, address[key]));
    address[key] = null;
  }
  return { address, refused };
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
