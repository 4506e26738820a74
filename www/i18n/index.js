// Sentences and numbers in the visitor's language. A message is written in ICU
// syntax under one key in en.json and zh.json, and parsed when the page is built.
import { IntlMessageFormat } from 'intl-messageformat';
import { fetchFile } from '../fetch-file.js';
import { getState } from '../store.js';
import en from './en.json?url';
import zh from './zh.json?url';

/** What each language is called by itself, its tag, and where its messages are. */
export const LANGUAGES = {
  en: { name: 'English', short: 'EN', tag: 'en', url: en },
  zh: { name: '中文', short: '中文', tag: 'zh-Hans', url: zh },
};

/**
 * By language, once they are fetched: parsed, on the development server still ICU syntax.
 *
 * @type {Record<string, Record<string, import('@formatjs/icu-messageformat-parser').MessageFormatElement[] | string>>}
 */
const messages = {};

/** Fetches the messages of a language, before it becomes the page's. @param {string} language */
export async function loadMessages(language) {
  messages[language] ??= await (await fetchFile(LANGUAGES[language].url)).json();
}

const formats = new Map();

/** A formatter of `Intl` or a message, made once per language. */
function cached(key, make) {
  const { language } = getState();
  const full = `${language} ${key}`;
  if (!formats.has(full)) formats.set(full, make(LANGUAGES[language]));
  return formats.get(full);
}

/**
 * @param {string} key
 * @param {object} [values]
 * @returns {string}
 */
export function t(key, values) {
  const message = cached(key, ({ tag }) => {
    if (!hasMessage(key)) throw new Error(`no message ${key}`);
    return new IntlMessageFormat(messages[getState().language][key], tag, undefined, { ignoreTag: true });
  });
  return message.format(values);
}

/** @param {string} key whether there is a message of this key */
export const hasMessage = (key) => Object.hasOwn(messages[getState().language], key);

const number = (value, options) =>
  cached(JSON.stringify(options), ({ tag }) => new Intl.NumberFormat(tag, options)).format(value);

/** @param {number} value a whole number, in full: 60,965,224 */
export const count = (value) => number(value, {});

/** @param {number} value a large number in short: 61 M */
export const short = (value) =>
  number(value, { notation: 'compact', maximumSignificantDigits: 3 });

/** @param {number} value a measured one: 1.23, −0.0456, 1.2 × 10⁻⁷ */
export function figure(value, digits = 3) {
  const tiny = value !== 0 && Math.abs(value) < 9e-5;
  const options = { maximumSignificantDigits: digits, ...(tiny && { notation: 'scientific' }) };
  // There is no −0.
  const [factor, power] = number(value || 0, options).replace(/^-/, '−').split('E');
  const raised = power?.replace('-', '⁻').replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[digit]);
  return power ? `${factor} × 10${raised}` : factor;
}

/** @param {number} share of 1: 62.1 %; what is not quite nothing or all is not told as 0 or 100 % */
export function percent(share, digits = 1) {
  const least = 10 ** (-digits - 2);
  if (share > 0 && share < least / 2) return `<\u2009${percent(least, digits)}`;
  if (share < 1 && share >= 1 - least / 2) return `>\u2009${percent(1 - least, digits)}`;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return number(share, { style: 'percent', ...options });
}

/** @param {number} value in ms: 2.1 ms, 120 ms, 1.78 s */
export const duration = (value) =>
  number(value < 1000 ? value : value / 1000, {
    style: 'unit',
    ...(value < 1000 ? { unit: 'millisecond' } : { unit: 'second', unitDisplay: 'narrow' }),
    maximumSignificantDigits: value < 100 ? 2 : 3,
  });

/** @param {number} value in bytes: 2.5 MB */
export const megabytes = (value) =>
  number(value / 1e6, {
    style: 'unit',
    unit: 'megabyte',
    ...(value < 1e7 ? { maximumFractionDigits: 1 } : { maximumFractionDigits: 0 }),
  });

/** @param {number} value in bytes: 7.2 kB, 2.5 MB */
export const bytes = (value) =>
  value >= 1e6
    ? megabytes(value)
    : number(value / 1e3, { style: 'unit', unit: 'kilobyte', maximumSignificantDigits: 2 });

/** @param {string[]} names in one line, the many cut short */
export function list(names, most = 5) {
  const shown = names.slice(0, most);
  if (names.length > most) shown.push(t('list.more', { count: names.length - most }));
  return cached('list', ({ tag }) => new Intl.ListFormat(tag, { style: 'narrow' })).format(shown);
}
