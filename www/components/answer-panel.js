// The right half: what will happen, what is happening, or the answer.
import { css, html, nothing } from 'lit';
import { setWhy } from '../actions/settings.js';
import { describeError } from '../describe-error.js';
import { percent, t } from '../i18n/index.js';
import { labelOf } from '../i18n/labels.js';
import { isAnswered, selectedPhoto } from '../store.js';
import { Component } from './component.js';
import './device-line.js';
import './device-trouble.js';
import './time-split.js';

// Before there is an answer: the shape of a typical one.
const GHOSTS = [0.64, 0.19, 0.08, 0.05, 0.02];

// How an answer is asked about at first; see WAYS in ../inside/why-view.js.
const FIRST_WAY = 'grad-cam';

class AnswerPanel extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        justify-content: center;
        gap: 1.5rem;
        min-width: 0;
        padding: clamp(1.25rem, 3vw, 3.5rem) var(--gutter);
      }
      h2 {
        max-width: 22ch;
        font-size: clamp(1.5rem, 2.4vw, 2.1rem);
        font-weight: 650;
        line-height: 1.15;
        letter-spacing: -0.02em;
        text-wrap: balance;
        word-break: keep-all;
      }
      .lead {
        max-width: 34rem;
        color: var(--muted);
        text-wrap: pretty;
      }
      ol {
        display: grid;
        gap: 0.7rem;
      }
      ol.stale {
        opacity: 0.35;
        transition: opacity 300ms 150ms;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: baseline;
        column-gap: 1rem;
        font-size: clamp(1rem, 1.3vw, 1.2rem);
      }
      .name {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .beside {
        margin-left: 0.6em;
        color: var(--muted);
        font-size: 0.75em;
        font-weight: 450;
      }
      .percent {
        font-variant-numeric: tabular-nums;
        font-weight: 600;
      }
      .bar {
        grid-column: 1 / -1;
        height: 0.4rem;
        margin-top: 0.2rem;
        background: var(--wash);
      }
      .bar::before {
        content: '';
        display: block;
        width: calc(var(--share) * 100%);
        min-width: 2px;
        height: 100%;
        background: var(--accent);
        transition: width 500ms cubic-bezier(0.2, 0.8, 0.2, 1);
      }
      li:first-child {
        margin-bottom: 0.6rem;
      }
      li:first-child .name,
      li:first-child .percent {
        font-size: clamp(2.1rem, 4.4vw, 4rem);
        font-weight: 750;
        line-height: 1.05;
        letter-spacing: -0.035em;
      }
      li:first-child .name {
        hyphens: auto;
        overflow-wrap: break-word;
      }
      li:first-child .beside {
        display: block;
        margin: 0.3rem 0 0;
        font-size: max(0.32em, 0.85rem);
        letter-spacing: 0;
      }
      li:first-child .percent {
        color: var(--accent-ink);
      }
      li:first-child .bar {
        height: 0.9rem;
        margin-top: 0.7rem;
      }
      .ghosts .name {
        color: var(--muted);
        font-weight: 500;
      }
      .ghosts li:first-child .name {
        font-size: 1.5em;
        font-weight: 650;
        letter-spacing: -0.02em;
      }
      .ghosts .bar::before {
        opacity: 0.35;
      }
      .busy .bar {
        overflow: hidden;
      }
      .busy .bar::before {
        width: 40%;
        animation: look 1.6s ease-in-out infinite;
      }
      @keyframes look {
        from {
          translate: -100%;
        }
        to {
          translate: 250%;
        }
      }
      .trouble {
        padding-left: 1rem;
        border-left: 0.35rem solid var(--attention);
        font-weight: 600;
      }
    `,
  ];

  #why = null;

  updated() {
    const { why } = this.state;
    // Closed by its own button, which is gone with the focus.
    const isLost = this.#why !== null && why === null && document.activeElement === document.body;
    if (isLost) this.renderRoot.querySelector('.why')?.focus({ preventScroll: true });
    this.#why = why;
  }

  render() {
    const photo = selectedPhoto();
    return html`${this.#content(photo)}<device-line></device-line>
      <p class="visually-hidden" role="status">${this.#spoken(photo)}</p>`;
  }

  #content(photo) {
    if (this.state.gpu.status === 'unavailable') return html`<device-trouble></device-trouble>`;
    if (this.state.reading) return this.#busy(t('answer.reading', this.state.reading));
    if (!photo) return this.#preview();
    if (photo.status === 'failed') {
      return html`<p class="trouble">${describeError(photo.error).sentence}</p>`;
    }
    if (!photo.result) return this.#busy(t(this.#waits() ? 'answer.waiting' : 'answer.running'));
    return this.#answer(photo);
  }

  /** What a screen reader is told, once per answer. */
  #spoken(photo) {
    if (!photo?.result || !isAnswered(photo)) return '';
    const [best] = photo.result.top;
    const { name } = this.#label(best);
    return t('answer.spoken', { name, percent: percent(best.probability) });
  }

  #waits() {
    return !this.state.model || this.state.task !== null;
  }

  #label(entry) {
    return labelOf(entry, this.state.model.labelled);
  }

  #preview() {
    return html`<h2>${t('answer.title')}</h2>
      <p class="lead">${t('answer.lead')}</p>
      ${this.#ghosts('')}`;
  }

  #busy(sentence) {
    return html`<h2>${sentence}</h2>
      ${this.#ghosts('busy')}`;
  }

  #ghosts(style) {
    return html`<ol class="ghosts ${style}" aria-hidden="true">
      ${GHOSTS.map(
        (share, index) =>
          html`<li>
            <span class="name">${t('answer.guess', { place: index + 1 })}</span>
            <span class="bar" style="--share: ${share}"></span>
          </li>`,
      )}
    </ol>`;
  }

  #answer(photo) {
    const { why } = this.state;
    return html`<ol class=${isAnswered(photo) ? '' : 'stale'} aria-label=${t('answer.list')}>
        ${photo.result.top.map((entry) => {
          const { name, beside } = this.#label(entry);
          return html`<li>
            <span class="name"
              >${name}${beside ? html`<span class="beside" lang="en">${beside}</span>` : nothing}
            </span>
            <span class="percent">${percent(entry.probability)}</span>
            <span class="bar" style="--share: ${entry.probability}"></span>
          </li>`;
        })}
      </ol>
      <div>
        <button
          class="button why"
          aria-expanded=${why !== null}
          @click=${() => setWhy(why === null ? FIRST_WAY : null)}
        >
          ${t('answer.why')}
        </button>
      </div>
      <time-split></time-split>`;
  }
}

customElements.define('answer-panel', AnswerPanel);
