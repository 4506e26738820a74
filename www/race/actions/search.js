// Finding the learning rate of an activation by a few short trials.
import { proxy } from 'comlink';
import { tellError } from '../../actions/notices.js';
import { engine } from '../../engine.js';
import { ratesOf } from '../settings.js';
import { getRace, lanesInRace, setRace } from '../state.js';
import { change, settingsOf } from './change.js';
import { readDataset } from './data.js';
import { pause, play } from './run.js';
import { signalOf, stop } from './stops.js';

/** Steps of a trial, at least and at most: enough to tell a rate that learns from one that does not. */
const [FEWEST, MOST] = [12, 40];
/** Or pictures, where batches are small. */
const PICTURES = 1200;
/** Seconds that a search may take on a weak GPU. */
const PATIENCE = 60;

/**
 * Tries rates for an activation and sets the best.
 *
 * @param {string} activation
 */
export async function findBest(activation) {
  const { settings, started, playing } = getRace();
  if (playing) await pause();
  setRace({ search: { activation, trials: [], rate: null, done: false } });
  const signal = signalOf('searching');
  try {
    const chosen = started ?? settings;
    if (!(await readDataset(chosen))) throw { code: 'stopped' };
    const base = await settingsOf(activation);
    const rates = ratesOf(base.optimizer);
    // As it was asked for: the core counts in 32 bits.
    const nearest = (rate) => rates.find((one) => Math.fround(one) === Math.fround(rate)) ?? rate;
    const trial = proxy((rate, losses) =>
      draw(activation, { rate: nearest(rate), losses: [...losses] }),
    );
    const { info } = getRace().data;
    if (!info) throw { code: 'stopped' }; // another is read already
    const { id } = info;
    const steps = stepsOf(base, rates);
    const { rate: best, trials } = await engine.findRate(base, id, rates, steps, trial, signal);
    const rate = best === null ? null : nearest(best);
    const tried = trials.map((one) => ({ ...one, rate: nearest(one.rate) }));
    setRace({ search: { activation, trials: tried, rate, done: true } });
    if (rate !== null) await change({ [activation]: rate });
  } catch (error) {
    setRace({ search: null });
    tellError(error);
  }
  if (playing) await play();
}

/** As many steps as there is patience for, judged by how fast the lines were. */
function stepsOf({ batch }, rates) {
  const speeds = lanesInRace().map(({ position }) => position?.imagesPerSecond ?? 0);
  const speed = Math.max(...speeds);
  const steps = (PATIENCE * speed) / (batch * rates.length);
  return Math.round(Math.min(Math.max(steps, FEWEST), Math.max(MOST, PICTURES / batch)));
}

/** A trial so far, in place of what was drawn of it. */
function draw(activation, trial) {
  const { search } = getRace();
  if (search?.activation !== activation || search.done) return;
  const others = search.trials.filter(({ rate }) => rate !== trial.rate);
  setRace({ search: { ...search, trials: [...others, trial] } });
}

/** Ends the search; the rate stays. */
export const stopSearch = () => stop('searching', ...(isReading() ? ['reading'] : []));

/** Whether it still waits for its dataset. */
const isReading = () => getRace().data.status === 'reading';

/** Puts the drawing of the trials away. */
export const closeSearch = () => setRace({ search: null });
