// Filters in words: their strongest weight, and how their weights are spread.
import { count, figure, t } from '../i18n/index.js';
import { spread } from './weight-histogram.js';

/** @param {ArrayLike<number>} values @returns {number} the index of the one furthest from 0 */
function furthest(values) {
  let most = 0;
  for (let at = 1; at < values.length; at += 1) if (Math.abs(values[at]) > Math.abs(values[most])) most = at;
  return most;
}

const spreadOf = (values) => {
  const { mean, deviation, low, high } = spread(values);
  return { count: count(values.length), mean: figure(mean), deviation: figure(deviation), low: figure(low), high: figure(high) };
};

/** All weights of a layer, or of one row of it. @param {Float32Array} values */
export const histogramText = (values) => t('inside.histogram', spreadOf(values));

/**
 * @param {Float32Array} values of one filter: [channels, height, width]
 * @param {{ unit: number, kernel: [number, number], slice: number, colours: number[] | null }} filter
 *   `slice`: the channel in view, of filters that are not shown in colour
 */
export function filterText(values, { unit, kernel: [high, wide], slice, colours }) {
  const size = high * wide;
  const seen = colours ? values : values.subarray(slice * size, (slice + 1) * size);
  const at = furthest(seen);
  const channel = colours ? Math.floor(at / size) : slice;
  const found = {
    ...spreadOf(values),
    unit,
    channel,
    colour: colours ? ['red', 'green', 'blue'][colours[channel]] : 'none',
    value: figure(seen[at]),
    row: Math.floor((at % size) / wide),
    column: at % wide,
  };
  return `${t('inside.filter', found)} ${t('inside.filter.spread', found)}`;
}

/**
 * What a unit of a fully connected layer takes from one of its inputs.
 *
 * @param {Float32Array} values of one input: [height, width], or a single one
 * @param {{ channel: number, kernel: [number, number] }} input
 */
export function inputText(values, { channel, kernel: [, wide] }) {
  if (values.length === 1) return t('inside.filter.input', { channel, value: figure(values[0]) });
  const at = furthest(values);
  const place = { row: Math.floor(at / wide), column: at % wide, value: figure(values[at]) };
  return t('inside.filter.input.map', { ...spreadOf(values), ...place, channel });
}
