// A network small enough to look through, 6-8-8-3, whose hidden units can be
// left out: what it answers with any of them crossed out, with all masks on
// average, and scaled as at test time.
import { softmax } from '../inside/numbers.js';
import { normal, randomFrom } from './random.js';

export const LAYERS = [6, 8, 8, 3];
const HIDDEN = LAYERS[1]; // units of either hidden layer
export const UNITS = 2 * HIDDEN;
export const MASKS = 2 ** UNITS; // sub-networks, each a number with a bit for each unit that is kept
const GAIN = 1.3; // of the weights: so large that the answers are decided, as after training

/**
 * @typedef {object} SmallNetwork
 * @property {number[]} input
 * @property {number[][][]} weights   of each layer, for each output its inputs
 * @property {number[][]} biases
 */

/**
 * @param {number} seed
 * @returns {SmallNetwork} with weights drawn after He, but larger
 */
export function smallNetwork(seed) {
  const random = randomFrom(seed);
  const row = (length, draw) => Array.from({ length }, draw);
  const layers = LAYERS.slice(1).map((out, at) => {
    const deviation = GAIN * Math.sqrt(2 / LAYERS[at]);
    return {
      weights: row(out, () => row(LAYERS[at], () => deviation * normal(random))),
      biases: row(out, () => 0.2 * normal(random)),
    };
  });
  return {
    input: row(LAYERS[0], random),
    weights: layers.map(({ weights }) => weights),
    biases: layers.map(({ biases }) => biases),
  };
}

const affine = ({ weights, biases }, layer, x) =>
  weights[layer].map((row, out) => row.reduce((sum, w, at) => sum + w * x[at], biases[layer][out]));

/** ReLU, then each unit times its factor. */
const hidden = (sums, factor) => sums.map((sum, unit) => Math.max(0, sum) * factor(unit));

/**
 * @param {number} mask
 * @param {number} unit of both hidden layers, the first layer's first
 */
export const isKept = (mask, unit) => ((mask >> unit) & 1) === 1;

function answerWith(network, factor) {
  const first = hidden(affine(network, 0, network.input), factor);
  const second = hidden(affine(network, 1, first), (unit) => factor(HIDDEN + unit));
  return softmax(affine(network, 2, second));
}

/** What the sub-network of a mask answers: probabilities. */
export const masked = (network, mask) => answerWith(network, (unit) => Number(isKept(mask, unit)));

/** What the network with all units answers, each unit's output times the probability to be kept. */
export const scaled = (network, dropped) => answerWith(network, () => 1 - dropped);

/**
 * The mean of all sub-networks' answers, each as likely as its mask.
 *
 * @param {SmallNetwork} network
 * @param {number} dropped probability of a unit to be left out
 */
export function meanOfAll(network, dropped) {
  const subsets = 2 ** HIDDEN; // of the units of one layer
  const likelihood = Array.from({ length: subsets }, (_, mask) => {
    let product = 1;
    for (let unit = 0; unit < HIDDEN; unit += 1) product *= isKept(mask, unit) ? 1 - dropped : dropped;
    return product;
  });
  const mean = new Array(LAYERS[3]).fill(0);
  const logits = new Float64Array(LAYERS[3]);
  const sums = affine(network, 0, network.input);
  for (let first = 0; first < subsets; first += 1) {
    if (likelihood[first] === 0) continue;
    const kept = hidden(sums, (unit) => Number(isKept(first, unit)));
    const outputs = hidden(affine(network, 1, kept), () => 1);
    for (let second = 0; second < subsets; second += 1) {
      const share = likelihood[first] * likelihood[second];
      if (share === 0) continue;
      logits.set(network.biases[2]);
      for (let unit = 0; unit < HIDDEN; unit += 1) {
        if (!isKept(second, unit)) continue;
        for (let at = 0; at < mean.length; at += 1) logits[at] += network.weights[2][at][unit] * outputs[unit];
      }
      let total = 0;
      for (let at = 0; at < mean.length; at += 1) total += logits[at] = Math.exp(logits[at]);
      for (let at = 0; at < mean.length; at += 1) mean[at] += (share * logits[at]) / total;
    }
  }
  return mean;
}

/** @param {() => number} random */
export function drawMask(random, dropped) {
  let mask = 0;
  for (let unit = 0; unit < UNITS; unit += 1) if (random() >= dropped) mask |= 1 << unit;
  return mask;
}

/** Half the sum of the differences of two answers: 0 if they are the same, 1 if they share nothing. */
export const distance = (one, other) =>
  one.reduce((sum, p, at) => sum + Math.abs(p - other[at]), 0) / 2;
