// A checkpoint file that was dropped: its line goes on from there.
import { engine } from '../../engine.js';
import { Curve } from '../curve.js';
import { ACTIVATIONS, FIELDS, raceSettings } from '../settings.js';
import { clearLane, getRace, lanesInRace, setRace } from '../state.js';
import { readDataset, showPictures } from './data.js';
import { returnTo } from './keep.js';
import { NOT_BEGUN, prepare } from './run.js';
import { writeRace } from './change.js';

/** @param {File} file */
export async function openCheckpoint(file) {
  const { settings, state, ...pictures } = await engine.readCheckpoint(file);
  const { activation } = settings;
  if (!ACTIVATIONS.includes(activation)) {
    throw { code: 'unknown', kind: 'activation', name: activation, known: ACTIVATIONS };
  }
  await Promise.all(lanesInRace().map((lane) => clearLane(lane)));
  const now = getRace().settings;
  setRace({
    ...NOT_BEGUN,
    settings: { ...now, ...raceSettings(settings), ...dataOf(pictures, now.data) },
    shown: activation,
  });
  writeRace();
  const chosen = getRace().settings;
  if (!(await readDataset(chosen))) return;
  const { info } = getRace().data;
  if (!info) return; // another is read already
  await showPictures(info);
  const images = info.training;
  const { step } = state;
  const epoch = state.epochs.length;
  const inEpoch = (step - epoch * Math.ceil(images / settings.batch)) * settings.batch;
  const checkpoint = { file, position: { step, epoch, imagesPerSecond: null }, seconds: 0 };
  const curve = new Curve(images, epoch * images + inEpoch, step);
  for (const ended of state.epochs) curve.endEpoch({ ...ended, seconds: 0 });
  returnTo(activation, checkpoint, curve);
  await prepare();
}

/** The dataset that a checkpoint asks for, as far as its name tells; else the one in use. */
function dataOf({ name, training }, data) {
  const known = FIELDS.data.read(name);
  if (known === 'mnist-5k') return { data: known };
  if (data !== 'files' && !known) return {};
  const images = FIELDS.images.read(training) ?? FIELDS.images.value;
  return { data: data === 'files' ? data : known, images };
}
