// What was measured of one line of the race: every step as it came, and from
// them the running training error that the chart draws.

/** The line that the paper's Figure 1 looks at. */
export const THRESHOLD = 0.25;
/** How many times longer the tanh network of Figure 1 takes. */
export const PAPER_RATIO = 6;

// A batch of 128 is right or wrong in steps of 0.8 %, and one easy batch is no
// achievement: errors are averaged over this share of an epoch, at least over so many samples.
const WINDOW_SHARE = 1 / 8;
const WINDOW_SAMPLES = 512;

/**
 * @typedef {object} Step
 * @property {number} step     from 0
 * @property {number} loss     mean of the batch, before the update
 * @property {number} error    share of wrong answers in the batch
 * @property {number} samples
 * @property {number} seconds  of this line's own computing, up to here
 *
 * @typedef {{ loss: number, error: number }} Evaluation
 * @typedef {{ training: Evaluation, validation: Evaluation | null, seconds: number }} Epoch
 *
 * @typedef {{ epochs: number, seconds: number }} Moment
 */

const COLUMNS = ['step', 'loss', 'error', 'samples', 'seconds'];

export class Curve {
  /** @type {Step[]} */
  steps = [];
  /** @type {Epoch[]} */
  epochs = [];
  /** When the running error was first at the threshold. @type {Moment | null} */
  crossing = null;

  /** Running means and positions, one for each step. */
  #trail = { epochs: [], seconds: [], error: [], loss: [] };
  #samples = 0;
  // The window: its first step, and sums over it.
  #first = 0;
  #sum = { samples: 0, error: 0, loss: 0 };

  /**
   * @param {number} images  pictures in an epoch
   * @param {number} seen    samples before the first step that is known
   * @param {number} begin   that step
   */
  constructor(images, seen = 0, begin = 0) {
    this.images = images;
    this.seen = seen;
    this.begin = begin;
    this.#samples = seen;
    this.window = Math.min(images, Math.max(WINDOW_SAMPLES, images * WINDOW_SHARE));
  }

  /** Epochs up to here, parts of them too, also those before the first step that is known. */
  get reached() {
    return this.#samples / this.images;
  }

  /** The step that comes next. */
  get next() {
    return (this.steps.at(-1)?.step ?? this.begin - 1) + 1;
  }

  /** @param {Step} step */
  add(step) {
    this.steps.push(step);
    this.#samples += step.samples;
    this.#weigh(step, 1);
    while (this.#sum.samples - this.steps[this.#first].samples >= this.window) {
      this.#weigh(this.steps[this.#first], -1);
      this.#first += 1;
    }
    const moment = { epochs: this.#samples / this.images, seconds: step.seconds };
    const error = this.#sum.error / this.#sum.samples;
    this.#trail.epochs.push(moment.epochs);
    this.#trail.seconds.push(moment.seconds);
    this.#trail.error.push(error);
    this.#trail.loss.push(this.#sum.loss / this.#sum.samples);
    // Of a line that was seen only later, nobody knows whether it crossed before.
    if (!this.crossing && this.seen === 0 && this.#sum.samples >= this.window && error <= THRESHOLD) {
      this.crossing = moment;
    }
  }

  #weigh({ samples, error, loss }, sign) {
    this.#sum.samples += sign * samples;
    this.#sum.error += sign * samples * error;
    this.#sum.loss += sign * samples * loss;
  }

  /** @param {Epoch} epoch */
  endEpoch(epoch) {
    this.epochs.push(epoch);
  }

  /** @returns {{ epochs: number, seconds: number, error: number, loss: number } | null} */
  get last() {
    const index = this.steps.length - 1;
    if (index < 0) return null;
    const { epochs, seconds, error, loss } = this.#trail;
    return {
      epochs: epochs[index],
      seconds: seconds[index],
      error: error[index],
      loss: loss[index],
    };
  }

  /**
   * The training line, thinned to about so many points.
   *
   * @param {'epochs' | 'seconds'} x
   * @param {'error' | 'loss'} y
   * @returns {[number[], number[]]}
   */
  line(x, y, most = 800) {
    const xs = this.#trail[x];
    const stride = Math.max(1, Math.ceil(xs.length / most));
    // Counted from the newest, so that the line always ends where the training is.
    const keep = (_, index) => (xs.length - 1 - index) % stride === 0;
    return [xs.filter(keep), this.#trail[y].filter(keep)];
  }

  /**
   * The validation line: a point for each epoch.
   *
   * @returns {[number[], number[]]}
   */
  validation(x, y) {
    const points = this.epochs
      .map(({ validation, seconds }, index) => ({ validation, at: { epochs: index + 1, seconds } }))
      .filter(({ validation }) => validation);
    return [points.map(({ at }) => at[x]), points.map(({ validation }) => validation[y])];
  }

  /** As it is written to a file or kept in the browser: a list for each column. */
  toJSON() {
    const { images, seen, begin, epochs } = this;
    const column = (name) => [name, this.steps.map((step) => step[name])];
    return { images, seen, begin, epochs, steps: Object.fromEntries(COLUMNS.map(column)) };
  }

  /** @returns {boolean} whether it is what `toJSON` gives: a file may come from anywhere */
  static isData(data) {
    const columns = COLUMNS.map((name) => data?.steps?.[name]);
    return (
      data?.images > 0 &&
      [data.seen, data.begin].every(Number.isFinite) &&
      columns.every((column) => Array.isArray(column) && column.every(Number.isFinite)) &&
      columns.every(({ length }) => length === columns[0].length) &&
      data.steps.samples.every((count) => count > 0) &&
      Array.isArray(data.epochs) &&
      data.epochs.every(isEpoch)
    );
  }

  /** @param {ReturnType<Curve['toJSON']>} data */
  static from({ images, seen, begin, steps, epochs }) {
    const curve = new Curve(images, seen, begin);
    for (const index of steps.step.keys()) {
      curve.add(Object.fromEntries(COLUMNS.map((name) => [name, steps[name][index]])));
    }
    for (const epoch of epochs) curve.endEpoch(epoch);
    return curve;
  }

  /** The curve up to a step, as a checkpoint of that step left it. */
  upTo(step, epochs) {
    const curve = new Curve(this.images, this.seen, this.begin);
    for (const entry of this.steps) if (entry.step < step) curve.add(entry);
    for (const epoch of this.epochs.slice(0, epochs)) curve.endEpoch(epoch);
    return curve;
  }
}

const isEpoch = (epoch) =>
  Number.isFinite(epoch?.seconds) &&
  isEvaluation(epoch.training) &&
  (epoch.validation == null || isEvaluation(epoch.validation));

const isEvaluation = (evaluation) => [evaluation?.loss, evaluation?.error].every(Number.isFinite);
