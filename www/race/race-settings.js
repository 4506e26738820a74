// What decides the race. Fields marked with the turned arrow take effect when
// it starts over; the others at once.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { count, megabytes, short, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { change } from './actions/change.js';
import { readDataset } from './actions/data.js';
import { setUp } from './actions/drawn.js';
import { takeRaceFiles } from './actions/drop.js';
import { Refusals, refusalStyles } from './refusals.js';
import { FIELDS } from './settings.js';

/** Of each group, in the order of reading. */
const GROUPS = {
  pictures: ['data', 'images'],
  network: ['network', 'initializer', 'pooling', 'normalisation', 'dropout', 'seed'],
  learning: ['epochs', 'batch', 'optimizer', 'momentum', 'decay', 'schedule', 'steps', 'patience'],
  augmentation: ['crop', 'mirror', 'colour'],
};

/** Those whose choices are long. */
const WIDE = new Set(['data', 'network', 'initializer']);

/** Steps of the number fields. */
const STEPS = { momentum: 0.05, decay: 'any', dropout: 0.1, colour: 0.05, images: 1000, batch: 16 };

class RaceSettings extends Component {
  static styles = [
    Component.styles,
    refusalStyles,
    css`
      :host {
        display: block;
        padding: 1.25rem var(--gutter) 1.5rem;
        border-top: 1px solid var(--line);
      }
      .groups {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr));
        gap: 1.5rem clamp(1.5rem, 3vw, 3rem);
      }
      fieldset {
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        margin-bottom: 0.6rem;
        font-size: 1.05rem;
        font-weight: 700;
      }
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(7rem, 100%), 1fr));
        gap: 0.7rem 0.9rem;
        align-items: end;
      }
      label {
        display: grid;
        gap: 0.2rem;
        min-width: 0;
        font-size: 0.85rem;
      }
      label > span {
        display: flex;
        gap: 0.35em;
        align-items: center;
        color: var(--muted);
      }
      label .icon svg {
        width: 0.8em;
        height: 0.8em;
      }
      .wide {
        grid-column: 1 / -1;
      }
      .check {
        display: flex;
        gap: 0.5em;
        align-items: center;
        min-height: 2.4rem;
      }
      .check > span {
        color: var(--ink);
      }
      .box {
        width: 100%;
        min-height: 2.4rem;
        padding: 0 0.5rem;
        font-size: 0.95rem;
      }
      input[type='checkbox'] {
        width: 1.1rem;
        height: 1.1rem;
        margin: 0;
        accent-color: var(--accent);
      }
      .note {
        color: var(--muted);
        font-size: 0.85rem;
        text-wrap: pretty;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }
      .key {
        display: flex;
        gap: 0.4em;
        align-items: center;
        margin-top: 1rem;
        color: var(--muted);
        font-size: 0.85rem;
      }
      .default {
        flex-wrap: wrap;
        gap: 0.75rem 1.5rem;
      }
      .default span {
        flex: 1 1 18rem;
      }
    `,
  ];

  #refusals = new Refusals(this);

