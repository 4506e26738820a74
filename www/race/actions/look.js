// Looking into the lines while they train, as seldom as a person notices: each
// look costs the training a moment.
import { tellError } from '../../actions/notices.js';
import { engine } from '../../engine.js';
import { getLane, getRace, setRace } from '../state.js';

const INSIGHT_EVERY = 2500; // ms
const ANSWERS_EVERY = 1500;

const last = { insight: {}, answers: 0 };
let looking = false;

/**
 * @param {string} activation a line that has just computed
 * @param {{ epoch?: boolean, now?: boolean }} when  an epoch ended; or at once
 */
export async function look(activation, { epoch = false, now = false } = {}) {
  const { run } = getLane(activation);
  if (looking || run === null) return;
  looking = true;
  try {
    const time = performance.now();
    const { shown, pictures, pictured, dataset } = getRace();
    if (now || time - (last.insight[activation] ?? -Infinity) > INSIGHT_EVERY) {
      last.insight[activation] = time;
      const insight = await engine.insight(run);
      setRace({ insights: { ...getRace().insights, [activation]: insight } });
    }
    if (activation !== shown) return;
    const isAbout = pictured !== null && pictured.id === dataset?.id;
    if (isAbout && (now || time - last.answers > ANSWERS_EVERY)) {
      last.answers = time;
      const predictions = await engine.predictions(
        run,
        pictures.map(({ index }) => index),
      );
      if (getRace().shown === activation) setRace({ predictions });
    }
    if (now || epoch) {
      const counts = await engine.confusion(run);
      if (counts && getRace().shown === activation) setRace({ confusion: { activation, counts } });
    }
  } catch (error) {
    // The line may have been taken out, or its device lost, since it reported.
    if (getLane(activation).run === run && error?.code !== 'device-lost') tellError(error);
  } finally {
    looking = false;
  }
}
