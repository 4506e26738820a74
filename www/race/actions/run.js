// Start, pause, one step, start over; and each line for itself.
import { proxy } from 'comlink';
import { engine } from '../../engine.js';
import { tellError } from '../../actions/notices.js';
import { Curve } from '../curve.js';
import { clearLane, closeRun, getLane, getRace, lanesInRace, resetLane, setLane, setRace } from '../state.js';
import { settingsOf, writeRace } from './change.js';
import { readDataset, showPictures } from './data.js';
import { forgetKept, keepLine } from './keep.js';
import { look } from './look.js';
import { signalOf, stop } from './stops.js';

/** Starts the race, or goes on with it. */
export async function play() {
  await clearing;
  setRace({ playing: true });
  if (await prepare()) runOpened();
}

/** @returns {Promise<void>} when no line computes any more */
export async function pause() {
  setRace({ playing: false });
  await pauseLanes(lanesInRace());
}

/** One step of each line that is not held. */
export async function step() {
  await clearing;
  await pause();
  if (!(await prepare())) return;
  for (const { activation, run } of lanesInRace().filter(canRun)) {
    try {
      take(activation, await engine.stepTraining(run));
    } catch (error) {
      fail(activation, error);
    }
  }
}

/**
 * Every line back to its first weights, with the settings as they are now.
 *
 * @param {() => Promise<void>} [before] what is done once no line computes any more
 */
export async function startOver(before) {
  const { playing } = getRace();
  await putAllBack(before);
  if (playing) await play();
}

/** Every line back to the start, where it stays. @param {() => Promise<void>} [before] as above */
export const putAllBack = (before) =>
  (clearing ??= clearAll(before).finally(() => (clearing = null)));

/** Of a race whose lines have not been opened. */
export const NOT_BEGUN = {
  started: null,
  dataset: null,
  expected: null,
  insights: {},
  predictions: [],
  confusion: null,
};

/** What is pressed while all lines are put back waits for that. @type {Promise<void> | null} */
let clearing = null;

async function clearAll(before) {
  stop('opening', 'searching');
  if (preparing) stop('reading'); // a dataset that is fetched for itself goes on
  await preparing;
  await pause();
  await before?.();
  await forgetKept();
  await Promise.all(lanesInRace().map((lane) => clearLane(lane)));
  setRace(NOT_BEGUN);
  const { info } = getRace().data;
  if (info) await showPictures(info).catch(tellError);
}

/** Takes a line in, out of the race, or holds it. */
export async function setLine(activation, wanted) {
  const lane = getLane(activation);
  if (wanted === 'off') {
    await clearLane(lane, 'off');
    const { [activation]: _, ...insights } = getRace().insights;
    setRace({ insights });
  } else if (wanted === 'hold') {
    setLane(activation, { held: true });
    if (lane.status === 'running') await pauseLanes([lane]);
  } else {
    if (lane.status === 'off') resetLane(activation);
    else setLane(activation, { held: false });
    if (getRace().playing && (await prepare())) runOpened();
  }
  writeRace();
}

/** Shows the answers of this line. */
export function show(activation) {
  setRace({ shown: activation, predictions: [], confusion: null });
  look(activation, { now: true });
}

const canRun = (lane) => !lane.held && ['paused', 'running'].includes(lane.status);

/** Resolves when a line stands. A device that is lost meanwhile is told by recover.js. */
const pauseRun = (run) =>
  engine.pauseTraining(run).catch((error) => {
    if (error?.code !== 'device-lost') throw error;
  });

async function pauseLanes(lanes) {
  const running = lanes.filter(({ status }) => status === 'running');
  await Promise.all(running.map(({ run }) => pauseRun(run)));
  for (const { activation } of running) {
    if (getLane(activation).status === 'running') setLane(activation, { status: 'paused' });
    await keepLine(activation, take);
  }
}

function runOpened() {
  if (!getRace().playing) return;
  const ready = lanesInRace().filter(canRun);
  for (const { activation, run, status } of ready) {
    if (status === 'running') continue;
    setLane(activation, { status: 'running' });
    engine.playTraining(run, proxy((report) => take(activation, report)));
  }
  const opening = lanesInRace().some(({ status }) => status === 'opening');
  if (ready.length === 0 && !opening) setRace({ playing: false });
}

/** @type {Promise<boolean> | null} */
let preparing = null;

/** Reads the data and opens what is in the race and not open. @returns whether all went well */
export const prepare = () => (preparing ??= openAll().finally(() => (preparing = null)));

