// Names of the 1,000 ImageNet classes in the visitor's language.
import englishNames from '../../models/imagenet_classes.txt?url';
import chineseNames from './imagenet.zh.json?url';
import { fetchFile } from '../fetch-file.js';
import { getState, setState } from '../store.js';

/** @type {string[] | null} by class index; null until they are fetched */
let english = null;

/** @type {(string | null)[] | null} the same, until someone reads Chinese */
let chinese = null;

/** Fetches the names once. */
export async function loadLabels() {
  english ??= (await (await fetchFile(englishNames)).text()).trim().split('\n');
  if (getState().language === 'zh') chinese ??= await (await fetchFile(chineseNames)).json();
  setState({}); // what is on the page is drawn again
}

/**
 * @param {{ index: number, label: string }} entry the label is the index, if nothing better is known
 * @param {boolean} labelled whether the classes are ImageNet's
 * @returns {{ name: string, beside: string | null }} the name to show large and, in Chinese,
 *   the English one beside it
 */
export function labelOf({ index, label }, labelled) {
  if (!labelled || !english) return { name: label, beside: null };
  const translated = getState().language === 'zh' ? chinese?.[index] : null;
  return translated ? { name: translated, beside: english[index] } : { name: english[index], beside: null };
}
