// What every way to ask about an answer is: a picture and a text, a piece of work with
// its progress, a class that it asks about.
import { html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { describeError } from '../describe-error.js';
import { percent, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { selectedPhoto } from '../store.js';
import { Work } from './why-work.js';
import { tableStyles } from '../components/table.styles.js';
import { whyStyles } from './why.styles.js';

export class WhyPanel extends Component {
  static properties = {
    /** The class asked about: { index, name, probability }. */
    answer: { attribute: false },
    /** Which of the ways that an element knows. */
    way: {},
  };

  static styles = [Component.styles, tableStyles, whyStyles];

  work = new Work(this);

  /** A photo that has no answer yet cannot be asked about: the one before stays. */
  shouldUpdate() {
    return Boolean(selectedPhoto()?.result);
  }

  /** What the network saw of the photo in view. */
  get crop() {
    return selectedPhoto().result.crop;
  }

  get layers() {
    return this.state.model.layers;
  }

  /**
   * @param {unknown} picture
   * @param {unknown} text what follows the title and what to see
   */
  frame(picture, text) {
    return html`<div class="picture">${picture}</div>
      <div class="text">
        <h3>${t(`why.${this.way}`, { name: this.answer.name })}</h3>
        <p class="lead">${t(`why.${this.way}.lead`, { name: this.answer.name })}</p>
        ${text}
      </div>`;
  }

  /**
   * How far a question is, or why it came to nothing.
   *
   * @param {string} question
   * @param {() => void} again asks it once more
   */
  going(question, again) {
    const error = this.work.error(question);
    if (error) {
      return html`<div class="trouble" role="alert">
        ${describeError(error).sentence}
        <button class="button" ?disabled=${!this.work.isPossible} @click=${again}>${icon('retry')} ${t('trouble.retry')}</button>
      </div>`;
    }
    if (!this.work.isRunning(question)) return nothing;
    const { stage, done, total } = this.work.progress;
    const share = total > 0 ? done / total : 0;
    const values = { stage, done, total, share: percent(share, 0), known: total > 0 ? 'yes' : 'no' };
    return html`<div class="going">
      <span>${t('why.going', values)}</span>
      <progress aria-label=${t('why.going.name')} max="1" value=${total > 0 ? share : nothing}></progress>
      <button class="button" @click=${() => this.work.stop()}>${icon('stop')} ${t('task.stop')}</button>
    </div>`;
  }

  /**
   * A labelled choice.
   *
   * @param {string} label
   * @param {[value: string, text: string][]} options
   * @param {string} chosen
   * @param {(value: string) => void} choose
   */
  choice(label, options, chosen, choose) {
    return html`<label class="field">
      ${label}
      <select class="box" @change=${(event) => choose(event.target.value)}>
        ${options.map(
          ([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`,
        )}
      </select>
    </label>`;
  }

  /**
   * A labelled slider with its value.
   *
   * @param {string} label
   * @param {{ min: number, max: number, step: number, value: number, text?: string }} range
   * @param {(value: number) => void} change
   */
  slider(label, { min, max, step, value, text = String(value) }, change) {
    return html`<label class="field">
      <span>${label} <output>${text}</output></span>
      <input
        type="range"
        aria-label=${label}
        aria-valuetext=${text}
        min=${min}
        max=${max}
        step=${step}
        .value=${String(value)}
        @input=${(event) => change(event.target.valueAsNumber)}
      />
    </label>`;
  }
}
