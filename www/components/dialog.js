// A dialog of the page: opens and closes with `state.dialog`.
import { css, html } from 'lit';
import { closeDialog } from '../actions/settings.js';
import { t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { Component } from './component.js';

const styles = css`
  dialog {
    width: min(46rem, calc(100vw - 2rem));
    max-height: calc(100svh - 2rem);
    padding: 0;
    border: 1px solid var(--line);
    border-radius: 0.75rem;
    background: var(--paper);
    color: var(--ink);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 55%);
  }
  header {
    position: sticky;
    top: 0;
    z-index: 1;
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 1rem;
    padding: 1rem 1rem 0.75rem 1.5rem;
    background: var(--paper);
  }
  h2 {
    font-size: 1.4rem;
    font-weight: 750;
    letter-spacing: -0.02em;
  }
  .body {
    padding: 0 1.5rem 1.5rem;
  }
`;

/** Subclasses say which dialog they are, and draw `title()` and `body()`. */
export class Dialog extends Component {
  static styles = [Component.styles, styles];

  /** @type {import('../store.js').State['dialog']} */
  static dialog;

  render() {
    const { dialog } = this.constructor;
    const open = this.state.dialog === dialog;
    return html`<dialog aria-labelledby="title" @close=${() => closeDialog(dialog)}>
      ${open
        ? html`<header>
              <h2 id="title">${this.title()}</h2>
              <button class="button quiet" aria-label=${t('dialog.close')} @click=${this.close}>
                ${icon('close')}
              </button>
            </header>
            <div class="body">${this.body()}</div>`
        : ''}
    </dialog>`;
  }

  close = () => closeDialog(this.constructor.dialog);

  updated() {
    const element = this.renderRoot.querySelector('dialog');
    const open = this.state.dialog === this.constructor.dialog;
    if (open && !element.open) {
      element.showModal();
      this.opened?.();
    } else if (!open && element.open) {
      element.close();
    }
    if (!open) this.closed?.();
  }
}
