// Going on after a reload, a crash or a lost device.
import { getState, subscribe } from '../../store.js';
import { tell, tellError } from '../../actions/notices.js';
import { engine } from '../../engine.js';
import { getRace, isOpen, lanesInRace, resetLane, setLane, setRace } from '../state.js';
import { forgetKept, keepAgain, keepLine, presentRace, restoreLanes, returnTo } from './keep.js';
import { play, putAllBack, startOver, take } from './run.js';
import { writeRace } from './change.js';

/** Goes on with the race of an earlier visit. */
export async function resume() {
  putBack(getRace().kept);
  await play();
}

/** @param {import('./keep.js').Kept} kept whose lines stand where their checkpoints were taken */
function putBack(kept) {
  for (const { activation } of Object.values(getRace().lanes)) {
    resetLane(activation, kept.active.includes(activation) ? 'ready' : 'off');
  }
  restoreLanes(kept);
  writeRace();
}

/** Starts over, with a way back. */
export async function reset() {
  await startOver(async () => {
    // What was made step by step has no checkpoint yet.
    for (const { activation, checkpoint, curve } of lanesInRace().filter(isOpen)) {
      if (checkpoint?.position.step !== curve?.next) await keepLine(activation, take);
    }
    const race = presentRace();
    if (race) tell('race.notice.reset', {}, { label: 'notice.undo', run: () => undoReset(race) });
  });
}

async function undoReset(race) {
  await putAllBack();
  putBack(race);
  await keepAgain(race);
}

/** Forgets the race of an earlier visit, with a way back. */
export async function discard() {
  const { kept } = getRace();
  await forgetKept();
  const bringBack = async () => {
    await keepAgain(kept);
    setRace({ kept });
  };
  tell('race.notice.discarded', {}, { label: 'notice.undo', run: bringBack });
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
