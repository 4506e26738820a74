// Everything that decides a race: its fields, their defaults and limits, how
// they stand in the page's address, and which take effect while it runs.
import { shortened } from '../address-words.js';

export const ACTIVATIONS = ['relu', 'tanh', 'sigmoid'];

/** Learning rates that the search tries with an optimiser. */
export const ratesOf = (optimizer) =>
  optimizer === 'adam'
    ? [0.0003, 0.001, 0.002, 0.004, 0.008, 0.02, 0.06]
    : [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
/** Ends of the sliders. */
export const LOWEST_RATE = 1e-5;
export const HIGHEST_RATE = 10;

const number = (kind, isOne) => (low, high) => {
  const read = (text) => {
    const value = Number(text);
    return text.trim() !== '' && isOne(value) && value >= low && value <= high ? value : undefined;
  };
  return Object.assign(read, { takes: { kind, low, high } });
};
const integer = number('integer', Number.isInteger);
const real = number('real', Number.isFinite);
const oneOf = (...names) =>
  Object.assign((text) => (names.includes(text) ? text : undefined), { names });
const TOGGLES = new Map([['on', true], ['off', false]]);
const toggle = (text) => TOGGLES.get(text);
const epoch = integer(1, 100_000);
const epochList = Object.assign(
  (text) => {
    const epochs = text.split(',').map(epoch);
    return epochs.includes(undefined) ? undefined : epochs;
  },
  { takes: { ...epoch.takes, kind: 'epochs' } },
);

/**
 * @typedef {object} Field
 * @property {unknown} value   at first
 * @property {((text: string) => unknown) & { names?: string[], takes?: object }} read  from the
 *   address or an input; undefined refuses. One of `names`, or what `takes` says for a person
 * @property {boolean} [live]  takes effect while the race runs; the others start it over
 */

// The race that is there at first needs no download and takes a minute in
// software: a small network, digits, batches of 8, and with so few of them Adam.
// All lines begin with the same weights (He's), so that nothing differs but the
// activation. The rates are those with the lowest loss after 150 steps:
//   alexnet-live train --network four-layer --batch 8 --optimizer adam --initializer he
//     --activation ACTIVATION --epochs 0 --find-steps 150
//     --find-lr 0.0005,0.001,0.002,0.004,0.008,0.016,0.032,0.064

/** By the key that the address uses. @type {Record<string, Field>} */
export const FIELDS = {
  network: { value: 'four-layer', read: (text) => text || undefined },
  data: { value: 'mnist-5k', read: oneOf('mnist-5k', 'cifar-10', 'files', 'pictures') },
  images: { value: 10_000, read: integer(16, 1_000_000) },
  epochs: { value: 10, read: integer(1, 100_000), live: true },
  batch: { value: 8, read: integer(1, 4096) },
  optimizer: { value: 'adam', read: oneOf('sgd', 'nesterov', 'adam') },
  relu: { value: 0.002, read: real(0, HIGHEST_RATE), live: true },
  tanh: { value: 0.004, read: real(0, HIGHEST_RATE), live: true },
  sigmoid: { value: 0.004, read: real(0, HIGHEST_RATE), live: true },
  momentum: { value: 0.9, read: real(0, 0.999), live: true },
  decay: { value: 0, read: real(0, 1), live: true },
  dropout: { value: 0, read: real(0, 0.95) },
  schedule: { value: 'constant', read: oneOf('constant', 'steps', 'plateau'), live: true },
  steps: { value: [10, 20, 30], read: epochList, live: true },
  patience: { value: 5, read: integer(1, 1000), live: true },
  initializer: { value: 'he', read: oneOf('modern', 'own', 'paper', 'xavier', 'he') },
  pooling: { value: 'overlapping', read: oneOf('overlapping', 'plain') },
  normalisation: { value: true, read: toggle },
  crop: { value: 0, read: integer(0, 16), live: true },
  mirror: { value: false, read: toggle, live: true },
  colour: { value: 0, read: real(0, 1), live: true },
  seed: { value: 1, read: integer(0, 2 ** 32 - 1) },
};

/** How the chart is drawn; in the address as well. @type {Record<string, Field>} */
export const VIEW_FIELDS = {
  x: { value: 'epochs', read: oneOf('epochs', 'seconds') },
  y: { value: 'error', read: oneOf('error', 'loss') },
  logx: { value: false, read: toggle },
  logy: { value: false, read: toggle },
  validation: { value: true, read: toggle },
};

/** @typedef {Record<string, any>} RaceSettings by the keys of FIELDS */

const write = (value) =>
  typeof value === 'boolean' ? (value ? 'on' : 'off') : Array.isArray(value) ? value.join(',') : String(value);

const same = (one, other) => write(one) === write(other);

/**
 * @param {Record<string, Field>} fields
 * @param {URLSearchParams} query
 * @returns {{ values: Record<string, any>, refused: string[] }} defaults where the query says
 *   nothing, or nonsense (then named)
 */
export function fromQuery(fields, query) {
  const values = {};
  const refused = [];
  for (const [key, { value, read }] of Object.entries(fields)) {
    const text = query.get(key);
    const found = text === null ? value : read(text);
    if (found === undefined) refused.push(shortened(key, text));
    values[key] = found ?? value;
  }
  return { values, refused };
}

/** @returns {boolean} whether it is a race's settings, each field as it can be set */
export const isSettings = (values) =>
  typeof values === 'object' &&
  values !== null &&
  Object.entries(FIELDS).every(([key, { read }]) => {
    if (!Object.hasOwn(values, key) || values[key] == null) return false;
    const found = read(write(values[key]));
    return found !== undefined && same(found, values[key]);
  });

/** @returns {Record<string, string | null>} for the address: null where it is the default */
export function toQuery(fields, values) {
  return Object.fromEntries(
    Object.entries(fields).map(([key, { value }]) => [
      key,
      same(values[key], value) ? null : write(values[key]),
    ]),
  );
}

/**
 * @param {RaceSettings} settings
 * @param {RaceSettings | null} started those of the race under way
 * @returns {string[]} fields that would start it over
 */
export function pendingFields(settings, started) {
  if (!started) return [];
  return Object.keys(FIELDS).filter(
    (key) => !FIELDS[key].live && !same(settings[key], started[key]),
  );
}

/** What the lines of a race train with: what takes effect at once is as it is set now. */
export const effectiveSettings = (settings, started) =>
  Object.fromEntries(
    Object.entries(FIELDS).map(([key, { live }]) => [key, (live ? settings : started)[key]]),
  );

const scheduleOf = ({ schedule, steps, patience }) =>
  ({
    constant: { kind: 'constant' },
    steps: { kind: 'steps', epochs: steps },
    plateau: { kind: 'plateau', patience },
  })[schedule];

/**
 * One line's settings (src/train/settings.rs).
 *
 * @param {object} defaults   of its network and activation, as the core gives them
 * @param {RaceSettings} settings
 */
export function lineSettings(defaults, settings) {
  const { batch, optimizer, momentum, decay, dropout, pooling, normalisation, seed } = settings;
  return {
    ...defaults,
    batch,
    optimizer,
    rate: settings[defaults.activation],
    momentum,
    decay,
    schedule: scheduleOf(settings),
    // Today's is He's for ReLU and Glorot's for the others: the core's default.
    initializer: settings.initializer === 'modern' ? defaults.initializer : settings.initializer,
    dropout,
    overlapping: pooling === 'overlapping',
    normalisation,
    augmentation: { padding: settings.crop, mirror: settings.mirror, colour: settings.colour },
    seed,
  };
}

/** What was a number of 32 bits, with the digits that were given. */
const decimal = (value) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(7)) : value;

/**
 * The other way: the fields of a race that a line's settings decide.
 *
 * @param {ReturnType<typeof lineSettings>} line
 * @returns {Partial<RaceSettings>}
 */
export function raceSettings({ activation, rate, augmentation, schedule, overlapping, ...line }) {
  const fields = {
    [activation]: rate,
    pooling: overlapping ? 'overlapping' : 'plain',
    crop: augmentation.padding,
    mirror: augmentation.mirror,
    colour: augmentation.colour,
    schedule: schedule.kind,
    steps: schedule.epochs ?? FIELDS.steps.value,
    patience: schedule.patience ?? FIELDS.patience.value,
    ...line,
  };
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([key]) => Object.hasOwn(FIELDS, key))
      .map(([key, value]) => [key, decimal(value)]),
  );
}
