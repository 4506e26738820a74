// The page: header, messages, the view, footer; and dropping and pasting anywhere.
import { css, html, nothing } from 'lit';
import { addTransfer } from '../actions/sources.js';
import { setLanguage, setTheme, setView } from '../actions/settings.js';
import { LANGUAGES, t } from '../i18n/index.js';
import { droppedOf } from '../dropped.js';
import { icon } from '../icons.js';
import { lazyModule } from '../lazy-module.js';
import { Component } from './component.js';
import './address-dialog.js';
import './camera-dialog.js';
import './classify-view.js';
import './models-dialog.js';
import './notice-list.js';
import './page-footer.js';

const BODIES = {
  classify: html`<classify-view></classify-view>`,
  train: html`<race-view></race-view>`,
  paper: html`<paper-view></paper-view>`,
};
// The other views come for those who open them.
const loadRace = lazyModule(() => import('../race/race-view.js'));
const loadPaper = lazyModule(() => import('../paper/paper-view.js'));

/** Also while the view is on its way. @param {import('../dropped.js').Dropped} dropped */
const takeRaceDrop = async (dropped) => (await loadRace())?.takeRaceDrop(dropped);

const THEMES = { system: 'system', light: 'sun', dark: 'moon' };

// The one text that is not among the messages: it is shown where they cannot be fetched.
const FAILED = html`<main class="failed">
  <p>AlexNet Live could not be loaded whole. Check the connection, then reload the page.</p>
  <p lang="zh-Hans">AlexNet Live 未能完整加载。请检查网络连接，然后重新加载页面。</p>
</main>`;

const LEAVING = 150; // milliseconds

class App extends Component {
  static properties = { dragging: { state: true }, failed: {} };

  static styles = [
    Component.styles,
    css`
      :host {
        display: block;
        min-height: 100svh;
      }
      header {
        display: flex;
        align-items: center;
        gap: 0.25rem 1rem;
        padding: 0.5rem var(--gutter);
      }
      h1 {
        display: flex;
        align-items: center;
        gap: 0.5em;
        margin: 0;
        font-size: 1.05rem;
        font-weight: 700;
        letter-spacing: -0.01em;
        white-space: nowrap;
      }
      .mark {
        width: 1.5em;
        height: 1.5em;
      }
      @media (max-width: 29.99rem) {
        header {
          --across: 0.22em; /* six buttons fit into 360 pixels */
          font-size: 0.92rem;
          gap: 0;
          padding-inline: 0.6rem 0.25rem;
        }
        h1 {
          margin-right: 0.25rem;
        }
        .name {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
      nav {
        display: flex;
        margin-right: auto;
      }
      .languages {
        display: flex;
      }
      nav button,
      .languages button,
      .theme {
        min-width: 2.5rem;
        min-height: 2.5rem;
        padding: 0 var(--across, 0.6em);
        border-radius: var(--radius);
        color: var(--muted);
        white-space: nowrap;
      }
      nav button[aria-current='page'],
      .languages button[aria-pressed='true'] {
        color: var(--ink);
        font-weight: 700;
        text-decoration: underline 2px var(--accent);
        text-underline-offset: 0.4em;
      }
      nav button:hover,
      .languages button:hover,
      .theme:hover {
        color: var(--ink);
      }
      .theme {
        display: grid;
        place-items: center;
      }
      .skip {
        position: absolute;
        left: 0.5rem;
        top: -4rem;
        z-index: 3;
      }
      .skip:focus {
        top: 0.5rem;
      }
      .failed {
        max-width: 34rem;
        margin: 4rem auto;
        padding: 0 1rem;
      }
      .drop {
        position: fixed;
        inset: 0.75rem;
        z-index: 4;
        display: grid;
        place-items: center;
        border: 4px solid var(--accent);
        border-radius: 1rem;
        background: color-mix(in srgb, var(--paper) 88%, transparent);
        font-size: clamp(1.5rem, 4vw, 3.5rem);
        font-weight: 700;
        text-align: center;
        pointer-events: none;
      }
    `,
  ];

