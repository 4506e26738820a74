// Why this answer: the ways to ask along the head, the class asked about, one of the
// ways below.
import { css, html, nothing } from 'lit';
import { setWhy } from '../actions/settings.js';
import { WAYS as WAY_NAMES } from '../address-words.js';
import { Component } from '../components/component.js';
import { stripStyles } from '../components/strip.styles.js';
import { percent, t } from '../i18n/index.js';
import { labelOf } from '../i18n/labels.js';
import { icon } from '../icons.js';
import { selectedPhoto } from '../store.js';
import './why-gradients.js';
import './why-neighbours.js';
import './why-occlusion.js';
import './why-picture.js';

const gradients = (way, answer) => html`<why-gradients .way=${way} .answer=${answer}></why-gradients>`;

/** By the word in the address; each with its element. */
const WAYS = {
  'grad-cam': gradients,
  gradient: gradients,
  guided: gradients,
  occlusion: (way, answer) => html`<why-occlusion .way=${way} .answer=${answer}></why-occlusion>`,
  picture: (way, answer) => html`<why-picture .way=${way} .answer=${answer}></why-picture>`,
  neighbours: (way, answer) => html`<why-neighbours .way=${way} .answer=${answer}></why-neighbours>`,
};

class WhyView extends Component {
  static properties = { chosen: { state: true } };

  static styles = [
    Component.styles,
    stripStyles,
    css`
      :host {
        display: block;
        border-block: 1px solid var(--line);
        background: var(--paper);
      }
      .head {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: center;
        gap: 0.5rem 1.5rem;
        padding: 0.6rem var(--gutter);
      }
      h2 {
        font-size: 1.35rem;
        font-weight: 750;
        letter-spacing: -0.02em;
      }
      .classes {
        grid-row: 2;
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        gap: 0.4rem;
      }
      .classes .button {
        min-height: 2.25rem;
        max-width: 100%;
        font-size: 0.88rem;
        font-weight: 500;
        white-space: normal;
      }
      .classes [aria-pressed='true'] {
        border-color: var(--accent);
        box-shadow: inset 0 0 0 1px var(--accent);
      }
      .classes span {
        color: var(--muted);
        font-variant-numeric: tabular-nums;
      }
      .close {
        display: grid;
        place-items: center;
        width: 2.5rem;
        height: 2.5rem;
        border-radius: var(--radius);
        color: var(--muted);
      }
      .close:hover {
        background: var(--wash);
        color: var(--ink);
      }
      @media (min-width: 56rem) {
        .head {
          grid-template-columns: auto 1fr auto;
        }
        .classes {
          grid-row: 1;
          grid-column: 2;
        }
      }
    `,
  ];

  /** The photo and answer that the chosen class is one of. */
  #of = '';

  shouldUpdate() {
    return Boolean(selectedPhoto()?.result);
  }

  willUpdate() {
    const photo = selectedPhoto();
    const of = `${photo.id} ${photo.weights}`;
    if (of !== this.#of) this.chosen = 0;
    this.#of = of;
  }

  firstUpdated() {
    this.scrollIntoView({ block: 'start' });
  }

  render() {
    const { why, model } = this.state;
    const way = Object.hasOwn(WAYS, why) ? why : WAY_NAMES[0];
    const { top } = selectedPhoto().result;
    const answers = top.map((entry) => ({ ...entry, ...labelOf(entry, model.labelled) }));
    const answer = answers[this.chosen] ?? answers[0];
    return html`<section aria-labelledby="title">
      <div class="head">
        <h2 id="title">${t('why.title')}</h2>
        <div class="classes" role="group" aria-label=${t('why.classes')}>
          ${answers.map(
            ({ name, probability }, index) =>
              html`<button
                class="button"
                aria-pressed=${index === this.chosen}
                @click=${() => (this.chosen = index)}
              >
                ${name} <span>${percent(probability)}</span>
              </button>`,
          )}
        </div>
        <button class="close" aria-label=${t('dialog.close')} title=${t('dialog.close')} @click=${() => setWhy(null)}>
          ${icon('close')}
        </button>
      </div>
      <nav aria-label=${t('why.ways')}>
        <ol>
          ${WAY_NAMES.map(
            (name) =>
              html`<li>
                <button aria-current=${name === way ? 'true' : 'false'} @click=${() => setWhy(name)}>
                  ${t(`why.${name}.short`)}
                </button>
              </li>`,
          )}
        </ol>
      </nav>
      ${answer ? WAYS[way](way, answer) : nothing}
    </section>`;
  }
}

customElements.define('why-view', WhyView);
