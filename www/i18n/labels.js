// Names of the 1,000 ImageNet classes in the visitor's language.
import names from '../../models/imagenet_classes.txt?raw';
import { getState, setState } from '../store.js';

const english = names.trim().split('\n');

/** @type {(string | null)[] | null} by class index; null until someone reads Chinese */
let chinese = null;

/** Fetches the Chinese names once. */
export async function loadLabels() {
  if (getState().language !== 'zh' || chinese) return;
  ({ default: chinese } = await import('./imagenet.zh.json'));
  setState({}); // what is on the page is drawn again
}

/**
 * @param {{ index: number, label: string }} entry the label is the index, if nothing better is known
 * @param {boolean} labelled whether the classes are ImageNet's
 * @returns {{ name: string, beside: string | null }} the name to show large and, in Chinese,
 *   the English one beside it
 */
export function labelOf({ index, label }, labelled) {
  if (!labelled) return { name: label, beside: null };
  const translated = getState().language === 'zh' ? chinese?.[index] : null;
  return translated ? { name: translated, beside: english[index] } : { name: english[index], beside: null };
}
