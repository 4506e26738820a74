// Where the page starts.
import './style.css';
import './valid-language.js';
import './components/app.js';
import { followHistory, openingAddress } from './address.js';
import { getState } from './store.js';
import { startClassifying } from './actions/classify.js';
import { openDevice } from './actions/device.js';
import { addSample } from './actions/photos.js';
import { checkInside, startInside } from './actions/inside.js';
import { DEFAULT_MODEL, loadDefaultOnceNeeded, openLink, readModels } from './actions/models.js';
import { tellError } from './actions/notices.js';
import { openAddress, setOnly, setStep, setView, setWhy, startSettings } from './actions/settings.js';

const { address, refused } = openingAddress();
const { lang, model, only, sample, step, view, why, ...inside } = address;

// What nobody foresaw is told too. A lost device tells of itself.
addEventListener('unhandledrejection', ({ reason }) => {
  if (reason?.code !== 'device-lost') tellError(reason);
});
addEventListener('error', ({ error }) => {
  if (error) tellError(error);
});

// Neither waits for the page's texts.
const reading = readModels();
const opening = openDevice();
reading.catch(() => {}); // told below

try {
  await startSettings(lang);
} catch (error) {
  document.querySelector('alexnet-app').failed = true;
  throw error;
}
startInside(inside);
setStep(step);
setWhy(why);
setView(view);
setOnly(view === 'paper' ? only : null);
startClassifying();
followHistory(openAddress);
if (sample) addSample(sample);
if (refused.length > 0) tellError({ code: 'address-ignored', name: 'page', refused });

try {
  await reading;
  if (await opening) {
    const loaded = model && (await openLink(model));
    if (!loaded) await loadDefaultOnceNeeded();
    // A network that the link does not ask for has other stages.
    if (loaded || !model || model === DEFAULT_MODEL) checkInside();
  }
} catch (error) {
  if (getState().gpu.status !== 'unavailable') tellError(error);
}

// Last: it fetches all files of the page, which are here by now.
if (import.meta.env.PROD) navigator.serviceWorker?.register('./service-worker.js').catch(() => {});
