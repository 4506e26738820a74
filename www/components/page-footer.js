// Whose photos and weights these are.
import { css, html } from 'lit';
import { t } from '../i18n/index.js';
import { SAMPLES } from '../samples.js';
import { Component } from './component.js';

class PageFooter extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 2rem;
        padding: 1rem var(--gutter) 2rem;
        color: var(--muted);
        font-size: 0.85rem;
      }
      p {
        max-width: 40rem;
      }
      ul {
        margin-top: 0.5rem;
      }
    `,
  ];

  render() {
    const { language } = this.state;
    return html`<p>${t('footer.privacy')}</p>
      <details>
        <summary>${t('footer.credits')}</summary>
        <ul>
          ${SAMPLES.map(
            ({ alt, author, licence, source }) =>
              html`<li>
                <a href=${source} target="_blank" rel="noreferrer">${alt[language]}</a>: ${author},
                ${licence}
              </li>`,
          )}
        </ul>
      </details>
      <p><a href="./NOTICES.txt" target="_blank">${t('footer.notices')}</a></p>`;
  }
}

customElements.define('page-footer', PageFooter);
