// Races that are drawn behind the one that runs: those that were recorded, and
// files of a race that were opened again.
import { t } from '../i18n/index.js';
import { Curve, THRESHOLD } from './curve.js';
import { raceSettings } from './settings.js';

/**
 * @typedef {object} RecordedLine
 * @property {string} activation
 * @property {object} [settings]  of a recorded race: what it trained with (src/train/settings.rs)
 * @property {{ training: Evaluation, validation: Evaluation | null }[]} [epochs]
 *   of a recorded race: only the epochs
 * @property {number | null} [crossed]  of a recorded race: epochs until it was at the threshold
 * @property {number | null} [times]    how many times as long as ReLU it took, or ran without
 *   coming there; null where ReLU did not come there
 * @property {ReturnType<Curve['toJSON']>} [curve]  of a saved one: every step
 *
 * @typedef {object} Recording
 * @property {string} name      of a recorded race: which initialiser
 * @property {string} dataset
 * @property {string} network
 * @property {number} images
 * @property {string} [command] that made it
 * @property {RecordedLine[]} lines
 */

/** The races that come with the page, if there are any. @returns {Promise<Recording[]>} */
export async function recordedRaces() {
  const files = import.meta.glob('./recorded.json', { import: 'default' });
  const load = files['./recorded.json'];
  return load ? (await load()).races : [];
}

/** What the page calls a race that is drawn. @param {import('./state.js').Drawn} drawn */
export const nameOf = ({ kind, name, race }) => t(`race.drawn.${kind}`, { name, dataset: race.dataset });

/**
 * @param {Recording} race  a recorded one
 * @returns {Partial<import('./settings.js').RaceSettings>} with which the page runs the same race
 */
export function fieldsOf({ images, lines }) {
  const fields = lines.map(({ settings }) => raceSettings(settings));
  const initializers = new Set(fields.map(({ initializer }) => initializer));
  const initializer = initializers.size > 1 ? 'modern' : fields[0].initializer;
  const epochs = Math.max(...lines.map((line) => line.epochs.length));
  return Object.assign({}, ...fields, { initializer, images, epochs });
}

/** @typedef {{ xs: number[], ys: number[], validation: [number[], number[]], crossing: number | null }} Points */

/**
 * @param {RecordedLine} line
 * @param {'epochs' | 'seconds'} x
 * @param {'error' | 'loss'} y
 * @returns {Points} empty where the line knows no seconds
 */
export function pointsOf(line, x, y) {
  if (line.curve) {
    const curve = Curve.from(line.curve);
    const [xs, ys] = curve.line(x, y);
    return { xs, ys, validation: curve.validation(x, y), crossing: curve.crossing?.[x] ?? null };
  }
  if (x === 'seconds') return { xs: [], ys: [], validation: [[], []], crossing: null };
  const xs = line.epochs.map((_, index) => index + 1);
  const validated = xs.filter((epoch) => line.epochs[epoch - 1].validation);
  const crossed = line.epochs.findIndex(({ training }) => training.error <= THRESHOLD);
  return {
    xs,
    ys: line.epochs.map(({ training }) => training[y]),
    validation: [validated, validated.map((epoch) => line.epochs[epoch - 1].validation[y])],
    crossing: crossed < 0 ? null : crossed + 1,
  };
}
