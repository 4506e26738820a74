// Where the parameters of a layer, its work and its size come from, in numbers.
import { LIMITS, outputSize } from './paper/output-size.js';

/**
 * @typedef {object} Arithmetic
 * @property {string} name
 * @property {string} parameters   11 × 11 × 3 × 96 + 96
 * @property {number} parameterCount
 * @property {number} weights
 * @property {number} biases
 * @property {boolean} isMap       a convolution
 * @property {string} work         34,848 × 55 × 55: weights times positions
 * @property {number} multiplyAdds
 *
 * @param {import('./engine.js').ModelInfo} model
 * @param {(value: number) => string} count how a number is written
 * @returns {Arithmetic[]} of the layers with weights
 */
export function arithmetic({ layers }, count) {
  const shapes = new Map(layers.map(({ name, shape }) => [name, shape]));
  const weighted = layers.filter(({ parameters }) => parameters > 0);
  return weighted.map((layer) => {
    const { name, kernel, groups = 1, shape, inputs, parameters, multiplyAdds } = layer;
    const out = shape.at(-1);
    const seen = shapes.get(inputs[0]);
    const inward = kernel ? seen.at(-1) / groups : seen.reduce((product, size) => product * size, 1);
    const factors = [...(kernel ?? []), inward, out];
    const weights = factors.reduce((product, factor) => product * factor, 1);
    const bias = parameters - weights;
    const product = factors.map(count).join(' × ');
    const positions = kernel ? shape.slice(0, 2) : [];
    return {
      name,
      parameters: bias > 0 ? `${product} + ${count(bias)}` : product,
      parameterCount: parameters,
      weights,
      biases: bias,
      isMap: Boolean(kernel),
      work: [weights, ...positions].map(count).join(' × '),
      multiplyAdds,
    };
  });
}

/** A part of a whole, which may be nothing. */
export const shareOf = (part, whole) => (whole > 0 ? part / whole : 0);

/**
 * The size of what a window makes, on each axis that differs: ⌊(14 + 2 × 1 − 3) / 2⌋ + 1 = 7.
 *
 * @param {import('./engine.js').LayerInfo} layer
 * @param {number[]} input shape
 * @param {(value: number) => string} count
 * @returns {string[]} none for layers without a window, or with one of a place or stretched
 */
export function sizes({ kernel, stride, padding, shape }, input, count) {
  if (!kernel || input.length < 3 || String(kernel) === '1,1') return [];
  const lines = [0, 1].map((axis) => {
    const [before, after] = [padding[axis], padding[axis + 2]];
    const reach = input[axis] + before + after - kernel[axis];
    const steps = reach / stride[axis];
    const around = before === after ? `2 × ${before}` : `${before} + ${after}`;
    const padded = before + after > 0 ? `${count(input[axis])} + ${around}` : count(input[axis]);
    const quotient = `(${padded} − ${kernel[axis]}) / ${stride[axis]}`;
    const out = shape[axis] - 1;
    if (out === steps) return `${quotient} + 1 = ${count(shape[axis])}`;
    if (out === Math.floor(steps)) return `⌊${quotient}⌋ + 1 = ${count(shape[axis])}`;
    if (out === Math.ceil(steps)) return `⌈${quotient}⌉ + 1 = ${count(shape[axis])}`;
    return null;
  });
  return [...new Set(lines.filter(Boolean))];
}

/**
 * The numbers of a window for the step of the paper on output sizes, which has one axis.
 *
 * @param {import('./engine.js').LayerInfo} layer
 * @param {number[]} input shape
 * @returns {import('./paper/output-size.js').Window | null} null where its axes or sides differ,
 *   or where it is beyond what can be tried there
 */
export function windowOf({ kernel, stride, padding, shape }, input) {
  if (!kernel || input.length < 3) return null;
  const isSame = (sizes) => sizes.every((size) => size === sizes[0]);
  if (![kernel, stride, padding, input.slice(0, 2), shape.slice(0, 2)].every(isSame)) return null;
  const window = { input: input[0], kernel: kernel[0], stride: stride[0], padding: padding[0] };
  const isWithin = ([name, { min, max }]) => window[name] >= min && window[name] <= max;
  if (!Object.entries(LIMITS).every(isWithin)) return null;
  const rounding = ['floor', 'ceil'].find((way) => outputSize({ ...window, rounding: way }).size === shape[0]);
  return rounding ? { ...window, rounding } : null;
}
