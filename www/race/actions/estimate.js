// What a line of the race would take of the GPU, said before it is opened.
import { tellError } from '../../actions/notices.js';
import { engine } from '../../engine.js';
import { t } from '../../i18n/index.js';
import { lineSettings } from '../settings.js';
import { getRace, setRace } from '../state.js';

/** Works it out anew, for the settings and the dataset as they are. */
export async function estimate() {
  const { settings, data, shown } = getRace();
  if (!data.info) return;
  try {
    const defaults = await engine.trainingSettings(settings.network, shown);
    const found = await engine.estimateTraining(lineSettings(defaults, settings), data.info.id);
    setRace({ estimate: found });
  } catch (error) {
    if (getRace().data.info !== data.info) return; // closed meanwhile: the next one is asked about
    setRace({ estimate: null });
    if (error?.code === 'input') {
      const { size } = getRace().networks.find(({ name }) => name === settings.network);
      const [height, width] = data.info.shape;
      tellError({ code: 'small-pictures', network: t(`race.network.${settings.network}`), size, height, width });
      return;
    }
    // Without a device there is nothing to say yet.
    if (error?.code !== 'no-adapter') tellError(error);
  }
}
