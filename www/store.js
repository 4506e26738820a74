// The one observable state of the page. Components draw it, actions change it.

/**
 * @typedef {import('./engine.js').ModelInfo} ModelInfo
 * @typedef {import('./engine.js').DeviceInfo} DeviceInfo
 * @typedef {import('./engine.js').Classification} Classification
 *
 * @typedef {{ code: string, [field: string]: unknown }} PageError
 *   a Rust `Error` or one of the page's own; i18n has a sentence for each code
 *
 * @typedef {object} Photo
 * @property {string} id
 * @property {string} name            file name, or the sample's name
 * @property {string | null} sample   name of the sample that it is
 * @property {Blob} blob
 * @property {string} url             object URL of the blob
 * @property {number} width           pixels, upright
 * @property {number} height
 * @property {'waiting' | 'running' | 'done' | 'failed'} status
 * @property {Classification | null} result
 * @property {string | null} weights  hash of the weights that answered
 * @property {PageError | null} error
 *
 * @typedef {object} Task             a model on its way to the GPU
 * @property {string | null} model    registry name; null for a dropped file until it is known
 * @property {string} file
 * @property {'download' | 'prepare'} phase
 * @property {'fetch' | 'check' | 'upload' | 'compile'} stage
 * @property {number} done
 * @property {number} total           0 while unknown
 *
 * @typedef {object} Notice
 * @property {string} id
 * @property {'error' | 'info'} kind
 * @property {PageError | null} error
 * @property {string | null} message  key of a sentence, for what is no error
 * @property {object} values          for the sentence
 * @property {{ label: string, values?: object, run: () => void } | null} action
 *
 * @typedef {object} State
 * @property {string} view
 * @property {string | null} step     of the view of the paper
 * @property {'step' | 'figure' | null} only  nothing but the step is shown, or its figure without
 *   what changes it, as a teacher's link asks for
 * @property {'en' | 'zh' | null} language  null until its messages are here
 * @property {'system' | 'light' | 'dark'} theme
 * @property {{ status: 'opening' | 'ready' | 'restoring' | 'unavailable',
 *              device: DeviceInfo | null, error: PageError | null }} gpu  what computes; its error is
 *   why nothing does, or why the processor does where a GPU might
 * @property {ModelInfo[]} models     all that are known, loaded or not
 * @property {ModelInfo | null} model the loaded one
 * @property {Task | null} task
 * @property {Photo[]} photos
 * @property {string | null} selected id of the photo in view
 * @property {{ done: number, total: number } | null} reading  files being decoded
 * @property {{ clock: 'timestamp' | 'wall', layers: { name: string, milliseconds: number }[] }
 *            | 'running' | null} profile
 * @property {{ device: DeviceInfo, hash: string, layers: import('./engine.js').LayerCheck[] }[]} checks
 *   of the GPU; see actions/checks.js
 * @property {string | null} stage    name of the network's stage in view, where it has one of it
 * @property {string | null} layer    name of the layer in view within the stage
 * @property {number | null} unit     whose map is seen large
 * @property {{ layer: string, unit: number, row: number, column: number } | null} place  the cell
 *   that a map opens at, where one was asked for
 * @property {string | null} why      what is asked about the answer, once a person does
 * @property {{ key: string, bytes: number }[]} stored  weights kept in this browser
 * @property {import('./race/state.js').Race | null} race  once the training view was open
 * @property {'models' | 'camera' | 'address' | null} dialog
 * @property {Notice[]} notices
 */

/** @type {State} */
let state = {
  view: 'classify',
  step: null,
  only: null,
  language: null,
  theme: 'system',
  gpu: { status: 'opening', device: null, error: null },
  models: [],
  model: null,
  task: null,
  photos: [],
  selected: null,
  reading: null,
  profile: null,
  checks: [],
  stage: null,
  layer: null,
  unit: null,
  place: null,
  why: null,
  stored: [],
  race: null,
  dialog: null,
  notices: [],
};

/** @type {Set<() => void>} */
const listeners = new Set();

/** @returns {Readonly<State>} the state now; it is replaced, never changed in place */
export const getState = () => state;

/** @param {Partial<State>} patch */
export function setState(patch) {
  state = { ...state, ...patch };
  for (const listener of listeners) {
    try {
      listener();
    } catch (error) {
      reportError(error); // the others hear of the change all the same
    }
  }
}

/**
 * @param {() => void} listener called after each change
 * @returns {() => void} ends it
 */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let ids = 0;

/** @returns {string} an id that no other thing on the page has */
export const nextId = () => `id-${(ids += 1)}`;

/** @returns {Photo | null} the photo in view */
export const selectedPhoto = () => state.photos.find(({ id }) => id === state.selected) ?? null;

/** @param {Photo} photo whether the weights that are loaded have been asked about it */
export const isAnswered = ({ weights }) => weights !== null && weights === state.model?.loaded.hash;

/**
 * @param {string} id
 * @param {Partial<Photo>} patch
 */
export function setPhoto(id, patch) {
  setState({
    photos: state.photos.map((photo) => (photo.id === id ? { ...photo, ...patch } : photo)),
  });
}
