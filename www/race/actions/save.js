// The race as files: the chart as a picture, its numbers as a table, the whole
// as JSON that opens again, a line as a checkpoint, or as a network to classify with.
import { loadFile } from '../../actions/models.js';
import { tellError } from '../../actions/notices.js';
import { setView } from '../../actions/settings.js';
import { engine } from '../../engine.js';
import { chartPicture } from '../chart-picture.js';
import { datasetOfRace, getLane, getRace, lanesInRace } from '../state.js';
import { RACE_FORMAT } from './drawn.js';
import { take } from './run.js';

/** @param {Blob} blob */
function save(blob, extension) {
  const { settings } = getRace();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `race-${settings.network}-${datasetOfRace()?.name ?? settings.data}.${extension}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @param {Parameters<typeof chartPicture>[0]} chart */
export async function savePicture(chart) {
  const picture = chartPicture(chart);
  save(await new Promise((resolve) => picture.toBlob(resolve, 'image/png')), 'png');
}

/** A row for each step, and one for each epoch: what is not known of a row is left empty. */
export function saveNumbers() {
  const columns = 'activation,step,epochs,seconds,training_loss,training_error,validation_loss,validation_error';
  const rows = lanesInRace().flatMap(({ activation, curve }) => (curve ? rowsOf(activation, curve) : []));
  save(new Blob([[columns, ...rows].join('\n'), '\n'], { type: 'text/csv' }), 'csv');
}

function rowsOf(activation, { steps, epochs, images }) {
  let samples = 0;
  let ended = 0;
  return steps.map((step) => {
    samples += step.samples;
    const row = [activation, step.step, samples / images, step.seconds, step.loss, step.error];
    // The last step of an epoch carries what was validated after it.
    const epoch = samples >= (ended + 1) * images ? epochs[ended++] : null;
    return [...row, epoch?.validation?.loss ?? '', epoch?.validation?.error ?? ''].join();
  });
}

/** Everything that was measured, and the settings. */
export function saveRace() {
  const { started } = getRace();
  const dataset = datasetOfRace();
  const lines = lanesInRace().filter(({ curve }) => curve?.last);
  const race = {
    format: RACE_FORMAT,
    dataset: dataset.name,
    network: started.network,
    images: dataset.training,
    settings: started,
    lines: lines.map(({ activation, curve }) => ({
      activation,
      rate: getRace().settings[activation],
      curve,
    })),
  };
  save(new Blob([JSON.stringify(race)], { type: 'application/json' }), 'json');
}

/** The line as a file to go on from. */
export async function saveCheckpoint(activation) {
  try {
    const { file, report } = await engine.checkpoint(getLane(activation).run);
    take(activation, report);
    save(file, `${activation}.safetensors`);
  } catch (error) {
    tellError(error);
  }
}

/** Makes the trained network the one that names photos. */
export async function classifyWith(activation) {
  try {
    const { started, dataset } = getRace();
    const weights = await engine.trainedModel(getLane(activation).run);
    const name = `${started.network}-${activation}-${dataset.name}.safetensors`;
    if (await loadFile(new File([weights], name))) setView('classify');
  } catch (error) {
    tellError(error);
  }
}