  render() {
    return html`<h2 class="visually-hidden">${t('race.settings')}</h2>
      <div class="groups">
        ${Object.entries(GROUPS).map(
          ([group, keys]) =>
            html`<fieldset>
              <legend>${t(`race.group.${group}`)}</legend>
              <div class="fields">
                ${keys.filter((key) => this.#applies(key)).map((key) => this.#field(key))}
                ${group === 'pictures' ? this.#sources() : nothing}
                ${group === 'network' ? this.#network() : nothing}
              </div>
            </fieldset>`,
        )}
      </div>
      ${this.#default()}
      <p class="key">${icon('reset')} ${t('race.settings.key')}</p>`;
  }

  /** Where the race at first departs from the paper, and the way back to it: the recorded one. */
  #default() {
    const isDefault = (key) => this.#settings[key] === FIELDS[key].value;
    if (!['network', 'batch', 'optimizer', 'initializer'].every(isDefault)) return nothing;
    const recorded = this.state.race.drawn.find(({ kind }) => kind === 'recorded');
    return html`<p class="key default">
      <span>${t('race.default')}</span>
      ${recorded
        ? html`<button class="button" @click=${() => setUp(recorded.race)}>${t('race.default.paper')}</button>`
        : nothing}
    </p>`;
  }

  /** Whether a field decides anything, as the others are set. */
  #applies(key) {
    const { data, schedule } = this.#settings;
    const has = (kind) => this.#model?.layers.some((layer) => layer.kind === kind) ?? false;
    switch (key) {
      case 'images':
        return data === 'cifar-10' || data === 'files';
      case 'steps':
      case 'patience':
        return schedule === (key === 'steps' ? 'steps' : 'plateau');
      case 'normalisation':
        return has('local_response_norm');
      case 'dropout':
        return has('dropout');
      default:
        return true;
    }
  }

  get #settings() {
    return this.state.race.settings;
  }

  get #model() {
    return this.state.race.networks.find(({ name }) => name === this.#settings.network);
  }

  #field(key) {
    const { value, live, read } = FIELDS[key];
    const label = html`${t(`race.field.${key}`)}
    ${live ? nothing : html`<span title=${t('race.settings.over')}>${icon('reset')}</span>`}`;
    const now = this.#settings[key];
    if (typeof value === 'boolean') {
      return html`<label class="check">
        <input
          type="checkbox"
          .checked=${now}
          @change=${({ target }) => change({ [key]: target.checked })}
        />
        <span>${label}</span>
      </label>`;
    }
    const choices = key === 'network' ? this.state.race.networks.map(({ name }) => name) : read.names;
    if (choices) return this.#choice(key, label, choices, now);
    return html`<label>
        <span>${label}</span>
        <input
          class="box"
          type=${typeof value === 'number' ? 'number' : 'text'}
          inputmode="decimal"
          step=${STEPS[key] ?? 1}
          min="0"
          aria-invalid=${this.#refusals.has(key)}
          aria-describedby=${this.#refusals.idOf(key)}
          .value=${String(now)}
          @change=${({ target }) => this.#refusals.take(key, target)}
        />
      </label>
      ${this.#refusals.told(key)}`;
  }

  #choice(key, label, choices, now) {
    return html`<label class=${WIDE.has(key) ? 'wide' : ''}>
      <span>${label}</span>
      <select class="box" @change=${({ target }) => change({ [key]: target.value })}>
        ${choices.map(
          (choice) =>
            html`<option value=${choice} ?selected=${choice === now}>
              ${t(`race.${key}.${choice}`)}
            </option>`,
        )}
      </select>
    </label>`;
  }

  #network() {
    const { estimate } = this.state.race;
    if (!estimate) return nothing;
    const { bytes, parameters, stepsPerEpoch } = estimate;
    return html`<p class="note wide">
      ${t('race.estimate', {
        parameters: short(parameters),
        size: megabytes(bytes),
        steps: stepsPerEpoch,
      })}
    </p>`;
  }

  #sources() {
    const { info, status } = this.state.race.data;
    const { data } = this.#settings;
    return html`${info && status === 'ready'
        ? html`<p class="note wide">
            ${t('race.data.info', {
              name: info.name,
              training: info.training,
              validation: info.validation,
              classes: info.classes.length,
              size: info.shape.slice(0, 2).map(count).join(' × '),
            })}
          </p>`
        : nothing}
      ${data === 'mnist-5k'
        ? nothing
        : html`<p class="note wide">${t(`race.data.${data}.note`)}</p>`}
      <div class="buttons wide">
        ${data === 'cifar-10'
          ? html`<button class="button" @click=${() => readDataset(this.#settings)}>
              ${icon('download')} ${t('race.data.fetch')}
            </button>`
          : nothing}
        ${this.#chooser('files', html`<input type="file" multiple hidden />`)}
        ${this.#chooser('folder', html`<input type="file" webkitdirectory hidden />`)}
      </div>`;
  }

  #chooser(what, input) {
    return html`<span
      @change=${({ target }) => {
        takeRaceFiles([...target.files]);
        target.value = '';
      }}
    >
      ${input}
      <button
        class="button"
        @click=${({ currentTarget }) => currentTarget.parentElement.querySelector('input').click()}
      >
        ${t(`race.data.choose-${what}`)}
      </button>
    </span>`;
  }
}

customElements.define('race-settings', RaceSettings);
