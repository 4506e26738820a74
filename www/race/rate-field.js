// A learning rate: a logarithmic slider, a number, and the search for the best.
import { css, html, nothing, svg } from 'lit';
import { Component } from '../components/component.js';
import { count, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { change } from './actions/change.js';
import { closeSearch, findBest, stopSearch } from './actions/search.js';
import { Refusals, refusalStyles } from './refusals.js';
import { HIGHEST_RATE, LOWEST_RATE } from './settings.js';

const [LOW, HIGH] = [Math.log10(LOWEST_RATE), Math.log10(HIGHEST_RATE)];

class RateField extends Component {
  static properties = { activation: {} };

  static styles = [
    Component.styles,
    refusalStyles,
    css`
      :host {
        display: block;
        font-size: 0.85rem;
      }
      .rate {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 5rem;
        gap: 0.15rem 0.6rem;
        align-items: center;
      }
      label,
      .best {
        color: var(--muted);
      }
      label {
        grid-column: 1 / -1;
        display: flex;
        justify-content: space-between;
      }
      input[type='range'] {
        width: 100%;
        margin: 0;
        accent-color: var(--accent);
      }
      input[type='number'] {
        width: 100%;
        min-height: 2rem;
        padding: 0 0.4rem;
        font-variant-numeric: tabular-nums;
      }
      .best {
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      .best:hover {
        color: var(--ink);
      }
      figure {
        margin-top: 0.5rem;
      }
      .trials {
        width: 100%;
        overflow: visible;
      }
      .trials path {
        fill: none;
        stroke: var(--muted);
        stroke-width: 1.25;
        vector-effect: non-scaling-stroke;
      }
      .trials .chosen {
        stroke: var(--accent);
        stroke-width: 2.5;
      }
      ol {
        display: grid;
        grid-auto-flow: column;
        grid-auto-columns: 1fr;
        font-size: 0.7rem;
        text-align: center;
        font-variant-numeric: tabular-nums;
      }
      ol .chosen {
        color: var(--accent-ink);
        font-weight: 700;
      }
      .line {
        display: flex;
        justify-content: space-between;
        gap: 0.5rem;
      }
    `,
  ];

  render() {
    const { settings, search } = this.state.race;
    const rate = settings[this.activation];
    const mine = search?.activation === this.activation;
    const name = t('race.activation', { activation: this.activation });
    return html`<div class="rate">
        <label for="number">
          ${t('race.rate')}
          <button
            class="best"
            ?disabled=${search && !search.done}
            aria-label=${t('race.rate.find', { name })}
            @click=${() => findBest(this.activation)}
          >
            ${t('race.rate.best')}
          </button>
        </label>
        <input
          type="range"
          aria-label=${t('race.rate.slider', { name })}
          min=${LOW}
          max=${HIGH}
          step="0.1"
          .value=${String(Math.log10(Math.max(rate, LOWEST_RATE)))}
          aria-valuetext=${count(rate)}
          @input=${({ target }) => this.#set(Number((10 ** target.value).toPrecision(2)))}
        />
        <input
          id="number"
          class="box"
          type="number"
          min="0"
          max=${HIGHEST_RATE}
          step="any"
          aria-invalid=${this.#refusals.has(this.activation)}
          aria-describedby=${this.#refusals.idOf(this.activation)}
          .value=${String(rate)}
          @change=${({ target }) => this.#refusals.take(this.activation, target)}
        />
      </div>
      ${this.#refusals.told(this.activation)}
      ${mine ? this.#trials(search) : nothing}`;
  }

  #refusals = new Refusals(this);

  #set(rate) {
    change({ [this.activation]: rate });
  }

  /** Each trial's loss from left to right, side by side from the lowest rate to the highest. */
  #trials({ trials, rate: best, done }) {
    const sorted = [...trials].sort((a, b) => a.rate - b.rate);
    const losses = sorted.flatMap((trial) => trial.losses).filter(Number.isFinite);
    const top = Math.max(...losses.map((loss) => Math.min(loss, 1.5 * (losses[0] || 1))), 1e-6);
    return html`<figure>
      <svg class="trials" viewBox="0 0 ${sorted.length * 10 || 1} 12" height="48" preserveAspectRatio="none" aria-hidden="true">
        ${sorted.map(
          ({ rate, losses: own }, index) =>
            svg`<path class=${rate === best ? 'chosen' : ''} d=${path(own, index * 10 + 1, top)}></path>`,
        )}
      </svg>
      <ol>
        ${sorted.map(
          ({ rate, diverged }) =>
            html`<li class=${rate === best ? 'chosen' : ''}>
              ${count(rate)}${diverged ? html` <span title=${t('race.rate.diverged')}>✗</span>` : nothing}
            </li>`,
        )}
      </ol>
      <figcaption class="line">
        <span role="status"
          >${done
            ? t('race.rate.found', { known: best === null ? 'no' : 'yes', rate: count(best ?? 0) })
            : t('race.rate.searching')}</span
        >
        ${!done
          ? html`<button class="best" @click=${stopSearch}>${icon('stop')} ${t('task.stop')}</button>`
          : html`<button class="best" @click=${closeSearch}>${t('dialog.close')}</button>`}
      </figcaption>
    </figure>`;
  }
}

/** @returns {string} losses as a path 8 wide from `left`, 0 at the foot */
function path(losses, left, top) {
  const points = losses
    .filter(Number.isFinite)
    .map((loss, index) => [
      left + (8 * index) / Math.max(losses.length - 1, 1),
      12 - 11 * Math.min(loss / top, 1),
    ]);
  return points.length > 0 ? `M${points.map((point) => point.map((v) => v.toFixed(2))).join('L')}` : '';
}

customElements.define('rate-field', RateField);
