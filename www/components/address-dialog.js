// Takes the address of a picture.
import { css, html } from 'lit';
import { addAddress } from '../actions/sources.js';
import { t } from '../i18n/index.js';
import { Dialog } from './dialog.js';

class AddressDialog extends Dialog {
  static dialog = 'address';

  static styles = [
    Dialog.styles,
    css`
      form {
        display: grid;
        gap: 0.75rem;
      }
      input {
        width: 100%;
        min-height: 2.75rem;
        padding: 0 0.75rem;
        border: 1px solid var(--muted);
        border-radius: var(--radius);
        background: var(--paper);
      }
      p {
        color: var(--muted);
      }
      .button {
        justify-self: end;
      }
    `,
  ];

  title() {
    return t('address.title');
  }

  body() {
    return html`<form @submit=${this.#submit}>
      <label for="address">${t('address.label')}</label>
      <input
        id="address"
        type="text"
        inputmode="url"
        autocomplete="off"
        spellcheck="false"
        placeholder="https://"
        required
        autofocus
      />
      <p>${t('address.note')}</p>
      <button class="button primary">${t('address.fetch')}</button>
    </form>`;
  }

  #submit = (event) => {
    event.preventDefault();
    addAddress(this.renderRoot.querySelector('input').value.trim());
    this.close();
  };
}

customElements.define('address-dialog', AddressDialog);
