// What a step does with the photo at hand, when it is asked to: a button, the
// progress, what came of it. It is gone when there is another photo or network.
import { html, nothing } from 'lit';
import { proxy } from 'comlink';
import { tellError } from '../actions/notices.js';
import { seeSelected } from '../actions/classify.js';
import { addSample } from '../actions/photos.js';
import { openDialog } from '../actions/settings.js';
import { invitation } from '../components/invitation.js';
import '../components/task-progress.js';
import { percent, t } from '../i18n/index.js';
import { labelOf } from '../i18n/labels.js';
import { getState, isAnswered, selectedPhoto, subscribe } from '../store.js';
import { photoChoice } from './photo-choice.js';

/** What is looked at where there is no photo: a cat, of which networks are not sure which. */
export const SAMPLE = 'chelsea';

export class PhotoWork {
  /** @type {any} what came of it, for `show` */
  result = null;

  /** Whether it stands apart from the rest of the step. */
  heading = true;

  #progress = null;
  #for = '';
  #running = null;

  /** @param {import('./paper-step.js').PaperStep} host drawn again when something has changed */
  constructor(host) {
    this.host = host;
    host.addController(this);
  }

  /** The step is left: nobody waits for what is under way. */
  hostDisconnected() {
    if (this.#running) this.#stop();
    this.release();
  }

  /** Gives back what the result holds of the GPU. */
  release() {}

  /** The sentence on the button. */
  get button() {
    return '';
  }

  /** @returns {unknown} what can be set beforehand */
  options() {
    return nothing;
  }

  /** @param {import('../engine.js').LayerInfo[]} layers of the loaded network: can it be done there? */
  isPossible(layers) {
    return layers.length > 0;
  }

  /** Why it cannot, of a network with this title. @param {string} title */
  whyNot(title) {
    return t('paper.photo.impossible', { title });
  }

  /**
   * Asks the engine, which has just seen the photo.
   *
   * @param {(done: number, total: number) => boolean} progress tells whether to go on
   * @returns {Promise<any>} the result
   */
  async ask(progress) {
    throw new Error(`${progress}: to be told by each`);
  }

  /** @returns {unknown} the result, as it is drawn */
  show() {
    return nothing;
  }

  /** Whether there is a result of the photo in view. */
  get isDone() {
    return this.result !== null && this.#for === key();
  }

  render() {
    if (getState().gpu.status === 'unavailable') return nothing;
    return html`${this.heading ? head() : nothing} ${this.#content()}`;
  }

  #content() {
    const { model, task } = getState();
    if (model && !this.isPossible(model.layers)) {
      if (task) return this.heading ? nothing : html`<task-progress></task-progress>`;
      return html`<p class="note">${this.whyNot(model.title)}</p>
        <div>${invitation(model)}</div>`;
    }
    // The button stays while it runs, and with it the focus.
    const isRunning = this.#progress !== null;
    return html`<div class="controls">
        <button class="button" aria-disabled=${isRunning} @click=${() => isRunning || this.#run()}>${this.button}</button>
        ${isRunning ? this.#underWay() : this.options()}
      </div>
      <p class="visually-hidden" role="status">${this.isDone && !isRunning ? t('paper.photo.done') : ''}</p>
      ${this.isDone ? this.show() : nothing}`;
  }

  #underWay() {
    return html`<p class="running">
      <span>${t('paper.photo.running', { share: percent(this.#progress, 0) })}</span>
      <progress aria-label=${this.button} max="1" value=${this.#progress}></progress>
      <button class="button" @click=${this.#stop}>${t('task.stop')}</button>
    </p>`;
  }

  async #run() {
    const tell = (done, total) => {
      this.#progress = total > 0 ? done / total : 0;
      this.host.requestUpdate();
      return running === this.#running;
    };
    const running = (this.#running = {});
    tell(0, 1);
    try {
      await photoAtHand();
      if (running !== this.#running) return;
      this.#for = key();
      this.result = null;
      this.release();
      const result = await this.ask(proxy(tell));
      if (running === this.#running) this.result = result;
    } catch (error) {
      if (!['stopped', 'device-lost'].includes(error?.code)) tellError(error);
    }
    if (running === this.#running) this.#end();
  }

  /** What the engine tells next is answered by no, which ends it. */
  #stop = () => this.#end();

  #end() {
    this.#running = this.#progress = null;
    this.host.requestUpdate();
  }
}

/** Which photo and which network it is about, and how to get others. */
function head() {
  const { model, task } = getState();
  return html`<div class="at-hand">
    <h3>${t('paper.photo')}</h3>
    ${photoChoice()}
    ${task
      ? html`<task-progress></task-progress>`
      : html`<span class="loaded">
          <b>${model?.title ?? ''}</b>
          <button class="button quiet" @click=${() => openDialog('models')}>${t('spine.change')}</button>
        </span>`}
  </div>`;
}

/** Resolves once the loaded network has just seen the photo in view: a sample, if there is none. */
async function photoAtHand() {
  if (!selectedPhoto()) await addSample(SAMPLE);
  const isDone = () => {
    const photo = selectedPhoto();
    return !photo || isAnswered(photo) || getState().gpu.status === 'unavailable';
  };
  while (!isDone()) {
    await new Promise((resolve) => {
      const end = subscribe(() => (end(), resolve()));
    });
  }
  await seeSelected();
}

/** Of the photo in view, and the weights that answered. */
function key() {
  const photo = selectedPhoto();
  return `${photo?.id} ${photo?.weights}`;
}

/**
 * Ends what is under way, if it was stopped.
 *
 * @param {(done: number, total: number) => boolean} progress
 */
export function going(progress, done, total) {
  if (!progress(done, total)) throw { code: 'stopped' };
}

/** @param {number} index of a class @param {import('../engine.js').ModelInfo} network the loaded one */
export const className = (index, { classes, labelled } = getState().model) =>
  labelOf({ index, label: classes?.[index] ?? String(index) }, labelled).name;

/**
 * @param {Float32Array} probabilities
 * @param {number} count
 * @returns {number[]} indices of the largest, the largest first
 */
export const largest = (probabilities, count) =>
  Array.from(probabilities.keys())
    .sort((one, other) => probabilities[other] - probabilities[one])
    .slice(0, count);
