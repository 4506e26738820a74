// What a step does with the photo at hand, when it is asked to: a button, the
// progress, what came of it. It is gone when there is another photo or network.
import { html, nothing } from 'lit';
import { proxy } from 'comlink';
import { tellError } from '../actions/notices.js';
import { seeSelected } from '../actions/classify.js';
import { addSample } from '../actions/photos.js';
import { openDialog } from '../actions/settings.js';
import { engine } from '../engine.js';
import { percent, t } from '../i18n/index.js';
import { getState, isAnswered, selectedPhoto, subscribe } from '../store.js';

const SAMPLE = 'chelsea'; // a cat, of which networks are not sure which

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
  }

  /** The sentence on the button. */
  get button() {
    return '';
  }

  /** @param {import('../engine.js').LayerInfo[]} layers of the loaded network: can it be done there? */
  isPossible(layers) {
    return layers.length > 0;
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

  render() {
    if (getState().gpu.status === 'unavailable') return nothing;
    return html`${this.heading ? html`<h3>${t('paper.photo')}</h3>` : nothing} ${this.#content()}`;
  }

  #content() {
    const { model } = getState();
    if (model && !this.isPossible(model.layers)) {
      return html`<p class="note">${t('paper.photo.impossible', { title: model.title })}</p>
        <div><button class="button" @click=${() => openDialog('models')}>${t('spine.change')}</button></div>`;
    }
    if (this.#progress !== null) {
      return html`<p class="controls" role="status">
        ${t('paper.photo.running', { share: percent(this.#progress, 0) })}
        <button class="button" @click=${this.#stop}>${t('task.stop')}</button>
      </p>`;
    }
    const isOf = this.#for === key();
    return html`<div><button class="button" @click=${() => this.#run()}>${this.button}</button></div>
      ${this.result && isOf ? this.show() : nothing}`;
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
      const result = await this.ask(proxy(tell));
      if (running === this.#running) this.result = result;
    } catch (error) {
      if (!['stopped', 'device-lost'].includes(error?.code)) tellError(error);
    }
    if (running === this.#running) this.#end();
  }

  #stop = () => {
    this.#end();
    engine.stop();
  };

  #end() {
    this.#running = this.#progress = null;
    this.host.requestUpdate();
  }
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
 * @param {Float32Array} probabilities
 * @param {number} count
 * @returns {number[]} indices of the largest, the largest first
 */
export const largest = (probabilities, count) =>
  Array.from(probabilities.keys())
    .sort((one, other) => probabilities[other] - probabilities[one])
    .slice(0, count);
