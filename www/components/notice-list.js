// Messages: errors and news, each with what can be done, each dismissible.
import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { dismiss } from '../actions/notices.js';
import { describeError } from '../describe-error.js';
import { megabytes, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { Component } from './component.js';

class NoticeList extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        position: sticky;
        top: 0;
        z-index: 2;
        display: block;
        max-height: 50svh; /* the page stays in view, however many they are */
        overflow: auto;
      }
      li {
        display: flex;
        align-items: start;
        gap: 1rem;
        padding: 0.75rem var(--gutter);
        border-bottom: 1px solid var(--line);
        background: color-mix(in srgb, var(--tone) 9%, var(--paper));
        box-shadow: inset 0.35rem 0 var(--tone);
        --tone: var(--accent);
      }
      li.error {
        --tone: var(--attention);
      }
      .sign {
        color: var(--tone);
        font-size: 1.15rem;
        line-height: 0;
        margin-top: 0.05rem;
      }
      .text {
        flex: 0 1 60rem;
        overflow-wrap: anywhere;
      }
      .sentence {
        font-weight: 600;
      }
      details {
        margin-top: 0.25rem;
      }
      details p {
        max-height: 8rem;
        overflow: auto;
        font-family: ui-monospace, monospace;
        font-size: 0.85em;
      }
      .text .button {
        margin-top: 0.5rem;
      }
      .close {
        flex: none;
        display: grid;
        place-items: center;
        width: 2.5rem;
        height: 2.5rem;
        margin: -0.5rem 0 -0.5rem auto;
        border-radius: var(--radius);
      }
      .close:hover {
        background: var(--line);
      }
    `,
  ];

  render() {
    const { notices } = this.state;
    const label = t('notice.list');
    return html`<section aria-label=${label}>
      <ul aria-live="assertive" aria-relevant="additions" aria-label=${label}>
        ${repeat(
          notices,
          ({ id }) => id,
          (notice) => this.#notice(notice),
        )}
      </ul>
    </section>`;
  }

  #notice({ id, kind, error, message, values, action }) {
    const { sentence, advice, details, link } = error
      ? describeError(error)
      : { sentence: t(message, values), advice: null, details: [] };
    return html`<li class=${kind}>
      <span class="sign">${icon(kind === 'error' ? 'alert' : 'info')}</span>
      <div class="text">
        <p class="sentence">${sentence}</p>
        ${advice ? html`<p>${advice}</p>` : nothing}
        ${link ? html`<p><a href=${link} rel="noreferrer">${link}</a></p>` : nothing}
        ${details.length > 0
          ? html`<details>
              <summary>${t('notice.details')}</summary>
              ${details.map((line) => html`<p tabindex="0">${line}</p>`)}
            </details>`
          : nothing}
        ${action ? this.#action(id, action) : nothing}
      </div>
      <button class="close" aria-label=${t('notice.dismiss')} @click=${() => dismiss(id)}>
        ${icon('close')}
      </button>
    </li>`;
  }

  #action(id, { label, values = {}, run }) {
    const shown = Object.hasOwn(values, 'size') ? { ...values, size: megabytes(values.size) } : values;
    return html`<button
      class="button primary"
      @click=${() => {
        dismiss(id);
        run();
      }}
    >
      ${t(label, shown)}
    </button>`;
  }
}

customElements.define('notice-list', NoticeList);
