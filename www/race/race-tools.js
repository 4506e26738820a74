// How the chart is drawn, what is drawn behind it, and saving it.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { count, list, percent, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { changeChart } from './actions/change.js';
import { closeDrawn, setUp, showDrawn } from './actions/drawn.js';
import { saveNumbers, savePicture, saveRace } from './actions/save.js';
import { round } from './chart-options.js';
import { THRESHOLD } from './curve.js';
import { nameOf } from './recorded.js';
import { hasBegun } from './state.js';

class RaceTools extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.25rem 0.9rem;
        font-size: 0.85rem;
      }
      .pair {
        display: flex;
      }
      .pair button,
      .save button {
        min-height: 2.1rem;
        padding: 0 0.7em;
        border: 1px solid var(--line);
        color: var(--muted);
      }
      .pair button + button,
      .save button + button {
        margin-left: -1px;
      }
      .pair button:first-child,
      .save button:first-child {
        border-radius: var(--radius) 0 0 var(--radius);
      }
      .pair button:last-child,
      .save button:last-child {
        border-radius: 0 var(--radius) var(--radius) 0;
      }
      .pair [aria-pressed='true'] {
        background: var(--wash);
        color: var(--ink);
        font-weight: 650;
      }
      .save {
        display: flex;
        margin-left: auto;
      }
      .save button:disabled {
        opacity: 0.5;
        cursor: default;
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.4em;
        min-height: 2.1rem;
      }
      input {
        accent-color: var(--accent);
      }
      .drawn {
        display: flex;
        gap: 0.25rem;
        align-items: center;
      }
      .close {
        min-width: 2.1rem;
        color: var(--muted);
      }
      .set-up {
        min-height: 1.5rem;
        color: var(--accent-ink);
        text-decoration: underline;
        text-underline-offset: 0.15em;
      }
      .told {
        flex-basis: 100%;
        color: var(--muted);
        text-wrap: pretty;
      }
    `,
  ];

  render() {
    const { chart, drawn } = this.state.race;
    const begun = hasBegun();
    return html`${this.#pair('y', ['error', 'loss'], chart)} ${this.#pair('x', ['epochs', 'seconds'], chart)}
      ${['logx', 'logy', 'validation'].map((key) => this.#check(key, chart))}
      ${drawn.map((entry) => this.#drawn(entry))}
      <div class="save" role="group" aria-label=${t('race.save')}>
        <button title=${t('race.save.png')} @click=${() => savePicture(this.#chart())}>PNG</button>
        <button title=${t('race.save.csv')} ?disabled=${!begun} @click=${saveNumbers}>CSV</button>
        <button title=${t('race.save.json')} ?disabled=${!begun} @click=${saveRace}>JSON</button>
      </div>
      ${drawn.filter(({ kind, shown }) => kind === 'recorded' && shown).map((entry) => this.#told(entry))}`;
  }

  #chart() {
    return this.getRootNode().querySelector('race-chart');
  }

  #pair(key, choices, chart) {
    return html`<div class="pair" role="group" aria-label=${t(`race.chart.${key}`)}>
      ${choices.map(
        (choice) =>
          html`<button
            aria-pressed=${chart[key] === choice}
            @click=${() => changeChart({ [key]: choice })}
          >
            ${t(`race.chart.${choice}`)}
          </button>`,
      )}
    </div>`;
  }

  #check(key, chart) {
    return html`<label>
      <input
        type="checkbox"
        .checked=${chart[key]}
        @change=${({ target }) => changeChart({ [key]: target.checked })}
      />
      ${t(`race.chart.${key}`)}
    </label>`;
  }

  #drawn(entry) {
    const { id, kind, name, shown, race } = entry;
    return html`<span class="drawn">
      <label title=${race.command ?? ''}>
        <input
          type="checkbox"
          .checked=${shown}
          @change=${({ target }) => showDrawn(id, target.checked)}
        />
        ${nameOf(entry)}
      </label>
      ${kind === 'opened'
        ? html`<button
            class="close"
            aria-label=${t('race.drawn.close', { name })}
            @click=${() => closeDrawn(id)}
          >
            ${icon('close')}
          </button>`
        : nothing}
    </span>`;
  }

  /** What a recorded race came to; of a line that was not there, how far it ran. */
  #told(entry) {
    const lines = entry.race.lines.map(({ activation, crossed, times, epochs }) => {
      const compared = activation !== 'relu' && times !== null;
      return t('race.told.line', {
        activation,
        error: percent(THRESHOLD, 0),
        there: crossed ? 'yes' : 'no',
        epochs: crossed ?? epochs.length,
        times: compared ? t('race.ratio', { ratio: count(round(times)) }) : 'none',
      });
    });
    return html`<p class="told">
      ${t('race.told', { race: nameOf(entry), lines: list(lines) })}
      ${this.state.race.chart.x === 'seconds' ? t('race.told.no-seconds') : nothing}
      <button class="set-up" @click=${() => setUp(entry.race)}>${t('race.told.set-up')}</button>
    </p>`;
  }
}

customElements.define('race-tools', RaceTools);