  connectedCallback() {
    super.connectedCallback();
    this.dragging = false;
    // Anywhere in the window, or the browser would leave the page for the file.
    addEventListener('dragover', this.#onDragOver);
    addEventListener('dragleave', this.#onDragLeave);
    addEventListener('drop', this.#onDrop);
    addEventListener('paste', this.#onPaste);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('dragover', this.#onDragOver);
    removeEventListener('dragleave', this.#onDragLeave);
    removeEventListener('drop', this.#onDrop);
    removeEventListener('paste', this.#onPaste);
  }

  #leaving = 0;

  #onDragOver = (event) => {
    event.preventDefault();
    clearTimeout(this.#leaving);
    this.dragging = true;
  };

  /** Left the window, unless it is told to be over it right afterwards: Safari says so of any part. */
  #onDragLeave = (event) => {
    clearTimeout(this.#leaving);
    if (!event.relatedTarget) this.#leaving = setTimeout(() => (this.dragging = false), LEAVING);
  };

  #onDrop = (event) => {
    event.preventDefault();
    clearTimeout(this.#leaving);
    this.dragging = false;
    const { view } = this.state;
    if (view === 'train') takeRaceDrop(droppedOf(event.dataTransfer));
    else addTransfer(event.dataTransfer);
  };

  #onPaste = (event) => {
    if (event.composedPath()[0] instanceof HTMLInputElement) return; // text into a field
    if (this.state.view !== 'classify') return;
    addTransfer(event.clipboardData);
  };

  updated() {
    const { view } = this.state;
    if (view === 'train') loadRace();
    if (view === 'paper') loadPaper();
  }

  render() {
    const { language, only, view } = this.state;
    if (this.failed) return FAILED;
    if (!language) return nothing;
    return html`
      ${only ? nothing : this.#header(view)}
      <notice-list></notice-list>
      <main id="main" tabindex="-1">
        ${BODIES[view]}
      </main>
      ${only ? nothing : html`<footer><page-footer></page-footer></footer>`}
      <models-dialog></models-dialog>
      <camera-dialog></camera-dialog>
      <address-dialog></address-dialog>
      ${this.dragging
        ? html`<div class="drop">${t(view === 'train' ? 'race.drop' : 'app.drop')}</div>`
        : ''}
    `;
  }

  #header(view) {
    return html`<a
        class="skip button"
        href="#main"
        @click=${(event) => {
          event.preventDefault();
          this.renderRoot.querySelector('main').focus();
        }}
        >${t('app.skip')}</a
      >
      <header>
        <h1>
          <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
            <path d="M2 16h28" stroke="var(--accent)" stroke-width="3" />
            <path d="M13 4h14v14H13z" fill="var(--accent)" opacity="0.4" />
            <path d="M9 8h14v14H9z" fill="var(--accent)" opacity="0.7" />
            <path d="M5 12h14v14H5z" fill="var(--accent)" />
          </svg>
          <span class="name">AlexNet Live</span>
        </h1>
        ${this.#views(view)} ${this.#languages()} ${this.#theme()}
      </header>`;
  }

  #views(view) {
    return html`<nav aria-label=${t('app.views')}>
      ${Object.keys(BODIES).map(
        (name) =>
          html`<button aria-current=${name === view ? 'page' : 'false'} @click=${() => setView(name)}>
            ${t(`app.view.${name}`)}
          </button>`,
      )}
    </nav>`;
  }

  #languages() {
    return html`<div class="languages" role="group" aria-label=${t('app.language')}>
      ${Object.entries(LANGUAGES).map(
        ([key, { name, short, tag }]) => html`<button
          lang=${tag}
          aria-label=${name === short ? name : `${short}: ${name}`}
          aria-pressed=${this.state.language === key}
          @click=${() => setLanguage(key)}
        >
          ${short}
        </button>`,
      )}
    </div>`;
  }

  #theme() {
    const names = Object.keys(THEMES);
    const { theme } = this.state;
    const next = names[(names.indexOf(theme) + 1) % names.length];
    const label = t('app.theme', { theme });
    return html`<button
      class="theme"
      aria-label=${label}
      title=${label}
      @click=${() => setTheme(next)}
    >
      ${icon(THEMES[theme])}
    </button>`;
  }
}

customElements.define('alexnet-app', App);
