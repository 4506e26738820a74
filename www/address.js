// What a link carries, in the query: view, step of the paper, whether it is shown
// alone and what is set there, model, sample, what is looked at inside the network,
// what is asked about the answer, language, and what computes.

import { LANGUAGES } from './i18n/index.js';
import { findSample } from './samples.js';
import { ENGINES, ONLY, STEPS, VIEWS, WAYS, shortened } from './address-words.js';

const KEYS = ['view', 'step', 'only', 'set', 'model', 'sample', 'stage', 'layer', 'unit', 'why', 'lang', 'engine'];

/** What stands in the address, what is still to be written too. */
export const presentQuery = () => new URL(present()).searchParams;

/**
 * @returns {Record<(typeof KEYS)[number], string | null>}
 */
export function readAddress() {
  const query = presentQuery();
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
  const url = new URL(present());
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) url.searchParams.delete(key);
    else url.searchParams.set(key, value);
  }
  return url.href;
}

// Safari refuses an address that changes more than 100 times in 30 seconds: so many changes
// at once, then one each so many milliseconds.
const MOST_AT_ONCE = 20;
const PAUSE = 400;

const budget = { left: MOST_AT_ONCE, time: 0 };

/** What the address is to be once it may change again; null when it is that. */
let waiting = null;

/** The page's address, also while the browser's is still to be changed. */
const present = () => waiting ?? location.href;

/** The address that was written last: as the browser goes back it shows another. */
let last = location.href;

/** Whether Back leads through what is opened from now on: not while the page opens. */
let isFollowing = false;

/**
 * @param {Partial<ReturnType<typeof readAddress>>} patch as above
 * @param {{ step?: boolean }} options whether Back leads to what was before
 */
export function writeAddress(patch, { step = false } = {}) {
  const href = addressWith(patch);
  if (href === present()) return;
  last = href;
  if (step && isFollowing) {
    if (waiting !== null) history.replaceState(null, '', waiting);
    waiting = null;
    history.pushState(null, '', href);
    return;
  }
  const isScheduled = waiting !== null;
  waiting = href;
  if (!isScheduled) write();
}

function write() {
  const now = performance.now();
  budget.left = Math.min(MOST_AT_ONCE, budget.left + (now - budget.time) / PAUSE);
  budget.time = now;
  if (budget.left < 1) {
    setTimeout(write, PAUSE);
    return;
  }
  budget.left -= 1;
  if (waiting === null) return;
  try {
    history.replaceState(null, '', waiting);
    waiting = null;
  } catch {
    setTimeout(write, 10 * PAUSE); // this browser is stricter
  }
}

/** Of the address, what stays as it is while Back and Forward lead through the rest. */
const STAYING = ['model', 'sample', 'lang', 'engine'];

/**
 * From now on Back and Forward lead through what was opened.
 *
 * @param {(address: ReturnType<typeof readAddress>) => void} open
 */
export function followHistory(open) {
  isFollowing = true;
  addEventListener('popstate', () => {
    const before = new URL(last).searchParams;
    waiting = null;
    last = location.href;
    writeAddress(Object.fromEntries(STAYING.map((key) => [key, before.get(key)])));
    open(openingAddress().address);
  });
}
