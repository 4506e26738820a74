// Which network it is, how to get another one, and how far the next one is.
import { css, html, nothing } from 'lit';
import { isAtHand, loadPublished, preferredWeights, stopTask } from '../actions/models.js';
import { openDialog } from '../actions/settings.js';
import { megabytes, percent, short, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { Component } from './component.js';

/** The one that this page is about. */
const INVITED = 'alexnet';

class NetworkHead extends Component {
  static properties = { network: { attribute: false } };

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
      .task {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1rem;
        flex: 1 1 24rem;
      }
      progress {
        flex: 1 1 12rem;
        height: 0.5rem;
        appearance: none;
        border: 0;
        background: var(--line);
      }
      progress::-webkit-progress-bar {
        background: var(--line);
      }
      progress::-webkit-progress-value {
        background: var(--accent);
      }
      progress::-moz-progress-bar {
        background: var(--accent);
      }
      progress:indeterminate {
        background: linear-gradient(90deg, var(--line) 35%, var(--accent) 50%, var(--line) 65%) 0 0 /
          200% 100%;
        animation: run 1.4s linear infinite;
      }
      progress:indeterminate::-webkit-progress-bar {
        background: none;
      }
      progress:indeterminate::-moz-progress-bar {
        background: none;
      }
      @keyframes run {
        from {
          background-position: 200% 0;
        }
      }
    `,
  ];

  render() {
    const { network } = this;
    const { task } = this.state;
    return html`<h2>${network.title}</h2>
      ${task ? this.#task(task) : html`<p class="facts">${this.#facts(network)}</p>`}
      <div class="actions">
        ${this.#invitation(network, task)}
        <button class="button" @click=${() => openDialog('models')}>${t('spine.change')}</button>
      </div>
      <p class="visually-hidden" role="status">${this.#spoken(task)}</p>`;
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

  #invitation({ name }, task) {
    const model = this.state.models.find((candidate) => candidate.name === INVITED);
    const weights = model && preferredWeights(model);
    if (!weights || name === INVITED || task) return nothing;
    const values = { model: model.title, size: megabytes(weights.bytes) };
    return html`<button
      class="button primary"
      @click=${() => loadPublished(INVITED, weights)}
    >
      ${icon('download')} ${t(isAtHand(weights) ? 'spine.load' : 'spine.get', values)}
    </button>`;
  }

  #task({ phase, stage, done, total, file }) {
    const known = total > 0 ? 'yes' : 'no';
    const share = percent(total > 0 ? done / total : 0, 0);
    const values = { file, stage, known, share, done: megabytes(done), total: megabytes(total) };
    return html`<div class="task">
      <span>${t(`task.${phase}`, values)}</span>
      <progress
        aria-label=${t(`task.${phase}.name`)}
        max=${total || 1}
        value=${total > 0 ? done : nothing}
      ></progress>
      <button class="button" @click=${stopTask}>${icon('stop')} ${t('task.stop')}</button>
    </div>`;
  }

  /** Each phase once, not each percent. */
  #spoken(task) {
    if (task) return t(`task.${task.phase}.name`);
    const { model } = this.state;
    return model ? t('task.ready', { model: model.title }) : '';
  }
}

customElements.define('network-head', NetworkHead);
