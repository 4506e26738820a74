// The chart as a table, and what can be done with each trained network.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { tableStyles } from '../components/table.styles.js';
import { count, percent, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { classifyWith, saveCheckpoint } from './actions/save.js';
import { isOpen, lanesInRace } from './state.js';

class RaceNumbers extends Component {
  static styles = [
    Component.styles,
    tableStyles,
    css`
      :host {
        display: block;
        padding: 1.5rem var(--gutter) 0.5rem;
      }
      h2 {
        font-size: 1.35rem;
        font-weight: 750;
        letter-spacing: -0.02em;
      }
      .scroll {
        overflow: auto;
        max-height: 24rem;
      }
      table {
        font-size: 0.9rem;
      }
      th,
      td {
        padding: 0.4rem 1.25rem 0.4rem 0;
        border-bottom: 1px solid var(--line);
        white-space: nowrap;
      }
      tbody th {
        color: var(--ink);
        font-weight: 650;
      }
      .buttons {
        display: flex;
        gap: 0.5rem;
      }
      summary {
        margin: 1rem 0 0.5rem;
        color: var(--accent-ink);
        cursor: pointer;
      }
    `,
  ];

  render() {
    const lanes = lanesInRace().filter(({ curve }) => curve?.last);
    if (lanes.length === 0) return nothing;
    return html`<h2>${t('race.result')}</h2>
      <div class="scroll" tabindex="0" role="region" aria-label=${t('race.result')}>
        <table>
          <thead>
            <tr>
              ${['activation', 'epochs', 'training', 'validation', 'crossing', 'network'].map(
                (column) => html`<th scope="col">${t(`race.column.${column}`)}</th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${lanes.map((lane) => this.#row(lane))}
          </tbody>
        </table>
      </div>
      <details>
        <summary>${t('race.numbers')}</summary>
        <div class="scroll" tabindex="0" role="region" aria-label=${t('race.numbers')}>
          ${this.#epochs(lanes)}
        </div>
      </details>`;
  }

  #row(lane) {
    const { activation, curve } = lane;
    const { epochs, error } = curve.last;
    const validation = curve.epochs.at(-1)?.validation;
    const { crossing } = curve;
    const name = t('race.activation', { activation });
    return html`<tr>
      <th scope="row">${name}</th>
      <td>${count(Math.round(epochs * 100) / 100)}</td>
      <td>${percent(error)}</td>
      <td>${validation ? percent(validation.error) : '–'}</td>
      <td>
        ${crossing
          ? t('race.crossed', {
              epochs: Math.round(crossing.epochs * 100) / 100,
              seconds: Math.round(crossing.seconds),
            })
          : t('race.not-crossed')}
      </td>
      <td>
        <div class="buttons">
          <button
            class="button"
            ?disabled=${!isOpen(lane)}
            aria-label=${t('race.use.label', { name })}
            @click=${() => classifyWith(activation)}
          >
            ${icon('file')} ${t('race.use')}
          </button>
          <button
            class="button"
            ?disabled=${!isOpen(lane)}
            aria-label=${t('race.checkpoint.label', { name })}
            @click=${() => saveCheckpoint(activation)}
          >
            ${icon('download')} ${t('race.checkpoint')}
          </button>
        </div>
      </td>
    </tr>`;
  }

  #epochs(lanes) {
    const most = Math.max(...lanes.map(({ curve }) => curve.epochs.length));
    const cell = (evaluation) => (evaluation ? percent(evaluation.error) : '');
    return html`<table>
      <thead>
        <tr>
          <th scope="col">${t('race.column.epoch')}</th>
          ${lanes.map(({ activation }) =>
            ['training', 'validation'].map(
              (part) => html`<th scope="col">${t(`race.column.of-${part}`, { activation })}</th>`,
            ),
          )}
        </tr>
      </thead>
      <tbody>
        ${Array.from(
          { length: most },
          (_, index) =>
            html`<tr>
              <th scope="row">${count(index + 1)}</th>
              ${lanes.map(({ curve }) => {
                const epoch = curve.epochs[index];
                return html`<td>${cell(epoch?.training)}</td>
                  <td>${cell(epoch?.validation)}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

customElements.define('race-numbers', RaceNumbers);
