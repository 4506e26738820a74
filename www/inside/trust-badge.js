// Whether this GPU computes what it should: every layer of the loaded network held
// against the reference in the CPU's own arithmetic, and of which weights.
import { css, html, nothing } from 'lit';
import { proxy } from 'comlink';
import { extremes, isWrong, keepChecks, presentChecks, shareOf } from '../actions/checks.js';
import { pageError } from '../actions/notices.js';
import { Component } from '../components/component.js';
import { tableStyles } from '../components/table.styles.js';
import { describeError } from '../describe-error.js';
import { engine } from '../engine.js';
import { figure, percent, t } from '../i18n/index.js';
import { icon } from '../icons.js';

class TrustBadge extends Component {
  static properties = { share: { state: true }, error: { state: true } };

  static styles = [
    Component.styles,
    tableStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.5rem;
        padding: 0.75rem 1rem;
        border: 1px solid var(--line);
        background: var(--paper);
        font-size: 0.9rem;
      }
      .going {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1rem;
      }
      progress {
        flex: 1 1 10rem;
        max-width: 26rem;
        height: 0.5rem;
        accent-color: var(--accent);
      }
      .sentence {
        display: flex;
        gap: 0.6em;
        font-weight: 600;
        text-wrap: pretty;
        overflow-wrap: anywhere;
      }
      .sentence .icon {
        color: var(--accent-ink);
        margin-top: 0.1em;
      }
      .wrong {
        box-shadow: inset 0.35rem 0 var(--attention);
        padding-left: 1rem;
      }
      .note {
        color: var(--muted);
        overflow-wrap: anywhere;
      }
      .scroll {
        max-height: 22rem;
        margin-top: 0.5rem;
        overflow: auto;
      }
      th,
      td {
        padding: 0.1rem 1.25rem 0.1rem 0;
        white-space: nowrap;
      }
      tr.wrong td {
        font-weight: 700;
      }
    `,
  ];

  constructor() {
    super();
    this.share = null;
    this.error = null;
  }

  #running = null;

  get #hash() {
    return this.state.model?.loaded.hash;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#verify();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop();
  }

  willUpdate() {
    // Another network, or another device.
    if (this.#running && !this.#isPresent(this.#running)) this.#stop();
  }

  #isPresent({ hash, device }) {
    return hash === this.#hash && device === this.state.gpu.device;
  }

  #verify = async () => {
    const hash = this.#hash;
    if (!hash || presentChecks() || this.#running) return;
    const { device } = this.state.gpu;
    const running = (this.#running = { hash, device });
    this.error = null;
    this.share = 0;
    const progress = (_, done, total) => {
      if (running === this.#running) this.share = done / total;
      return running === this.#running;
    };
    try {
      const checks = await engine.verify(proxy(progress));
      if (running === this.#running && this.#isPresent(running)) keepChecks(device, hash, checks);
    } catch (error) {
      if (running === this.#running && error?.code !== 'stopped') {
        this.error = pageError(error);
      }
    }
    if (running === this.#running) this.#stop();
  };

  #stop = () => {
    this.#running = null;
    this.share = null;
  };

  render() {
    const checks = presentChecks();
    return html`${this.share === null ? nothing : this.#progress()}
      <div role="status">${checks ? this.#sentence(checks) : this.#trouble()}</div>
      ${checks
        ? this.#table(checks)
        : this.share === null
          ? html`<div>
              <button class="button" ?disabled=${!this.#hash || this.state.gpu.status !== 'ready'} @click=${this.#verify}>${t('trust.check')}</button>
            </div>`
          : nothing}`;
  }

  #progress() {
    return html`<div class="going">
      <span>${t('trust.going', { share: percent(this.share, 0) })}</span>
      <progress aria-label=${t('trust.going.name')} max="1" value=${this.share}></progress>
      <button class="button" @click=${this.#stop}>${icon('stop')} ${t('task.stop')}</button>
    </div>`;
  }

  #trouble() {
    return this.error ? html`<p class="sentence wrong">${describeError(this.error).sentence}</p>` : nothing;
  }

  #sentence(checks) {
    const { title, loaded } = this.state.model;
    const wrong = checks.filter(isWrong);
    const { largest, nearest } = extremes(checks);
    const told = wrong.length > 0 ? nearest : largest;
    const values = {
      count: checks.length,
      wrong: wrong.length,
      layer: told.name,
      difference: figure(told.largestDifference, 2),
      tolerance: figure(told.tolerance, 2),
    };
    const share = percent(shareOf(nearest));
    const weights = t('trust.weights', { model: title, hash: loaded.hash.slice(0, 12) });
    return wrong.length > 0
      ? html`<p class="sentence wrong">${icon('alert')} ${t('trust.wrong', values)}</p>
          <p class="note">${t('trust.advice')} ${weights}</p>`
      : html`<p class="sentence">${icon('check')} ${t('trust.right', values)}</p>
          <p class="note">${t('trust.nearest', { layer: nearest.name, share })} ${weights}</p>`;
  }

  #table(checks) {
    const columns = ['layer', 'kind', 'difference', 'tolerance'];
    return html`<details>
      <summary>${t('trust.table')}</summary>
      <div class="scroll" tabindex="0" role="group" aria-label=${t('trust.table')}>
        <table>
          <thead>
            <tr>
              ${columns.map((column) => html`<th scope="col">${t(`trust.column.${column}`)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${checks.map((check) => {
              const { name, kind, activation, largestDifference, tolerance } = check;
              const kinds = [kind, activation].filter(Boolean);
              return html`<tr class=${isWrong(check) ? 'wrong' : ''}>
                <td>${name}</td>
                <td>${kinds.map((each) => t('layer.kind', { kind: each })).join(' + ')}</td>
                <td>${figure(largestDifference, 2)}</td>
                <td>${figure(tolerance, 2)}</td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
    </details>`;
  }
}

customElements.define('trust-badge', TrustBadge);
