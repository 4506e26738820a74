// The ways to a photo beside dropping it: files, camera, clipboard, an address.
import { css, html } from 'lit';
import { addFiles } from '../actions/photos.js';
import { addClipboard } from '../actions/sources.js';
import { openDialog } from '../actions/settings.js';
import { t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { Component } from './component.js';

/** Seen by screen readers only. */
const hidden = css`
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
`;

class PhotoSources extends Component {
  static properties = { compact: { type: Boolean } };

  static styles = [
    Component.styles,
    css`
      :host {
        --focus: #fff;
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }
      .button {
        justify-content: start;
        padding: 0.3em 0.6em;
        white-space: nowrap;
        border-color: #ffffff40;
        background: none;
        color: var(--on-table);
      }
      .button.primary {
        background: #0877bd;
      }
      :host(:not([compact])) {
        display: grid;
        grid-template-columns: repeat(2, auto);
        max-width: 24rem;
        font-size: 0.95rem;
      }
      :host(:not([compact])) .button {
        padding: 0.3em 0.55em;
      }
      :host([compact]) .button:not(.primary) .label {
        ${hidden}
      }
      /* Beside the wall there is no room for four words. */
      @media (min-width: 56rem) and (max-width: 84rem) {
        :host(:not([compact])) {
          grid-template-columns: repeat(3, 1fr);
        }
        .button.primary {
          grid-column: span 3;
        }
        .button {
          justify-content: center;
        }
        .button:not(.primary) .label {
          ${hidden}
        }
      }
      :host([compact]) .button:not(.primary) {
        justify-content: center;
        width: 2.5rem;
        padding: 0;
        border-color: transparent;
      }
    `,
  ];

  render() {
    return html`
      <input
        type="file"
        multiple
        hidden
        @change=${({ target }) => {
          addFiles(target.files);
          target.value = ''; // the same file once more is a change again
        }}
      />
      ${this.#button('file', 'primary', () => this.renderRoot.querySelector('input').click())}
      ${this.#button('camera', '', () => openDialog('camera'))}
      ${this.#button('paste', '', addClipboard)}
      ${this.#button('link', '', () => openDialog('address'))}
    `;
  }

  #button(name, style, act) {
    const label = t(`source.${name}`);
    return html`<button class="button ${style}" title=${label} @click=${act}>
      ${icon(name)}<span class="label">${label}</span>
    </button>`;
  }
}

customElements.define('photo-sources', PhotoSources);
