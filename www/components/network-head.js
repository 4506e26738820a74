// Which network it is, how to get another one, and how far the next one is.
import { css, html, nothing } from 'lit';
import { extremes, isWrong, presentChecks } from '../actions/checks.js';
import { tellError } from '../actions/notices.js';
import { openDialog } from '../actions/settings.js';
import { figure, percent, short, t } from '../i18n/index.js';
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
      .check {
        white-space: normal; /* once it tells what was found */
        text-align: left;
      }
      .check .icon {
        color: var(--accent-ink);
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
      class="button check"
      aria-expanded=${Boolean(this.checks)}
      ?disabled=${task !== null && !this.checks}
      @click=${toggle}
    >
      ${this.#verdict()}
    </button>`;
  }

  /** What a check found, for as long as it holds; before, the invitation to make one. */
  #verdict() {
    const checks = presentChecks();
    if (!checks) return t('trust.check');
    const wrong = checks.filter(isWrong).length;
    if (wrong > 0) return html`${icon('alert')} <span>${t('trust.badge.wrong', { wrong, count: checks.length })}</span>`;
    const difference = figure(extremes(checks).largest.largestDifference, 2);
    return html`${icon('check')} <span>${t('trust.badge.right', { difference })}</span>`;
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
