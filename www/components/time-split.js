// Where the time of an answer went, and what computed it.
import { css, html } from 'lit';
import { measureLayers } from '../actions/classify.js';
import { duration, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { selectedPhoto } from '../store.js';
import { Component } from './component.js';

const PARTS = ['preprocess', 'upload', 'gpu', 'readBack'];

class TimeSplit extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        display: grid;
        gap: 0.5rem;
        color: var(--muted);
        font-size: 0.9rem;
      }
      .total {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.25rem 1rem;
      }
      strong {
        color: var(--ink);
      }
      .split {
        display: flex;
        gap: 2px;
        height: 0.35rem;
      }
      .split span {
        flex: var(--part) 1 0;
        min-width: 3px;
        background: var(--tone);
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1.25rem;
      }
      dl div {
        display: flex;
        align-items: baseline;
        gap: 0.4em;
      }
      dt::before {
        content: '';
        display: inline-block;
        width: 0.65em;
        height: 0.65em;
        margin-right: 0.45em;
        background: var(--tone);
      }
      dd {
        color: var(--ink);
        font-variant-numeric: tabular-nums;
      }
      .preprocess {
        --tone: color-mix(in srgb, var(--ink) 35%, var(--paper));
      }
      .upload {
        --tone: color-mix(in srgb, var(--ink) 60%, var(--paper));
      }
      .gpu {
        --tone: var(--accent);
      }
      .readBack {
        --tone: var(--ink);
      }
    `,
  ];

  render() {
    const { gpu, profile } = this.state;
    const times = selectedPhoto()?.result?.milliseconds;
    if (!times || !gpu.device) return '';
    const total = PARTS.reduce((sum, part) => sum + times[part], 0);
    return html`
      <p class="total">
        <strong>${t('time.total', { time: duration(total) })}</strong>
        <button class="button" ?disabled=${profile === 'running'} @click=${measureLayers}>
          ${icon('timer')} ${t(profile === 'running' ? 'time.measuring' : 'time.measure')}
        </button>
      </p>
      <div class="split" aria-hidden="true">
        ${PARTS.map((part) => html`<span class=${part} style="--part: ${times[part]}"></span>`)}
      </div>
      <dl>
        ${PARTS.map(
          (part) =>
            html`<div class=${part}>
              <dt>${t(`time.${part}`)}</dt>
              <dd>${duration(times[part])}</dd>
            </div>`,
        )}
      </dl>
    `;
  }
}

customElements.define('time-split', TimeSplit);
