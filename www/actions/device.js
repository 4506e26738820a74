// What computes: the GPU or the processor; opening it, changing it, and getting it back when it
// is lost.
import { readAddress, writeAddress } from '../address.js';
import { getState, setState } from '../store.js';
import { engine } from '../engine.js';
import { webgpuProblem } from '../gpu-support.js';
import { dismiss, pageError, tell, tellError } from './notices.js';
import { reloadModel } from './models.js';

// A device that is lost this often in a row will be lost again.
const MOST_LOSSES = 3;
const IN_A_ROW = 60_000; // ms

/** Times of the last losses. */
let losses = [];

/** Whether the device goes because a person chose another. */
let isChanging = false;

/** @returns {'cpu' | 'gpu' | null} the engine that a person asked for */
function askedFor() {
  const { engine: asked } = readAddress();
  return ['cpu', 'gpu'].includes(asked) ? asked : null;
}

/** Opens the GPU, or the processor where there is none; true unless neither can be. */
export async function openDevice() {
  try {
    setState({ gpu: { status: 'ready', ...(await open()) } });
  } catch (error) {
    setState({ gpu: { status: 'unavailable', device: null, error: pageError(error) } });
    return false;
  }
  engine.lost().then(restore, tellError);
  return true;
}

/** @returns {Promise<{ device: object, error: object | null }>} with why it is not the GPU */
async function open() {
  const asked = askedFor();
  if (asked === 'cpu') return { device: await engine.open({ engine: 'cpu' }), error: null };
  const problem = webgpuProblem();
  if (problem) return { device: await engine.open({ engine: 'cpu' }), error: problem };
  try {
    const device = await engine.open({ engine: asked });
    return { device, error: device.passedOver };
  } catch (error) {
    if (error?.code !== 'no-adapter') throw error;
    return { device: await engine.open({ engine: 'cpu' }), error };
  }
}

/** Tries again after a failure. */
export async function retryDevice() {
  losses = [];
  setState({ gpu: { ...getState().gpu, status: 'opening' } });
  if (await openDevice()) await reloadModel();
}

/**
 * Goes on with the other engine: photos, network and race stay.
 *
 * @param {'cpu' | 'gpu'} chosen
 */
export async function chooseEngine(chosen) {
  writeAddress({ engine: chosen });
  if (getState().gpu.status === 'unavailable') return retryDevice();
  isChanging = true;
  await engine.destroy();
}

/** Gets another device, with the model and the photos that were there. */
async function restore(error) {
  const { device } = getState().gpu;
  const chosen = isChanging;
  isChanging = false;
  losses = chosen ? [] : [...losses.filter((time) => time > Date.now() - IN_A_ROW), Date.now()];
  if (losses.length > MOST_LOSSES) {
    setState({ gpu: { status: 'unavailable', device: null, error } });
    return;
  }
  setState({ gpu: { status: 'restoring', device, error: null }, profile: null });
  const notice = chosen ? null : tell('notice.device-lost');
  const restored = (await openDevice()) && (await reloadModel());
  if (chosen) return;
  dismiss(notice);
  const isBack = getState().gpu.device?.engine === 'gpu';
  if (restored) tell(isBack ? 'notice.device-restored' : 'notice.device-replaced');
}