async function openAll() {
  try {
    const { started, settings } = getRace();
    const chosen = started ?? settings;
    if (!(await readDataset(chosen))) throw { code: 'stopped' };
    const { data, dataset, expected } = getRace();
    const { info } = data;
    if (!info) throw { code: 'stopped' }; // another is read already
    const own = dataset ?? expected;
    if (own && !sameData(info, own)) {
      throw { code: 'other-dataset', name: own.name, expected: own.training, open: info.name, found: info.training };
    }
    setRace({ dataset: info, started: started ?? settings });
    await showPictures(info);
    const signal = signalOf('opening');
    const isWaiting = ({ status, held }) => !held && ['ready', 'failed'].includes(status);
    for (let lane; (lane = lanesInRace().find(isWaiting)); ) {
      await openLine(lane, signal);
      runOpened(); // the others are still compiled while it begins
    }
    return true;
  } catch (error) {
    setRace({ playing: false });
    if (error?.code !== 'device-lost') tellError(error);
    return false;
  }
}

const sameData = (one, other) =>
  ['shape', 'classes', 'training', 'validation'].every((part) => String(one[part]) === String(other[part]));

/**
 * Opens a line: anew, or from its last checkpoint.
 *
 * @param {import('../state.js').Lane} lane
 * @param {AbortSignal} signal
 */
async function openLine(lane, signal) {
  await closeRun(lane);
  const { dataset: info } = getRace();
  const { activation, checkpoint, curve, status } = lane;
  setLane(activation, {
    status: 'opening',
    error: null,
    compiling: { done: 0, total: 0 },
    curve: checkpoint ? curve : new Curve(info.training),
  });
  try {
    const progress = proxy((done, total) => setLane(activation, { compiling: { done, total } }));
    const file = checkpoint?.file ?? null;
    const settings = await settingsOf(activation);
    const { id } = await engine.openTraining(settings, info.id, file, progress, signal);
    // A checkpoint brings its own settings: what was changed since holds from here on.
    if (file) await engine.changeTraining(id, settings);
    if (getLane(activation).status === 'opening') {
      const ended = checkpoint?.position.epoch >= getRace().settings.epochs;
      setLane(activation, { status: ended ? 'done' : 'paused', run: id, compiling: null });
    } else {
      await engine.closeTraining(id); // taken out meanwhile
    }
  } catch (error) {
    setLane(activation, { status, compiling: null });
    throw error;
  }
}

/** Reports that came before an earlier one: reports and answers take different ways here. */
let early = [];

/** What a line has done in its turn, or until a checkpoint. */
export function take(activation, report) {
  const lane = getLane(activation);
  if (lane.run !== report.id) return; // taken out meanwhile
  const { steps, epochs, state, error } = report;
  const { curve } = lane;
  if (steps.length > 0 && steps[0].step > curve.next) {
    early.push([activation, report]);
    return;
  }
  const { step: done, imagesPerSecond, stuck } = state;
  let { seconds } = lane;
  for (const step of steps) {
    seconds += imagesPerSecond ? step.samples / imagesPerSecond : 0; // not known of the first
    curve.add({ ...step, seconds });
  }
  for (const epoch of epochs) curve.endEpoch({ ...epoch, seconds });
  const position = { step: done, epoch: state.epochs.length, imagesPerSecond };
  if (steps.length + epochs.length > 0) setLane(activation, { position, seconds, stuck });
  if (error) return fail(activation, error);
  if (steps.length + epochs.length === 0) return; // a step of several turns
  const { status } = getLane(activation);
  if (status === 'running' && position.epoch >= getRace().settings.epochs) end(activation);
  look(activation, { epoch: epochs.length > 0 });
  if (getLane(activation).status === 'running') keepLine(activation, take, { now: false });
  const waiting = early;
  early = [];
  for (const [name, later] of waiting) take(name, later);
}

/** This line has run as long as was asked for. */
async function end(activation) {
  setLane(activation, { status: 'done' });
  await pauseRun(getLane(activation).run);
  await keepLine(activation, take);
  runOpened();
}

function fail(activation, error) {
  // A lost device is everybody's: recover.js opens all lines again.
  if (error.code === 'device-lost') return;
  const diverged = error.code === 'diverged';
  setLane(activation, { status: diverged ? 'diverged' : 'failed', error });
  if (diverged) keepLine(activation, take); // its last good weights
  runOpened();
}
