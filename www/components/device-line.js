// What computes, and how to change that; where a GPU could not be used, why, and what helps.
import { css, html, nothing } from 'lit';
import { chooseEngine, retryDevice } from '../actions/device.js';
import { tellError } from '../actions/notices.js';
import { describeError } from '../describe-error.js';
import { t } from '../i18n/index.js';
import { Component } from './component.js';

class DeviceLine extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        display: grid;
        gap: 0.25rem;
        color: var(--muted);
        font-size: 0.9rem;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0.25rem 1rem;
      }
      .switch {
        min-height: 1.75rem;
        padding: 0;
        color: var(--accent-ink);
        text-decoration: underline;
        text-underline-offset: 0.2em;
      }
      summary {
        width: fit-content;
        padding-block: 0.2rem;
        cursor: pointer;
      }
      details p {
        max-width: 38rem;
        margin-top: 0.35rem;
        overflow-wrap: anywhere;
      }
      .reason {
        font-family: ui-monospace, monospace;
        font-size: 0.8rem;
      }
    `,
  ];

  /** Whether another device was asked for here, and whether it is on its way. */
  #isAskedFor = false;
  #isComing = false;

  updated() {
    const wasComing = this.#isComing;
    this.#isComing = ['opening', 'restoring'].includes(this.state.gpu.status);
    if (!this.#isAskedFor || !wasComing || this.#isComing) return;
    this.#isAskedFor = false;
    // The button that was pressed may be gone, with the focus.
    if (document.activeElement !== document.body) return;
    this.renderRoot.querySelector('.switch, summary')?.focus({ preventScroll: true });
  }

  #change(work) {
    this.#isAskedFor = true;
    work().catch(tellError);
  }

  render() {
    const { device, error, status } = this.state.gpu;
    if (!device || status === 'unavailable') return nothing;
    const { name, kind, processor } = device;
    const values = { kind, name, named: name ? 'yes' : 'no', cores: processor?.cores ?? 0 };
    return html`<div class="line">
        <span role="status">${t('device.line', values)}</span>
        ${error ? nothing : this.#switch(device.engine === 'cpu' ? 'gpu' : 'cpu', status)}
      </div>
      ${error ? this.#why(error) : nothing}`;
  }

  #switch(other, status) {
    const choose = () => this.#change(() => chooseEngine(other));
    return html`<button class="switch" ?disabled=${status !== 'ready'} @click=${choose}>
      ${t(`device.use.${other}`)}
    </button>`;
  }

  #why(error) {
    const { sentence, advice } = describeError(error);
    // A GPU in software can be had, and whatever else stood in the way may have been removed.
    const action =
      error.code === 'software-gpu'
        ? this.#switch('gpu', this.state.gpu.status)
        : html`<button class="switch" @click=${() => this.#change(retryDevice)}>${t('device.retry')}</button>`;
    return html`<details>
      <summary>${t('device.why')}</summary>
      <p>${sentence}</p>
      ${advice ? html`<p>${advice}</p>` : nothing}
      ${error.reason ? html`<p class="reason">${error.reason}</p>` : nothing}
      <p>${action}</p>
    </details>`;
  }
}

customElements.define('device-line', DeviceLine);
