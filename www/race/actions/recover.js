// Going on after a reload, a crash or a lost device.
import { getState, subscribe } from '../../store.js';
import { tellError } from '../../actions/notices.js';
import { engine } from '../../engine.js';
import { getRace, isOpen, lanesInRace, resetLane, setLane } from '../state.js';
import { restoreLanes, returnTo } from './keep.js';
import { play } from './run.js';
import { writeRace } from './change.js';

/** Goes on with the race of an earlier visit. */
export async function resume() {
  const { kept } = getRace();
  for (const { activation } of Object.values(getRace().lanes)) {
    resetLane(activation, kept.active.includes(activation) ? 'ready' : 'off');
  }
  restoreLanes(kept);
  writeRace();
  await play();
}

/** From now on lines come back from their last checkpoints when the device does. */
export function watchDevice() {
  let before = getState().gpu.status;
  return subscribe(() => {
    const { status } = getState().gpu;
    if (status === before) return;
    const was = before;
    before = status;
    if (was === 'ready') loseLines();
    else if (status === 'ready' && getRace().playing) play();
  });
}

/** The device is gone: what each line has done since its last checkpoint is lost. */
function loseLines() {
  for (const lane of lanesInRace().filter(isOpen)) {
    const { activation, checkpoint, curve, run, held } = lane;
    engine.closeTraining(run).catch(tellError);
    if (checkpoint) returnTo(activation, checkpoint, curve);
    else resetLane(activation);
    setLane(activation, { held });
  }
}
