// Changing what decides the race, and how its chart is drawn; both stand in
// the page's address.
import { writeAddress } from '../../address.js';
import { tellError } from '../../actions/notices.js';
import { engine } from '../../engine.js';
import {
  ACTIVATIONS,
  FIELDS,
  VIEW_FIELDS,
  effectiveSettings,
  lineSettings,
  toQuery,
} from '../settings.js';
import { getRace, isOpen, lanesInRace, setLane, setRace } from '../state.js';
import { hasData, isAtHand, readDataset } from './data.js';
import { estimate } from './estimate.js';

/**
 * Sets fields. What takes effect while the race runs does so at once; the rest
 * waits until it starts over.
 *
 * @param {Partial<import('../settings.js').RaceSettings>} patch
 */
export async function change(patch) {
  const { started } = getRace();
  const settings = { ...getRace().settings, ...patch };
  setRace({ settings });
  writeRace();
  if (!started) {
    // Nothing has begun: the pictures in view are those of the dataset that is chosen,
    // of the size that the network is made for.
    if ((Object.hasOwn(patch, 'data') || Object.hasOwn(patch, 'network')) && isAtHand(settings) && !hasData(settings)) await readDataset(settings);
    else await estimate();
    return;
  }
  if (!Object.keys(patch).some((key) => FIELDS[key].live)) return;
  for (const lane of lanesInRace().filter(isOpen)) await changeLane(lane, Object.hasOwn(patch, lane.activation));
}

async function changeLane({ activation, run, status, position }, otherRate) {
  try {
    await engine.changeTraining(run, await settingsOf(activation));
    // More epochs than it has run, or another rate than the one that was too high: it may go on.
    const more = status === 'done' && position.epoch < getRace().settings.epochs;
    if (more || (otherRate && status === 'diverged')) setLane(activation, { status: 'paused', error: null });
  } catch (error) {
    if (error?.code !== 'device-lost') tellError(error);
  }
}

/** What a line of the race trains with. */
export async function settingsOf(activation) {
  const { settings, started } = getRace();
  const now = effectiveSettings(settings, started ?? settings);
  return lineSettings(await engine.trainingSettings(now.network, activation), now);
}

/** The settings of the race under way again. */
export function takeBack() {
  const { settings, started } = getRace();
  setRace({ settings: effectiveSettings(settings, started) });
  writeRace();
}

/** @param {Partial<import('../state.js').Race['chart']>} patch */
export function changeChart(patch) {
  setRace({ chart: { ...getRace().chart, ...patch } });
  writeRace();
}

/** Writes the race into the address. */
export function writeRace() {
  const { settings, chart } = getRace();
  const lines = lanesInRace().map(({ activation }) => activation);
  writeAddress({
    ...toQuery(FIELDS, settings),
    ...toQuery(VIEW_FIELDS, chart),
    lines: lines.length === ACTIVATIONS.length ? null : lines.join(','),
  });
}

/** Takes the race out of the address: another view is on. */
export function clearRace() {
  const keys = [...Object.keys(FIELDS), ...Object.keys(VIEW_FIELDS), 'lines'];
  writeAddress(Object.fromEntries(keys.map((key) => [key, null])));
}
