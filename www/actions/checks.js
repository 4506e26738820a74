// What checks of the GPU found: each is of a device and of weights. Another adapter, or a
// device that was lost, starts without.
import { getState, setState } from '../store.js';

/** @typedef {import('../engine.js').LayerCheck} LayerCheck */

/** @returns {LayerCheck[] | null} of the device and the weights in use */
export function presentChecks() {
  const { gpu, model, checks } = getState();
  if (gpu.status !== 'ready' || !model) return null;
  const isPresent = ({ device, hash }) => device === gpu.device && hash === model.loaded.hash;
  return checks.find(isPresent)?.layers ?? null;
}

/**
 * @param {import('../engine.js').DeviceInfo} device
 * @param {string} hash of the weights
 * @param {LayerCheck[]} layers
 */
export function keepChecks(device, hash, layers) {
  const others = getState().checks.filter((kept) => kept.device === device && kept.hash !== hash);
  setState({ checks: [...others, { device, hash, layers }] });
}

/** @param {LayerCheck} check also where no number came out */
export const isWrong = ({ largestDifference, tolerance }) => !(largestDifference <= tolerance);

/** @param {LayerCheck} check how much of what is allowed it takes */
export const shareOf = ({ largestDifference, tolerance }) =>
  Number.isNaN(largestDifference) ? Infinity : largestDifference / tolerance || 0;

/** @param {LayerCheck[]} layers the one of the largest difference, and the one nearest to its limit */
export function extremes(layers) {
  const most = (measure) => layers.reduce((one, other) => (measure(other) > measure(one) ? other : one));
  return { largest: most(({ largestDifference }) => largestDifference), nearest: most(shareOf) };
}
