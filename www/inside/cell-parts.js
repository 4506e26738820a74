// What a value is made of, taken apart: slices, sums, and the formula in words.
import { count, figure, t } from '../i18n/index.js';

/** @typedef {import('../engine.js').Cell} Cell */

/** @param {Cell} cell */
export const isWeighted = ({ weight }) => weight.length > 0;

/** @param {ArrayLike<number>} values [places, channels] @returns {number[]} of one channel */
export function slice(values, channels, channel) {
  const taken = [];
  for (let at = channel; at < values.length; at += channels) taken.push(values[at]);
  return taken;
}

/** @param {Cell} cell @returns {Float64Array} the sum of the products of each channel */
export function sumsByChannel({ x, weight, channels }) {
  const sums = new Float64Array(channels);
  for (let at = 0; at < x.length; at += 1) sums[at % channels] += x[at] * weight[at];
  return sums;
}

/** @param {Cell} cell of a normalisation @returns {number} where in `x` the cell itself is */
export function ownIndex({ position: [row, column, unit], window, channels, firstChannel }) {
  const across = window.right - window.left;
  return ((row - window.top) * across + column - window.left) * channels + unit - firstChannel;
}

const ACTIVATIONS = {
  relu: (x) => Math.max(x, 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
};

/**
 * @param {import('../engine.js').LayerInfo[]} layers
 * @param {Cell} cell
 * @returns {{ kind: string, value: number } | null} the activation that reads the cell
 */
export function activationAfter(layers, { layer, value }) {
  const next = layers.find(({ inputs, kind }) => Object.hasOwn(ACTIVATIONS, kind) && inputs.includes(layer));
  return next ? { kind: next.kind, value: ACTIVATIONS[next.kind](value) } : null;
}

/** @param {Cell} cell @returns {string} how it came to its value, with the numbers filled in */
export function formulaOf(cell) {
  const { kind, x, value, sum, bias, window, inputs, input } = cell;
  const values = {
    value: figure(value),
    count: count(x.length),
    x: figure(x[0] ?? value),
    sum: figure(sum),
    products: figure(sum - bias),
    bias: figure(bias),
    layer: inputs[input] ?? '',
  };
  switch (kind) {
    case 'conv2d':
    case 'linear':
      return t('inside.sum.products', { ...values, sign: bias < 0 ? 'minus' : 'plus', bias: figure(Math.abs(bias)) });
    case 'max_pool2d':
      return t('inside.sum.max', { ...values, count: count(x.filter((one) => !Number.isNaN(one)).length) });
    case 'avg_pool2d':
      return t('inside.sum.average', { ...values, divisor: count(cell.divisor) });
    case 'local_response_norm':
      return normalisation(cell, values, window);
    case 'relu':
    case 'sigmoid':
    case 'tanh':
      return t('inside.sum.activation', { ...values, kind });
    case 'softmax':
      return t('inside.sum.softmax', { ...values, power: figure(value * sum) });
    case 'add':
      return t('inside.sum.add', { ...values, terms: Array.from(x, (one) => figure(one)).join(' + ') });
    case 'input':
      return t('inside.sum.input', values);
    default:
      return t('inside.sum.same', values);
  }
}

function normalisation(cell, values, { top, bottom }) {
  const [size, alpha, beta, k] = cell.norm;
  const neighbours = bottom - top > 1 ? size * size : size; // pixels, or channels
  return t('inside.sum.norm', {
    ...values,
    x: figure(cell.x[ownIndex(cell)]),
    k: figure(k),
    alpha: figure(alpha),
    beta: figure(beta),
    size: neighbours,
  });
}
