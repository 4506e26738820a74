// Which lines the chart draws: of the race that runs, and of those behind it.
import { pointsOf } from './recorded.js';
import { lanesInRace } from './state.js';

/**
 * @typedef {object} ChartLine
 * @property {string} key
 * @property {string} activation
 * @property {'training' | 'validation' | 'behind'} kind
 * @property {string | null} of      id of the race behind that it belongs to
 * @property {number[]} xs           rising
 * @property {number[]} ys
 * @property {number | null} crossing  where it reaches the threshold, in units of x
 */

/** How an activation is drawn: told apart by dash as well as by colour. */
export const STROKES = {
  relu: { colour: '--relu', dash: [] },
  tanh: { colour: '--tanh', dash: [10, 6] },
  sigmoid: { colour: '--sigmoid', dash: [2, 4] },
};

/** Points of races behind never change: worked out once for each view of them. */
const behind = new WeakMap();

function pointsBehind(line, x, y) {
  const known = behind.get(line) ?? behind.set(line, new Map()).get(line);
  const key = `${x} ${y}`;
  if (!known.has(key)) known.set(key, pointsOf(line, x, y));
  return known.get(key);
}

/**
 * @param {import('./state.js').Race} race
 * @returns {ChartLine[]} those behind first
 */
export function chartLines({ drawn, chart: { x, y, validation } }) {
  const lines = [];
  for (const { id, shown, race } of drawn) {
    if (!shown) continue;
    for (const line of race.lines) {
      const { xs, ys, crossing } = pointsBehind(line, x, y);
      const { activation } = line;
      lines.push({ key: `${id} ${activation}`, activation, kind: 'behind', of: id, xs, ys, crossing });
    }
  }
  for (const { activation, curve } of lanesInRace()) {
    if (!curve) continue;
    const crossing = curve.crossing?.[x] ?? null;
    const [xs, ys] = curve.line(x, y);
    const line = { activation, of: null };
    lines.push({ ...line, key: activation, kind: 'training', xs, ys, crossing });
    if (!validation) continue;
    const [at, values] = curve.validation(x, y);
    const key = `${activation} validation`;
    lines.push({ ...line, key, kind: 'validation', xs: at, ys: values, crossing: null });
  }
  return lines;
}

/**
 * @param {ChartLine} line
 * @param {number} x
 * @returns {number | null} the line's value there; null beyond its ends
 */
export function valueAt({ xs, ys }, x) {
  if (xs.length === 0 || x < xs[0] || x > xs.at(-1)) return null;
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle - 1;
  }
  return ys[low];
}
