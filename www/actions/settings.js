// Language, theme and view: what the visitor chose, else what the browser says.
import { getState, setState } from '../store.js';
import { LANGUAGES, loadMessages } from '../i18n/index.js';
import { loadLabels } from '../i18n/labels.js';
import { readAddress, writeAddress } from '../address.js';
import { tellError } from './notices.js';

/**
 * @param {string | null} fromAddress language that a link asks for
 * @throws when the page's texts cannot be fetched
 */
export async function startSettings(fromAddress) {
  const theme = recall('theme');
  applyTheme(['light', 'dark'].includes(theme) ? theme : 'system');
  const preferred = navigator.languages.map((tag) => tag.split('-')[0]);
  const candidates = [fromAddress, recall('language'), ...preferred, 'en'];
  await applyLanguage(candidates.find((language) => language !== null && Object.hasOwn(LANGUAGES, language)));
}

/** @param {'en' | 'zh'} language */
export async function setLanguage(language) {
  try {
    await applyLanguage(language);
  } catch (error) {
    return tellError(error);
  }
  remember('language', language);
  writeAddress({ lang: language });
}

/** @param {'system' | 'light' | 'dark'} theme */
export function setTheme(theme) {
  remember('theme', theme);
  applyTheme(theme);
}

async function applyLanguage(language) {
  await loadMessages(language);
  document.documentElement.lang = LANGUAGES[language].tag;
  setState({ language });
  loadLabels().catch(tellError);
}

function applyTheme(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  setState({ theme });
}

/**
 * @param {string | null} view anything but `train` and `paper` is the view that classifies
 * @param {object} [more] of the address, which the view reads as it opens
 */
export function setView(view, more = {}) {
  const other = ['train', 'paper'].includes(view);
  const isPaper = view === 'paper';
  setState({ view: other ? view : 'classify', ...(!isPaper && { only: null }) });
  const { step, why } = getState();
  writeAddress(
    {
      view: other ? view : null,
      step: isPaper ? step : null,
      set: isPaper ? readAddress().set : null,
      why: other ? null : why,
      ...(!isPaper && { only: null }),
      ...more,
    },
    { step: true },
  );
}

/** Opens what an address says, as Back and Forward lead to it. */
export function openAddress({ view, step, only, why, stage, layer, unit }) {
  setState({
    view: view ?? 'classify',
    step,
    only: view === 'paper' ? only : null,
    why,
    stage,
    layer,
    unit: unit === null ? null : Number(unit),
    place: null,
  });
}

/** @param {string | null} step a step of the view of the paper; the first if there is none such */
export function setStep(step) {
  const isOther = step !== getState().step;
  setState({ step });
  // What is set in a step stays with it.
  if (getState().view === 'paper') writeAddress({ step, ...(isOther && { set: null }) }, { step: true });
}

/** @param {string | null} only how much of a step of the paper is shown alone; see store.js */
export function setOnly(only) {
  setState({ only: only === 'figure' ? 'figure' : only && 'step' });
  writeAddress({ only: getState().only });
}

/** Opens the step of the paper on output sizes. @param {string} set what is set in it, as a link has it */
export function openOutputSize(set) {
  setState({ step: 'output-size' });
  setView('paper', { set });
  scrollTo({ top: 0 });
}

/** @param {string | null} why what is asked about the answer; see WAYS in www/inside/why-view.js */
export function setWhy(why) {
  setState({ why });
  if (getState().view === 'classify') writeAddress({ why }, { step: true });
}

/** @param {import('../store.js').State['dialog']} dialog */
export const openDialog = (dialog) => setState({ dialog });

/** @param {import('../store.js').State['dialog']} dialog closed only if it is the open one */
export function closeDialog(dialog) {
  if (getState().dialog === dialog) setState({ dialog: null });
}

// A browser may forbid its storage; then a choice lasts as long as the page.
function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // as above
  }
}
