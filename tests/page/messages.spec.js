// Every sentence of the page: there in both languages, well formed, and one
// for each error that the core or the page can tell of.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { IntlMessageFormat } from 'intl-messageformat';
import { expect, test } from '@playwright/test';
import { EN, ZH } from './support/classify.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(ROOT + path, 'utf8');

/** The page's own scripts, joined. */
const scripts = readdirSync(`${ROOT}www`, { recursive: true })
  .filter((path) => path.endsWith('.js') && !path.startsWith('pkg'))
  .map((path) => read(`www/${path}`))
  .join('\n');

const kebab = (name) => name.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase();

/** The core's errors: code to names of fields. */
function coreErrors() {
  const [, body] = read('src/error.rs').match(/pub enum Error \{\n(.*?)\n\}\n/s);
  const variants = [...body.matchAll(/^    ([A-Z]\w+)(?:,| \{\n(.*?)^    \})/gms)];
  return new Map(
    variants.map(([, name, fields = '']) => [
      kebab(name),
      [...fields.matchAll(/^        (\w+):/gm)].map(([, field]) => field),
    ]),
  );
}

/** Names of the values that a message is formatted with. */
function argumentsOf(message) {
  const names = new Set();
  const walk = (elements) => {
    for (const { type, value, options } of elements) {
      if (type !== 0 && type !== 7) names.add(value); // neither text nor #
      for (const option of Object.values(options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: true }).getAst());
  return names;
}

test('both languages have the same messages, with the same values', () => {
  expect(Object.keys(ZH).sort()).toEqual(Object.keys(EN).sort());
  for (const [key, message] of Object.entries(EN)) {
    const [english, chinese] = [message, ZH[key]].map((text) => [...argumentsOf(text)].sort());
    expect(chinese, key).toEqual(english);
    expect(ZH[key].trim(), key).not.toBe('');
  }
});

test('every error of the core has a sentence that uses only its fields', () => {
  const errors = coreErrors();
  expect(errors.size).toBeGreaterThan(15);
  for (const [code, fields] of errors) {
    for (const key of [`error.${code}`, `error.${code}.advice`]) {
      if (key.endsWith('.advice') && !(key in EN)) continue;
      expect(EN[key], key).toBeDefined();
      // The page adds the name of the file, and whether there is a name (describe-error.js, models.js).
      const known = [...fields, ...fields.map((field) => `${field}Count`), 'file', 'named'];
      for (const name of argumentsOf(EN[key])) expect(known, key).toContain(name);
    }
  }
});

test('every error of the page has a sentence', () => {
  const lines = scripts.split('\n').filter((line) => /\bcodes?(:| =)|\berror\(/.test(line));
  const codes = lines.flatMap((line) => [
    ...[...line.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map(([, code]) => code),
    ...[...line.matchAll(/\bcode: '([a-z]+)'/g)].map(([, code]) => code),
  ]);
  expect(codes).toEqual(expect.arrayContaining(['not-a-picture', 'address-refused', 'offline']));
  for (const code of codes) expect(EN[`error.${code}`], code).toBeDefined();
});

test('every message that the scripts ask for exists, and no message is left over', () => {
  const asked = [...scripts.matchAll(/(?<![#.\w])(?:t|tell)\(\s*'([\w.-]+)'/g)].map(([, key]) => key);
  expect(asked.length).toBeGreaterThan(50);
  for (const key of asked) expect(EN[key], key).toBeDefined();

  const composed = [...scripts.matchAll(/`([\w.-]*)\$\{[^`]*`/g)].map(([, start]) => start);
  const prefixes = composed.filter((start) => start.includes('.'));
  for (const key of Object.keys(EN).filter((key) => !key.startsWith('error.'))) {
    const used = scripts.includes(`'${key}'`) || prefixes.some((prefix) => key.startsWith(prefix));
    expect(used, `nothing asks for ${key}`).toBe(true);
  }
});

test('no sentence is left over of an error that nobody tells of', () => {
  const errors = coreErrors();
  for (const key of Object.keys(EN).filter((key) => key.startsWith('error.'))) {
    const [, code, part = 'advice'] = key.split('.');
    const told = errors.has(code) || [code, key].some((name) => scripts.includes(`'${name}'`));
    expect(told, `nothing tells of ${key}`).toBe(true);
    if (part !== 'advice') expect(errors.get(code), key).toContain(part);
  }
});
