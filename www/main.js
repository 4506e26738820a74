// Where the page starts.
import './style.css';
import './components/app.js';
import { readAddress } from './address.js';
import { getState } from './store.js';
import { startClassifying } from './actions/classify.js';
import { openDevice } from './actions/device.js';
import { addSample } from './actions/photos.js';
import { startInside } from './actions/inside.js';
import { loadDefaultOnceNeeded, openLink, readModels } from './actions/models.js';
import { tellError } from './actions/notices.js';
import { setOnly, setStep, setView, setWhy, startSettings } from './actions/settings.js';
import { findSample } from './samples.js';

const { lang, model, only, sample, step, view, why, ...inside } = readAddress();

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
if (findSample(sample)) addSample(sample);

try {
  await reading;
  if ((await opening) && !(model && (await openLink(model)))) await loadDefaultOnceNeeded();
} catch (error) {
  if (getState().gpu.status !== 'unavailable') tellError(error);
}

// Last: it fetches all files of the page, which are here by now.
if (import.meta.env.PROD) navigator.serviceWorker?.register('./service-worker.js').catch(() => {});
