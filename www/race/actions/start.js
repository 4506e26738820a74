// Opening the training view.
import { getState, nextId } from '../../store.js';
import { tellError } from '../../actions/notices.js';
import { engine } from '../../engine.js';
import { recordedRaces } from '../recorded.js';
import { createRace, getRace, setRace } from '../state.js';
import { isAtHand, readDataset } from './data.js';
import { findKept } from './keep.js';
import { watchDevice } from './recover.js';

/** Sets the race up, once: it goes on while another view is on. */
export async function startRace() {
  if (getState().race) return;
  const refused = createRace();
  if (refused.length > 0) tellError({ code: 'address-race', refused });
  watchDevice();
  try {
    const [networks, recorded] = await Promise.all([engine.trainableNetworks(), recordedRaces()]);
    setRace({
      networks,
      drawn: recorded.map((race) => ({
        id: nextId(),
        kind: 'recorded',
        name: race.name,
        shown: race === recorded[0],
        race,
      })),
    });
    const { settings } = getRace();
    if (isAtHand(settings)) await readDataset(settings);
    await findKept();
  } catch (error) {
    tellError(error);
  }
}
