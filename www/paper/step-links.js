// Links to the step in view, to be handed on: with the page around it, and as
// a class gets it: the step alone, or also without what changes it.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { addressWith } from '../address.js';
import { t } from '../i18n/index.js';
import { icon } from '../icons.js';

class StepLinks extends Component {
  static properties = { step: {}, copied: { state: true }, link: { state: true } };

  static styles = [
    Component.styles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        gap: 0.5rem;
        color: var(--muted);
        font-size: 0.9rem;
      }
      .button {
        color: inherit;
        font-weight: 500;
      }
      .box {
        flex: 1 1 100%;
        min-width: 0;
        min-height: 2.25rem;
        padding: 0 0.5rem;
      }
    `,
  ];

  willUpdate(changed) {
    if (changed.has('step')) this.copied = this.link = null;
  }

  render() {
    return html`${['whole', 'step', 'figure'].map((kind) => this.#button(kind))}
      <span class="visually-hidden" role="status">${this.copied ? t('paper.link.copied') : ''}</span>
      ${this.link
        ? html`<input
            class="box"
            readonly
            aria-label=${t('paper.link.by-hand')}
            .value=${this.link}
            @focus=${({ target }) => target.select()}
          />`
        : nothing}`;
  }

  #button(kind) {
    const copied = this.copied === kind;
    return html`<button class="button quiet" title=${t(`paper.link.${kind}.title`)} @click=${() => this.#copy(kind)}>
      ${icon(copied ? 'check' : 'link')} ${copied ? t('paper.link.copied') : t(`paper.link.${kind}`)}
    </button>`;
  }

  async #copy(kind) {
    const { language: lang } = this.state;
    const link = addressWith({ view: 'paper', step: this.step, only: kind === 'whole' ? null : kind, lang });
    try {
      await navigator.clipboard.writeText(link);
      this.link = null;
      this.copied = kind;
    } catch {
      this.copied = null;
      this.link = link; // the browser forbids it: to be copied by hand
      await this.updateComplete;
      this.renderRoot.querySelector('input').focus();
    }
  }
}

customElements.define('step-links', StepLinks);
