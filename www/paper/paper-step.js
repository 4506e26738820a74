// What every step of the paper is: on the left what to see and what the paper
// says of it, on the right a figure to be tried.
import { html, nothing } from 'lit';
import { readAddress, writeAddress } from '../address.js';
import { shortened } from '../address-words.js';
import { tellError } from '../actions/notices.js';
import { Component } from '../components/component.js';
import { t } from '../i18n/index.js';
import { readLinked, writeLinked } from './linked.js';
import { frameStyles } from '../components/frame.styles.js';
import { tableStyles } from '../components/table.styles.js';
import { stepStyles } from './paper-step.styles.js';

const REST = 200; // milliseconds

/** A step; `name` is that of its texts: `paper.NAME`, `.lead`, `.fact`. */
export class PaperStep extends Component {
  static styles = [Component.styles, frameStyles, tableStyles, stepStyles];

  /** Of the properties that a link carries, which values can be. @type {Record<string, import('./linked.js').Allowed>} */
  static linked = {};

  #defaults = {};
  #writing = 0;

  connectedCallback() {
    super.connectedCallback();
    const { linked } = this.constructor;
    this.#defaults = this.#values();
    const { values, refused } = readLinked(readAddress().set, linked);
    Object.assign(this, values);
    if (refused.length === 0) return;
    const told = refused.map((part) => shortened('set', part));
    tellError({ code: 'address-ignored', name: 'set', refused: told });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#writing);
  }

  updated(changed) {
    this.toggleAttribute('bare', this.state.only === 'figure');
    if (!Object.keys(this.constructor.linked).some((name) => changed.has(name))) return;
    // Once a slider rests: browsers refuse addresses that change too often.
    clearTimeout(this.#writing);
    this.#writing = setTimeout(() => {
      writeAddress({ set: writeLinked(this.#values(), this.#defaults) });
    }, REST);
  }

  #values() {
    return Object.fromEntries(Object.keys(this.constructor.linked).map((name) => [name, this[name]]));
  }

  /**
   * @param {string} name
   * @param {unknown} figure what there is to try
   * @param {unknown} [here] what was measured here, beside what the paper says
   */
  frame(name, figure, here) {
    return html`<div class="text">
        <div class="told">
          <h2>${t(`paper.${name}`)}</h2>
          <p class="lead">${t(`paper.${name}.lead`)}</p>
          <dl class="facts">
            <div>
              <dt>${t('paper.fact')}</dt>
              <dd>${t(`paper.${name}.fact`)}</dd>
            </div>
            ${here
              ? html`<div>
                  <dt>${t('paper.here')}</dt>
                  <dd>${here}</dd>
                </div>`
              : nothing}
          </dl>
        </div>
      </div>
      <div class="figure">${figure}</div>`;
  }

  /**
   * A labelled slider with its value; `change` gets the number.
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
        min=${min}
        max=${max}
        step=${step}
        .value=${String(value)}
        aria-valuetext=${text}
        @input=${(event) => change(event.target.valueAsNumber)}
      />
    </label>`;
  }
}
