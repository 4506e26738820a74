// A class of the answer, and what its number is made of: the units of the layer
// before, or the places of the photo.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import '../components/picture-crop.js';
import { engine } from '../engine.js';
import { figure, percent, t } from '../i18n/index.js';
import { labelOf } from '../i18n/labels.js';
import { paint } from '../pixels.js';
import { selectedPhoto } from '../store.js';
import './cell-sum.js';
import { divergingPicture, reach } from './diverging.js';
import { latest } from './latest.js';
import { strongest } from './overlay.js';
import { insideStyles } from './styles.js';

class ClassContributions extends Component {
  static properties = {
    network: { attribute: false },
    seen: { attribute: false },
    chosen: { state: true }, // place among the answers
    cell: { state: true },
  };

  static styles = [
    Component.styles,
    insideStyles,
    css`
      .parts {
        display: grid;
        gap: 1rem 2rem;
      }
      figure {
        position: relative;
        width: min(20rem, 100%);
      }
      figure canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        opacity: 0.65;
      }
      @media (min-width: 56rem) {
        .parts.places {
          grid-template-columns: 20rem minmax(0, 1fr);
        }
      }
    `,
  ];

  constructor() {
    super();
    this.chosen = 0;
    this.cell = null;
  }

  willUpdate(changed) {
    if (changed.has('seen')) this.chosen = 0;
    if (changed.has('seen') || changed.has('chosen')) this.#ask();
  }

  updated() {
    const canvas = this.renderRoot.querySelector('figure canvas');
    if (!canvas) return;
    const { x, window } = this.cell;
    paint(canvas, divergingPicture(x, window.right - window.left, reach(x)));
  }

  #ask = latest(this, async () => {
    const answer = selectedPhoto()?.result?.top[this.chosen];
    if (answer) this.cell = await engine.contributions(answer.index);
  });

  render() {
    const answers = selectedPhoto()?.result?.top ?? [];
    const { cell, chosen, network } = this;
    const answer = answers[chosen];
    const isShown = cell && answer && cell.position[2] === answer.index;
    const name = (one) => labelOf(one, network.labelled).name;
    return html`<div class="choices" role="group" aria-label=${t('inside.class')}>
        <span>${t('inside.class')}</span>
        ${answers.map(
          (one, index) => html`<button
            class="button"
            aria-pressed=${index === chosen}
            @click=${() => (this.chosen = index)}
          >
            ${name(one)}
          </button>`,
        )}
      </div>
      ${isShown ? this.#parts(cell, name(answer), answer) : nothing}`;
  }

  #parts(cell, name, { probability }) {
    const isPlaces = cell.kind === 'avg_pool2d' && cell.x.length > 1;
    const { window } = cell;
    const places = isPlaces ? this.#places(cell) : '';
    return html`<p role="status">
        ${t('inside.logit', { name, value: figure(cell.value), probability: percent(probability) })}
        ${t(isPlaces ? 'inside.logit.places' : 'inside.logit.units')} ${places}
      </p>
      <div class="parts ${isPlaces ? 'places' : ''}">
        ${isPlaces
          ? html`<figure>
              <picture-crop .crop=${this.seen.crop}></picture-crop>
              <canvas
                role="img"
                aria-label="${t('inside.logit.map', { name })}. ${places}"
                width=${window.right - window.left}
                height=${window.bottom - window.top}
              ></canvas>
            </figure>`
          : nothing}
        <cell-sum .cell=${cell} .bars=${10}></cell-sum>
      </div>`;
  }

  /** The places that speak most for the class and against it, in words. */
  #places({ x, window }) {
    const columns = window.right - window.left;
    const of = (sign) => ({ shares: x.map((value) => (sign * value) / (reach(x) || 1)), rows: x.length / columns, columns });
    const told = (key, place) => place && t(`inside.logit.${key}`, { ...place, value: figure(x[place.index]) });
    return [told('most', strongest(of(1))), told('least', strongest(of(-1)))].filter(Boolean).join(' ');
  }
}

customElements.define('class-contributions', ClassContributions);
