// Why no GPU can be used here, and what helps.
import { css, html, nothing } from 'lit';
import { retryDevice } from '../actions/device.js';
import { describeError } from '../describe-error.js';
import { t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { Component } from './component.js';

class GpuTrouble extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        display: grid;
        gap: 1rem;
        justify-items: start;
        padding-left: 1.25rem;
        border-left: 0.5rem solid var(--attention);
      }
      h2 {
        font-size: clamp(1.5rem, 2.6vw, 2.3rem);
        font-weight: 700;
        line-height: 1.15;
        letter-spacing: -0.02em;
        text-wrap: balance;
      }
      p {
        max-width: 38rem;
        overflow-wrap: anywhere;
      }
      .cause {
        font-weight: 600;
      }
      .reason {
        color: var(--muted);
        font-family: ui-monospace, monospace;
        font-size: 0.8rem;
      }
    `,
  ];

  render() {
    const { error } = this.state.gpu;
    const { sentence, advice } = describeError(error);
    return html`<h2 role="alert">${t('trouble.title')}</h2>
      <p class="cause">${sentence}</p>
      ${advice ? html`<p>${advice}</p>` : nothing}
      ${error.code === 'no-adapter'
        ? html`<details>
            <summary>${t('notice.details')}</summary>
            <p class="reason">${error.reason}</p>
          </details>`
        : nothing}
      <button class="button" @click=${retryDevice}>${icon('retry')} ${t('trouble.retry')}</button>`;
  }
}

customElements.define('gpu-trouble', GpuTrouble);
