// The paper, tried on the spot: its steps along the head, one of them below.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { t } from '../i18n/index.js';
import { setStep } from '../actions/settings.js';
import { STEPS } from './steps.js';

class PaperView extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        display: block;
        border-top: 1px solid var(--line);
      }
      nav {
        overflow-x: auto;
        scrollbar-width: thin;
        background: var(--wash);
      }
      ol {
        display: flex;
        width: max-content;
        min-width: 100%;
        padding: 0 calc(var(--gutter) - 0.7rem);
      }
      nav button {
        position: relative;
        min-height: 2.75rem;
        padding: 0 0.7rem;
        color: var(--muted);
        font-size: 0.9rem;
        white-space: nowrap;
      }
      nav button:hover {
        color: var(--ink);
      }
      nav button[aria-current='step'] {
        color: var(--ink);
        font-weight: 650;
      }
      nav button[aria-current='step']::after {
        content: '';
        position: absolute;
        inset: auto 0.7rem 0;
        height: 3px;
        background: var(--accent);
      }
      .section {
        margin-right: 0.35em;
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }
      .around {
        display: flex;
        justify-content: space-between;
        gap: 1rem;
        padding: 1rem var(--gutter) 2rem;
      }
      .next {
        margin-left: auto;
      }
    `,
  ];

  #index() {
    return Math.max(0, STEPS.findIndex(({ name }) => name === this.state.step));
  }

  updated() {
    this.renderRoot.querySelector('[aria-current="step"]').scrollIntoView({ block: 'nearest', inline: 'center' });
  }

  render() {
    const index = this.#index();
    const [previous, next] = [STEPS[index - 1], STEPS[index + 1]];
    return html`<nav aria-label=${t('paper.steps')}>
        <ol>
          ${STEPS.map(
            ({ name, section }, at) =>
              html`<li>
                <button aria-current=${at === index ? 'step' : 'false'} @click=${() => setStep(name)}>
                  <span class="section">${section}</span>${t(`paper.${name}.short`)}
                </button>
              </li>`,
          )}
        </ol>
      </nav>
      ${STEPS[index].element}
      <div class="around">
        ${previous
          ? html`<button class="button" @click=${() => this.#go(previous)}>
              ← ${t(`paper.${previous.name}.short`)}
            </button>`
          : nothing}
        ${next
          ? html`<button class="button primary next" @click=${() => this.#go(next)}>
              ${t(`paper.${next.name}.short`)} →
            </button>`
          : nothing}
      </div>`;
  }

  #go({ name }) {
    setStep(name);
    scrollTo({ top: 0 });
  }
}

customElements.define('paper-view', PaperView);
