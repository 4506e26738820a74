// Local response normalisation of section 3.3, at one position across channels,
// and the constants of those who compute it.

/**
 * @typedef {object} Constants
 * @property {number} k
 * @property {number} n          channels that are summed over
 * @property {number} alpha
 * @property {number} beta
 * @property {boolean} divided   whether alpha is divided by n
 */

const PAPER = { k: 2, n: 5, alpha: 1e-4, beta: 0.75, divided: false };

/** @type {Record<string, Constants>} */
export const SOURCES = {
  paper: PAPER,
  code: { ...PAPER, divided: true },
  caffe: { ...PAPER, k: 1, divided: true },
  torchvision: { ...PAPER, k: 1, alpha: 0 }, // has none: all stays as it is
};

/**
 * @param {number[]} values of the channels
 * @param {number} channel
 * @param {Constants} constants
 * @returns {{ first: number, last: number, sum: number, base: number, result: number }}
 *   first, last: channels that are summed over; sum: of their squares;
 *   base: k + alpha sum; result: value / base ^ beta
 */
export function normalise(values, channel, { k, n, alpha, beta, divided }) {
  const reach = Math.floor(n / 2);
  const first = Math.max(0, channel - reach);
  const last = Math.min(values.length - 1, channel + reach);
  const sum = values.slice(first, last + 1).reduce((total, value) => total + value ** 2, 0);
  const base = k + (divided ? alpha / n : alpha) * sum;
  return { first, last, sum, base, result: values[channel] / base ** beta };
}
