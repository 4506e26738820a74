// The GPU device: opening it, and getting another one when it is lost.
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

/** Opens a device; true when there is one. Its failure is part of the state. */
export async function openDevice() {
  try {
    const problem = webgpuProblem();
    if (problem) throw problem;
    const device = await engine.open({ forceFallback: false });
    setState({ gpu: { status: 'ready', device, error: null } });
  } catch (error) {
    setState({ gpu: { status: 'unavailable', device: null, error: pageError(error) } });
    return false;
  }
  engine.lost().then(restore, tellError);
  return true;
}

/** Tries again after a failure. */
export async function retryDevice() {
  losses = [];
  setState({ gpu: { status: 'opening', device: null, error: null } });
  if (await openDevice()) await reloadModel();
}

/** Gets another device, with the model and the photos that were there. */
async function restore(error) {
  const { device } = getState().gpu;
  losses = [...losses.filter((time) => time > Date.now() - IN_A_ROW), Date.now()];
  if (losses.length > MOST_LOSSES) {
    setState({ gpu: { status: 'unavailable', device: null, error } });
    return;
  }
  setState({ gpu: { status: 'restoring', device, error: null }, profile: null });
  const notice = tell('notice.device-lost');
  const restored = (await openDevice()) && (await reloadModel());
  dismiss(notice);
  if (restored) tell('notice.device-restored');
}
