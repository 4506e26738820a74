// Which lines the chart draws: of the race that runs, and of those behind it.
import { pointsOf } from './recorded.js';
import { lanesInRace } from './state.js';

/**
 * @typedef {object} ChartLine
 * @property {string} key
 * @property {string} activation
 * @property {'training' | 'validation' | 'behind'} kind
 * @property {import('./state.js').Drawn | null} race  that it belongs to; null of the race that runs
 * @property {number} place          of that race among those behind, from 0
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

/** How wide a line is, in pixels of a page with letters of 16: of races behind the first is the widest. */
export const strokeWidth = ({ kind, place }) =>
  ({ training: 2.5, validation: 1, behind: place === 0 ? 2 : 1 })[kind];

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
  for (const [place, race] of drawn.filter(({ shown }) => shown).entries()) {
    for (const line of race.race.lines) {
      const { xs, ys, crossing } = pointsBehind(line, x, y);
      const { activation } = line;
      const key = `${race.id} ${activation}`;
      lines.push({ key, activation, kind: 'behind', race, place, xs, ys, crossing });
    }
  }
  for (const { activation, curve } of lanesInRace()) {
    if (!curve) continue;
    const crossing = curve.crossing?.[x] ?? null;
    const [xs, ys] = curve.line(x, y);
    const line = { activation, race: null, place: 0 };
    lines.push({ ...line, key: activation, kind: 'training', xs, ys, crossing });
    if (!validation) continue;
    const [at, values] = curve.validation(x, y);
    const key = `${activation} validation`;
    lines.push({ ...line, key, kind: 'validation', xs: at, ys: values, crossing: null });
  }
  return lines;
}

/**
 * Lines by the race that they belong to: first those of the one that runs, whose race is null.
 *
 * @template {ChartLine} Line
 * @param {Line[]} lines
 * @returns {{ race: ChartLine['race'], lines: Line[] }[]}
 */
export function byRace(lines) {
  return [...new Set(lines.map(({ race }) => race))]
    .sort((a, b) => (a !== null) - (b !== null))
    .map((race) => ({ race, lines: lines.filter((line) => line.race === race) }));
}

/**
 * @param {ChartLine} line
 * @param {number} x
 * @returns {number | null} the line's value there; null beyond its ends
 */
export function valueAt({ xs, ys }, x) {
  if (xs.length === 0 || x < xs[0] || x > xs.at(-1)) return null;
  return ys[indexAt(xs, x)];
}

/** @returns {number} index of the last of rising numbers that is at most `x`; 0 before all of them */
export function indexAt(xs, x) {
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}
