// Names of the 1,000 ImageNet classes in the visitor's language.
import { getState, setState } from '../store.js';

/** @type {(string | null)[] | null} by class index; null until someone reads Chinese */
let chinese = null;

/** Fetches the Chinese names once. */
export async function loadLabels() {
  if (getState().language !== 'zh' || chinese) return;
  ({ default: chinese } = await import('./imagenet.zh.json'));
  setState({}); // what is on the page is drawn again
}

/**
 * @param {{ index: number, label: string }} entry
 * @param {boolean} labelled whether the classes are ImageNet's
 * @returns {{ name: string, beside: string | null }} the name to show large and, in Chinese,
 *   the English one beside it
 */
export function labelOf({ index, label }, labelled) {
  const translated = labelled && getState().language === 'zh' ? chinese?.[index] : null;
  return translated ? { name: translated, beside: label } : { name: label, beside: null };
}
