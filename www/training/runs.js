// The worker's runs of training: all that play take turns on the GPU, so that
// the lines of a race grow side by side, and other calls get in between.
import {
  estimateTraining,
  readCheckpoint,
  trainableNetworks,
  Training,
  trainingSettings,
} from '../pkg/alexnet_live.js';
import { otherTasks } from '../other-tasks.js';
import { datasets } from './datasets.js';
import { numbered } from './numbered.js';

// Milliseconds of a turn.
const TURN = 100;

/**
 * @typedef {object} Run
 * @property {Training} training
 * @property {Promise<unknown>} last            a run does one thing at a time
 * @property {((report: object) => void) | null} report  told of what comes; none while it pauses
 */
const runs = numbered('run');

/** @param {Run} run */
const inTurn = (run, work) => (run.last = run.last.then(work, work));

let racing = false;

/** Gives every run that plays its turn, until none plays. */
async function race() {
  if (racing) return;
  racing = true;
  try {
    for (let playing; (playing = runs.entries().filter(([, run]) => run.report)).length > 0; ) {
      for (const [id, run] of playing) {
        await turn(id, run);
        await otherTasks();
      }
    }
  } finally {
    racing = false;
  }
}

/** @param {Run} run */
const turn = (id, run) =>
  inTurn(run, async () => {
    const { report, training } = run;
    if (!report) return; // paused meanwhile
    try {
      report({ id, ...(await training.advance(TURN)) });
    } catch (error) {
      run.report = null;
      report({ id, error, steps: [], epochs: [], state: training.state() });
    }
  });

/**
 * What the page calls of training; see www/engine.js for what comes back.
 *
 * @param {() => import('../pkg/alexnet_live.js').Session} opened
 * @param {(progress?: Function, signal?: AbortSignal) => (...told: any[]) => boolean} reporting
 *   tells the page how far something is, and that whether to go on
 */
export const trainingCalls = (opened, reporting) => {
  /** Opens a run; `checkpoint` may be null. */
  const open = async (settings, dataset, checkpoint, report) =>
    Training.open(opened(), settings, datasets.get(dataset), checkpoint ?? undefined, report);

  const asked = (name) => (id, ...rest) => {
    const run = runs.get(id);
    return inTurn(run, () => run.training[name](...rest));
  };

  return {
    trainableNetworks,
    trainingSettings,
    estimateTraining: (settings, dataset) =>
      estimateTraining(opened(), settings, datasets.get(dataset)),
    readCheckpoint,

    async openTraining(settings, dataset, checkpoint, progress, signal) {
      const training = await open(settings, dataset, checkpoint, reporting(progress, signal));
      const id = runs.add({ training, last: Promise.resolve(), report: null });
      return { id, settings: training.settings(), state: training.state() };
    },

    playTraining(id, report) {
      runs.get(id).report = report;
      race();
    },

    /** Resolves when nothing of the run is left on the GPU. */
    pauseTraining(id) {
      const run = runs.get(id);
      const { report } = run;
      run.report = null;
      return inTurn(run, async () => {
        await run.training.settle();
        report?.({ id, ...run.training.news() });
      });
    },

    async stepTraining(id) {
      const run = runs.get(id);
      return { id, ...(await inTurn(run, () => run.training.step())) };
    },

    changeTraining(id, settings) {
      const run = runs.get(id);
      return inTurn(run, () => {
        run.training.change(settings);
        return run.training.state();
      });
    },

    insight: asked('insight'),
    predictions: asked('predictions'),
    confusion: asked('confusion'),
    /** The run as a file, and the report of what it did until then. */
    checkpoint(id) {
      const { training } = runs.get(id);
      return inTurn(runs.get(id), async () => {
        const file = new Blob([await training.save(true)]);
        return { file, report: { id, ...training.news() } };
      });
    },

    /** The trained network as a file for `load`. */
    trainedModel: async (id) => new Blob([await asked('save')(id, false)]),

    closeTraining(id) {
      const run = runs.take(id);
      run.report = null;
      return inTurn(run, () => run.training.free());
    },

    /** Short runs with each rate, from the same weights. */
    async findRate(settings, dataset, rates, steps, progress, signal) {
      const training = await open(settings, dataset, null, reporting(undefined, signal));
      try {
        return await training.findRate(Float32Array.from(rates), steps, reporting(progress, signal));
      } finally {
        training.free();
      }
    },
  };
};
