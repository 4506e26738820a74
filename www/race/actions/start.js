// Opening the training view.
import { getState, nextId } from '../../store.js';
import { tellError } from '../../actions/notices.js';
import { engine } from '../../engine.js';
import { shortened } from '../../address-words.js';
import { FIELDS } from '../settings.js';
import { recordedRaces } from '../recorded.js';
import { createRace, getRace, setRace } from '../state.js';
import { isAtHand, readDataset } from './data.js';
import { writeRace } from './change.js';
import { findKept } from './keep.js';
import { watchDevice } from './recover.js';

/** Sets the race up, once: it goes on while another view is on. */
export async function startRace() {
  if (getState().race) return;
  const refused = createRace();
  watchDevice();
  try {
    const [networks, recorded] = await Promise.all([engine.trainableNetworks(), recordedRaces()]);
    const { settings } = getRace();
    // Which networks there are the core says.
    if (!networks.some(({ name }) => name === settings.network)) {
      refused.push(shortened('network', settings.network));
      setRace({ settings: { ...settings, network: FIELDS.network.value } });
      if (getState().view === 'train') writeRace();
    }
    if (refused.length > 0) tellError({ code: 'address-ignored', name: 'race', refused });
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
    const chosen = getRace().settings;
    if (isAtHand(chosen)) await readDataset(chosen);
    await findKept();
  } catch (error) {
    tellError(error);
  }
}
