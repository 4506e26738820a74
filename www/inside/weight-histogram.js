// How the weights of a layer are spread.
import { svg } from 'lit';

const BINS = 61; // odd: the middle one is around 0

/**
 * @param {Float32Array} values
 * @returns {{ bins: number[], most: number, reach: number }} from -reach to reach
 */
export function histogramOf(values) {
  const { low, high } = spread(values);
  const reach = Math.max(-low, high) || 1;
  const bins = new Array(BINS).fill(0);
  for (const value of values) {
    const at = Math.floor(((value / reach + 1) / 2) * BINS);
    bins[Math.min(Math.max(at, 0), BINS - 1)] += 1;
  }
  return { bins, most: Math.max(...bins), reach };
}

/** @param {Float32Array} values */
export function spread(values) {
  let [sum, squares, low, high] = [0, 0, Infinity, -Infinity];
  for (const value of values) {
    sum += value;
    squares += value * value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const mean = sum / values.length;
  return { mean, deviation: Math.sqrt(Math.max(squares / values.length - mean * mean, 0)), low, high };
}

/** One bar, `height` percent high. */
export const bar = (at, height) =>
  svg`<rect x=${at + 0.05} y=${100 - height} width="0.9" height=${height}></rect>`;
