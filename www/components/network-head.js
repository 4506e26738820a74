// Which network it is, how to get another one, and how far the next one is.
import { css, html, nothing } from 'lit';
import { tellError } from '../actions/notices.js';
import { openDialog } from '../actions/settings.js';
import { percent, short, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { Component } from './component.js';
import { invitation } from './invitation.js';
import './task-progress.js';

class NetworkHead extends Component {
  static properties = { network: { attribute: false }, checks: { state: true } };

  static styles = [
    Component.styles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1.25rem;
        min-height: 2.5rem;
      }
      h2 {
        font-size: 1.35rem;
        font-weight: 750;
        letter-spacing: -0.02em;
      }
      .facts {
        color: var(--muted);
        font-size: 0.9rem;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin-left: auto;
      }
      trust-badge {
        flex: 1 0 100%;
        min-width: 0;
      }
      task-progress {
        flex: 1 1 24rem;
      }
    `,
  ];

  render() {
    const { network } = this;
    const { task } = this.state;
    return html`<h2>${network.title}</h2>
      ${task ? html`<task-progress></task-progress>` : html`<p class="facts">${this.#facts(network)}</p>`}
      <div class="actions">
        ${invitation(network)} ${this.#check(task)}
        <button class="button" @click=${() => openDialog('models')}>${t('spine.change')}</button>
      </div>
      ${this.checks && this.state.model ? html`<trust-badge></trust-badge>` : nothing}
      <p class="visually-hidden" role="status">${this.#spoken(task)}</p>`;
  }

  /** Whether this GPU can be trusted, for those who ask. */
  #check(task) {
    if (!this.state.model) return nothing;
    const toggle = () => {
      this.checks = !this.checks;
      if (this.checks) import('../inside/trust-badge.js').catch(tellError);
    };
    return html`<button
      class="button"
      aria-expanded=${Boolean(this.checks)}
      ?disabled=${task !== null && !this.checks}
      @click=${toggle}
    >
      ${icon('check')} ${t('trust.check')}
    </button>`;
  }

  #facts({ year, parameters, multiplyAdds, accuracy }) {
    const facts = [
      year,
      t('model.parameters', { count: short(parameters) }),
      t('model.multiply-adds', { count: short(multiplyAdds) }),
      accuracy && t('model.accuracy', { top5: percent(accuracy.top5 / 100) }),
    ];
    return facts.filter(Boolean).join(' · ');
  }

  /** Each phase once, not each percent. */
  #spoken(task) {
    if (task) return t(`task.${task.phase}.name`);
    const { model } = this.state;
    return model ? t('task.ready', { model: model.title }) : '';
  }
}

customElements.define('network-head', NetworkHead);
