// What a link to a step may set: of each value whether it can be, since anyone
// can write an address.

/** @typedef {(value: unknown) => boolean} Allowed */

/** @returns {Allowed} a number from `low` to `high` */
export const within = (low, high) => (value) => typeof value === 'number' && value >= low && value <= high;

/** @returns {Allowed} a whole number from `low` to `high` */
export const whole = (low, high) => (value) => Number.isInteger(value) && value >= low && value <= high;

/** @returns {Allowed} one of these */
export const oneOf = (...choices) => (value) => choices.includes(value);

/** @param {Record<string, Allowed>} fields @returns {Allowed} an object with just these fields */
export const record = (fields) => (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).every((name) => Object.hasOwn(fields, name)) &&
  Object.entries(fields).every(([name, allowed]) => allowed(value[name]));

/**
 * What a link's `set` says, as far as it can be.
 *
 * @param {string | null} set JSON
 * @param {Record<string, Allowed>} linked
 * @returns {{ values: Record<string, unknown>, refused: string[] }} refused: names and values, or
 *   all of it
 */
export function readLinked(set, linked) {
  let told;
  try {
    told = JSON.parse(set ?? '{}');
  } catch {
    // told below
  }
  if (typeof told !== 'object' || told === null || Array.isArray(told)) {
    return { values: {}, refused: [set] };
  }
  const isKnown = ([name, value]) => Object.hasOwn(linked, name) && linked[name](value);
  const known = Object.entries(told).filter(isKnown);
  const others = Object.entries(told).filter((entry) => !isKnown(entry));
  return {
    values: Object.fromEntries(known),
    refused: others.map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
  };
}

/**
 * @param {Record<string, unknown>} values
 * @param {Record<string, unknown>} defaults of the same names
 * @returns {string | null} for a link; null where nothing differs
 */
export function writeLinked(values, defaults) {
  const text = (value) => JSON.stringify(value);
  const changed = Object.entries(values).filter(([name, value]) => text(value) !== text(defaults[name]));
  return changed.length > 0 ? text(Object.fromEntries(changed)) : null;
}
