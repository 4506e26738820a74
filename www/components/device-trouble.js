// Why nothing can be computed, and what helps.
import { css, html, nothing } from 'lit';
import { chooseEngine, retryDevice } from '../actions/device.js';
import { tellError } from '../actions/notices.js';
import { describeError } from '../describe-error.js';
import { t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { Component } from './component.js';

class DeviceTrouble extends Component {
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
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }
    `,
  ];

  render() {
    const { error } = this.state.gpu;
    const { sentence, advice } = describeError(error);
    return html`<h2 role="alert">${t('trouble.title')}</h2>
      <p class="cause">${sentence}</p>
      ${advice ? html`<p>${advice}</p>` : nothing}
      <div class="actions">
        ${error.code === 'device-lost'
          ? html`<button class="button" @click=${() => chooseEngine('cpu').catch(tellError)}>
              ${t('device.go-on')}
            </button>`
          : nothing}
        <button class="button" @click=${retryDevice}>${icon('retry')} ${t('trouble.retry')}</button>
      </div>`;
  }
}

customElements.define('device-trouble', DeviceTrouble);
