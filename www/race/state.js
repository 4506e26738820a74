// The race in the page's state: `getState().race`. Only actions change it.
import { presentQuery } from '../address.js';
import { shortened } from '../address-words.js';
import { engine } from '../engine.js';
import { getState, setState } from '../store.js';
import { ACTIVATIONS, FIELDS, VIEW_FIELDS, fromQuery } from './settings.js';

/**
 * @typedef {import('../store.js').PageError} PageError
 *
 * @typedef {object} Lane             one activation's place in the race
 * @property {string} activation
 * @property {'off' | 'ready' | 'opening' | 'running' | 'paused' | 'done' | 'diverged' | 'failed'} status
 *   ready: in the race, not begun; failed: lost with its device or stopped by an error
 * @property {number | null} run      its number in the worker
 * @property {boolean} held           paused by its own switch, not with all others
 * @property {import('./curve.js').Curve | null} curve
 * @property {{ step: number, epoch: number, imagesPerSecond: number | null } | null} position
 * @property {number} seconds         that it has computed
 * @property {Checkpoint | null} checkpoint  the last one
 * @property {boolean} stuck          at ln(classes)
 * @property {PageError | null} error
 * @property {{ done: number, total: number } | null} compiling
 *
 * @typedef {{ file: Blob, position: NonNullable<Lane['position']>, seconds: number }} Checkpoint
 *
 * @typedef {object} Drawn            a race that is drawn behind: recorded, or opened from a file
 * @property {string} id
 * @property {'recorded' | 'opened'} kind
 * @property {string} name
 * @property {boolean} shown
 * @property {import('./recorded.js').Recording} race
 *
 * @typedef {object} Race
 * @property {boolean} playing
 * @property {import('./settings.js').RaceSettings} settings    as they are set
 * @property {import('./settings.js').RaceSettings | null} started  as the lines were opened
 * @property {import('../engine.js').DatasetInfo | null} dataset  what the lines train with; null
 *   before one is opened. Another may be in `data` already, for the next start
 * @property {import('../engine.js').DatasetInfo | null} expected  dataset of a race that goes on
 * @property {{ x: string, y: string, logx: boolean, logy: boolean, validation: boolean }} chart
 * @property {{ name: string, size: number, parameters: number, layers: import('../engine.js').LayerInfo[] }[]} networks
 * @property {{ status: 'none' | 'reading' | 'ready', done: number, total: number,
 *              info: import('../engine.js').DatasetInfo | null, of: string }} data  that is chosen
 * @property {{ bytes: number, parameters: number, stepsPerEpoch: number } | null} estimate  of a line
 * @property {Record<string, Lane>} lanes
 * @property {string} shown           activation whose answers and confusion are shown
 * @property {Record<string, object>} insights  of each line, as `engine.insight` gives them
 * @property {import('../engine.js').DatasetInfo | null} pictured  dataset that `pictures` are of
 * @property {{ index: number, rgba: Uint8Array, width: number, height: number, label: number }[]} pictures
 * @property {{ index: number, probabilities: number[] }[]} predictions  of `shown`, for `pictures`
 * @property {{ activation: string, counts: number[][] } | null} confusion
 * @property {{ activation: string, trials: { rate: number, losses: number[], diverged?: boolean }[],
 *              rate: number | null, done: boolean } | null} search
 * @property {Drawn[]} drawn
 * @property {import('./actions/keep.js').Kept | null} kept  a race of an earlier visit
 */

const lane = (activation, status) => ({
  activation,
  status,
  run: null,
  held: false,
  curve: null,
  position: null,
  seconds: 0,
  checkpoint: null,
  stuck: false,
  error: null,
  compiling: null,
});

/** Puts the race that the address asks for into the page's state. @returns {string[]} refused parts */
export function createRace() {
  const query = presentQuery();
  const { values: settings, refused } = fromQuery(FIELDS, query);
  const { values: chart, refused: unknown } = fromQuery(VIEW_FIELDS, query);
  const asked = query.get('lines')?.split(',').filter(Boolean) ?? ACTIVATIONS;
  const strangers = asked.filter((name) => !ACTIVATIONS.includes(name)).map((name) => shortened('lines', name));
  setState({
    race: {
      playing: false,
      settings,
      started: null,
      dataset: null,
      expected: null,
      chart,
      networks: [],
      data: { status: 'none', done: 0, total: 0, info: null, of: '' },
      estimate: null,
      lanes: Object.fromEntries(
        ACTIVATIONS.map((name) => [name, lane(name, asked.includes(name) ? 'ready' : 'off')]),
      ),
      shown: ACTIVATIONS.find((name) => asked.includes(name)) ?? ACTIVATIONS[0],
      insights: {},
      pictured: null,
      pictures: [],
      predictions: [],
      confusion: null,
      search: null,
      drawn: [],
      kept: null,
    },
  });
  return [...refused, ...unknown, ...strangers];
}

/** @returns {Race} */
export const getRace = () => getState().race;

/** @param {Partial<Race>} patch */
export const setRace = (patch) => setState({ race: { ...getRace(), ...patch } });

/** The dataset of the race, or the one that is chosen where no line has one yet. */
export const datasetOfRace = () => {
  const { dataset, expected, data } = getRace();
  return dataset ?? expected ?? data.info;
};

/** @returns {Lane} */
export const getLane = (activation) => getRace().lanes[activation];

/** @param {Partial<Lane>} patch */
export const setLane = (activation, patch) =>
  setRace({ lanes: { ...getRace().lanes, [activation]: { ...getLane(activation), ...patch } } });

/** Back to the start, also from being held. */
export const resetLane = (activation, status = 'ready') =>
  setLane(activation, lane(activation, status));

/** @returns {Lane[]} those in the race */
export const lanesInRace = () =>
  Object.values(getRace().lanes).filter(({ status }) => status !== 'off');

/** @param {Lane} lane whether there is a network in the worker behind it */
export const isOpen = ({ run }) => run !== null;

/** Ends a line in the worker. */
export async function closeRun({ activation, run }) {
  if (run === null) return;
  setLane(activation, { run: null });
  await engine.closeTraining(run);
}

/**
 * Puts a line back to the start at once, so that whatever is pressed meanwhile finds it
 * there, and ends it in the worker.
 */
export async function clearLane({ activation, run }, status) {
  resetLane(activation, status);
  if (run !== null) await engine.closeTraining(run);
}

/** @returns {boolean} whether starting over would lose something */
export const hasBegun = () => lanesInRace().some(({ curve }) => curve?.next > 0);
