// Checkpoints in this browser, so that a reload, a crash or a lost device costs
// at most half a minute of training, or what writing a large network asks for.
import { createStore, clear, get, getMany, setMany } from 'idb-keyval';
import { tell } from '../../actions/notices.js';
import { engine } from '../../engine.js';
import { Curve } from '../curve.js';
import { ACTIVATIONS, effectiveSettings, isSettings } from '../settings.js';
import { getLane, getRace, lanesInRace, setLane, setRace } from '../state.js';

/** Of what is kept: what another version of the page kept is not taken for this. */
const VERSION = 1;

/**
 * @typedef {object} Kept             a race of an earlier visit
 * @property {number} version
 * @property {number} time            when it was kept
 * @property {import('../settings.js').RaceSettings} settings
 * @property {import('../../engine.js').DatasetInfo} info
 * @property {string[]} active         activations in the race, those that had not begun too
 * @property {Record<string, { checkpoint: import('../state.js').Checkpoint, curve: object }>} lines
 */

const store = createStore('alexnet-live-race', 'checkpoints');

/** When each line was kept. */
const times = {};
const busy = new Set();
let refused = false;

/** Seconds from one checkpoint to the next: half a gigabyte of AlexNet takes its time. */
const pauseBetween = () => 30 + (getRace().estimate?.parameters ?? 0) / 200_000;

/**
 * Takes a checkpoint of a line.
 *
 * @param {string} activation
 * @param {(activation: string, report: object) => void} told  of what the line did until then
 * @param {{ now?: boolean }} options  or only when it is time again
 */
export async function keepLine(activation, told, { now: atOnce = true } = {}) {
  const now = performance.now();
  times[activation] ??= now; // from its first report on
  const waits = !atOnce && now - times[activation] < pauseBetween() * 1000;
  if (busy.has(activation) || waits) return;
  const { run, curve: begun } = getLane(activation);
  if (run === null || !begun?.last) return;
  busy.add(activation);
  times[activation] = now;
  try {
    const { file, report } = await engine.checkpoint(run);
    told(activation, report);
    const { step, epochs, imagesPerSecond } = report.state;
    const { curve } = getLane(activation);
    // Reports sent before this answer may come after it.
    while (curve.next < step || curve.epochs.length < epochs.length) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (getLane(activation).run !== run) return;
    }
    const position = { step, epoch: epochs.length, imagesPerSecond };
    const checkpoint = { file, position, seconds: getLane(activation).seconds };
    setLane(activation, { checkpoint });
    const { started, settings, dataset } = getRace();
    const active = lanesInRace().map((entry) => entry.activation);
    await setMany(
      [
        [
          'race',
          {
            version: VERSION,
            time: Date.now(),
            settings: effectiveSettings(settings, started),
            info: dataset,
            active,
          },
        ],
        [activation, { checkpoint, curve: curve.upTo(step, epochs.length).toJSON() }],
      ],
      store,
    );
  } catch (error) {
    // Of the line, which tells it itself; those of the browser's storage have numbers.
    if (typeof error?.code === 'string') return;
    if (!refused) tell('race.notice.not-kept');
    refused = true;
  } finally {
    busy.delete(activation);
  }
}

/** Whether it is what this version of the page keeps: the browser's storage may hold anything. */
function isKept({ version, time, settings, info, active, lines }) {
  const isName = (name) => ACTIVATIONS.includes(name);
  return (
    version === VERSION &&
    Number.isFinite(time) &&
    isSettings(settings) &&
    isDataset(info) &&
    Array.isArray(active) &&
    active.every(isName) &&
    Object.keys(lines).length > 0 &&
    Object.entries(lines).every(([name, line]) => active.includes(name) && isLine(line))
  );
}

const isCount = (value) => Number.isInteger(value) && value >= 0;

const isDataset = (info) =>
  typeof info?.name === 'string' &&
  Array.isArray(info.classes) &&
  info.classes.every((name) => typeof name === 'string') &&
  [info.training, info.validation].every(isCount) &&
  Array.isArray(info.shape) &&
  info.shape.every(isCount);

const isLine = ({ checkpoint, curve }) =>
  checkpoint?.file instanceof Blob &&
  isCount(checkpoint.position?.step) &&
  isCount(checkpoint.position.epoch) &&
  Number.isFinite(checkpoint.seconds) &&
  Curve.isData(curve);

/** Looks for a race of an earlier visit, and offers it. */
export async function findKept() {
  try {
    const race = await get('race', store);
    if (!race) return;
    const lines = await getMany(ACTIVATIONS, store);
    const entries = ACTIVATIONS.map((activation, index) => [activation, lines[index]]);
    const kept = { ...race, lines: Object.fromEntries(entries.filter(([, line]) => line)) };
    if (isKept(kept)) return setRace({ kept });
    tell('race.notice.kept-unreadable');
    await clear(store);
  } catch {
    // No storage here: nothing was kept.
  }
}

/** The race as it stands, as far as its lines have checkpoints. @returns {Kept | null} */
export function presentRace() {
  const { started, settings, dataset } = getRace();
  const lines = lanesInRace().filter(({ checkpoint, curve }) => checkpoint && curve);
  if (!started || !dataset || lines.length === 0) return null;
  return {
    version: VERSION,
    time: Date.now(),
    settings: effectiveSettings(settings, started),
    info: dataset,
    active: lanesInRace().map(({ activation }) => activation),
    lines: Object.fromEntries(
      lines.map(({ activation, checkpoint, curve }) => {
        const { step, epoch } = checkpoint.position;
        return [activation, { checkpoint, curve: curve.upTo(step, epoch).toJSON() }];
      }),
    ),
  };
}

/** Keeps a race that was forgotten again. @param {Kept} kept */
export async function keepAgain({ lines, ...race }) {
  await setMany([['race', race], ...Object.entries(lines)], store).catch(() => {}); // as far as there is room
}

/** Forgets what is kept. */
export async function forgetKept() {
  setRace({ kept: null });
  for (const activation of ACTIVATIONS) delete times[activation];
  await clear(store).catch(() => {});
}

/**
 * Puts lines of a kept race into the lanes; opening them goes on from there.
 *
 * @param {Kept} kept
 */
export function restoreLanes({ settings, info, lines }) {
  setRace({ started: settings, settings, expected: info, kept: null });
  for (const [activation, { checkpoint, curve }] of Object.entries(lines)) {
    returnTo(activation, checkpoint, Curve.from(curve));
  }
}

/**
 * Puts a line back to where its checkpoint was taken; opening it goes on from there.
 *
 * @param {string} activation
 * @param {import('../state.js').Checkpoint} checkpoint
 * @param {Curve} curve
 */
export function returnTo(activation, checkpoint, curve) {
  const { position, seconds } = checkpoint;
  setLane(activation, {
    status: 'failed',
    run: null,
    checkpoint,
    curve: curve.upTo(position.step, position.epoch),
    position,
    seconds,
  });
}
