// An error as a sentence, what to do about it, and the names that it lists.
import { count, hasMessage, list, megabytes, t } from './i18n/index.js';

/**
 * @param {import('./store.js').PageError} error
 * @returns {{ sentence: string, advice: string | null, details: string[],
 *   link: string | null }} the link: of a file to download by hand
 */
export function describeError(error) {
  const code = hasMessage(`error.${error.code}`) ? error.code : 'unexpected';
  const named = error.name ? 'yes' : 'no'; // some drivers tell no name
  const values = { reason: error.message ?? JSON.stringify(error), file: '', named };
  const details = [];
  for (const [field, value] of Object.entries(error)) {
    if (!Array.isArray(value)) {
      const large = (field === 'bytes' || field === 'most') && value > 1e6;
      values[field] = large ? megabytes(value) : value;
      continue;
    }
    const names = value.map(inList);
    values[field] = list(names);
    values[`${field}Count`] = value.length;
    if (value.length > 0 && hasMessage(`error.${code}.${field}`)) {
      details.push(`${t(`error.${code}.${field}`, { count: value.length })} ${names.join(', ')}`);
    }
  }
  const advice = `error.${code}.advice`;
  return {
    sentence: t(`error.${code}`, values),
    advice: hasMessage(advice) ? t(advice, values) : null,
    details,
    link: error.url ?? null,
  };
}

/** A name in a list of an error, or a tensor of another shape. */
function inList(entry) {
  if (typeof entry !== 'object') return String(entry);
  const { name, expected, found } = entry;
  return t('error.reshaped-tensor', { name, expected: shape(expected), found: shape(found) });
}

/** @param {number[]} sizes */
export const shape = (sizes) => sizes.map((size) => count(size)).join(' × ');
