// What was typed into fields of the race and cannot be: it stays there and is told,
// with what can be, until it is put right; the setting stays as it was.
import { css, html, nothing } from 'lit';
import { count, t } from '../i18n/index.js';
import { change } from './actions/change.js';
import { FIELDS } from './settings.js';

export const refusalStyles = css`
  .refused {
    padding-left: 0.6rem;
    border-left: 0.25rem solid var(--attention);
    font-size: 0.85rem;
    text-wrap: pretty;
  }
  [aria-invalid='true'] {
    border-color: var(--attention);
    box-shadow: inset 0 0 0 1px var(--attention);
  }
`;

export class Refusals {
  #host;
  /** By the key of the field: what was typed, and the setting that stayed. */
  #refused = new Map();

  /** @param {import('lit').ReactiveElement} host */
  constructor(host) {
    this.#host = host;
  }

  /** Takes what was typed. @param {string} key @param {HTMLInputElement} input */
  take(key, { value }) {
    const next = FIELDS[key].read(value);
    if (next === undefined) {
      this.#refused.set(key, { value, kept: this.#now(key) });
      this.#host.requestUpdate();
    } else {
      this.#refused.delete(key);
      change({ [key]: next });
    }
  }

  /** @returns {boolean} whether the field shows what cannot be; no longer once it is set otherwise */
  has(key) {
    return this.#refused.get(key)?.kept === this.#now(key);
  }

  /** @returns {string | typeof nothing} id of the sentence, for `aria-describedby` */
  idOf(key) {
    return this.has(key) ? `refused-${key}` : nothing;
  }

  /** The sentence below the field. */
  told(key) {
    if (!this.has(key)) return nothing;
    const { value, kept } = this.#refused.get(key);
    const { kind, low, high } = FIELDS[key].read.takes;
    const values = { kind, low: count(low), high: count(high), found: value.trim() || 'nothing', kept: String(kept) };
    return html`<p class="refused wide" id=${this.idOf(key)} role="alert">${t('race.refused', values)}</p>`;
  }

  #now(key) {
    return this.#host.state.race.settings[key];
  }
}
