// The paper, tried on the spot: its steps along the head, one of them below. A
// teacher's link shows that one alone.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { stripStyles } from '../components/strip.styles.js';
import { t } from '../i18n/index.js';
import { setOnly, setStep } from '../actions/settings.js';
import { STEPS } from './steps.js';
import './step-links.js';

class PaperView extends Component {
  static styles = [
    Component.styles,
    stripStyles,
    css`
      :host {
        display: block;
        border-top: 1px solid var(--line);
      }
      .section {
        margin-right: 0.35em;
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }
      .around {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.75rem 1rem;
        padding: 1rem var(--gutter) 2rem;
      }
      .middle {
        display: grid;
        justify-items: center;
        gap: 0.25rem;
        flex: 1 1 16rem;
        order: 1;
        color: var(--muted);
        font-size: 0.85rem;
        text-align: center;
      }
      .next {
        order: 2;
        margin-left: auto;
      }
      .whole {
        display: flex;
        justify-content: end;
        padding: 0 var(--gutter);
        font-size: 0.85rem;
      }
      .whole .button {
        color: var(--muted);
        font-weight: 500;
      }
      @media (max-width: 47.99rem) {
        .middle {
          flex-basis: 100%;
          order: 3;
        }
      }
    `,
  ];

  connectedCallback() {
    super.connectedCallback();
    addEventListener('keydown', this.#onKey);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#onKey);
  }

  #index() {
    return Math.max(0, STEPS.findIndex(({ name }) => name === this.state.step));
  }

  updated() {
    const { only, step } = this.state;
    this.style.setProperty('--around', only ? '3rem' : null);
    const shown = `${step} ${only}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.renderRoot.querySelector('[aria-current="step"]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }

  /** What was brought into view already. */
  #shown = '';

  render() {
    const index = this.#index();
    const { only } = this.state;
    return html`${only ? nothing : this.#along(index)} ${STEPS[index].element}
    ${only ? this.#whole() : this.#around(index)}`;
  }

  #along(index) {
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
    </nav>`;
  }

  #whole() {
    return html`<div class="whole">
      <button class="button quiet" @click=${() => setOnly(null)}>${t('paper.whole')}</button>
    </div>`;
  }

  #around(index) {
    const [previous, next] = [STEPS[index - 1], STEPS[index + 1]];
    return html`<div class="around">
      ${previous
        ? html`<button class="button" @click=${() => this.#go(previous)}>
            ← ${t(`paper.${previous.name}.short`)}
          </button>`
        : nothing}
      <div class="middle">
        <step-links .step=${STEPS[index].name}></step-links>
        <p>${t('paper.place', { step: index + 1, steps: STEPS.length })}</p>
      </div>
      ${next
        ? html`<button class="button primary next" @click=${() => this.#go(next)}>
            ${t(`paper.${next.name}.short`)} →
          </button>`
        : nothing}
    </div>`;
  }

  /** Arrow keys go through the steps, wherever they have nothing else to do. */
  #onKey = (event) => {
    const { dialog, only } = this.state;
    if (dialog || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (only) {
      if (event.key === 'Escape') setOnly(null);
      return;
    }
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const [from] = event.composedPath();
    if (!by || (from !== document.body && from.id !== 'main' && from.getRootNode() !== this.renderRoot)) return;
    const step = STEPS[this.#index() + by];
    if (!step) return;
    event.preventDefault();
    this.#go(step);
  };

  #go({ name }) {
    setStep(name);
    scrollTo({ top: 0 });
  }
}

customElements.define('paper-view', PaperView);
