// All crops and mirror images of one picture on one sheet, to be zoomed into:
// 64 × 32 of them, the mirror images on the right.
import { css, html } from 'lit';
import { Component } from '../components/component.js';
import { t } from '../i18n/index.js';
import { icon } from '../icons.js';

export const CROP = 224;
/** Places along each side: the paper counts 32, of the 33 that there are. */
export const PLACES = 32;

const [ACROSS, DOWN] = [2 * PLACES, PLACES];
const [WIDTH, HEIGHT] = [1280, 640];
const TILE = WIDTH / ACROSS;
const CLOSEST = 12;

class CropSheet extends Component {
  static properties = { picture: { attribute: false }, chosen: { attribute: false }, view: { state: true } };

  static styles = [
    Component.styles,
    css`
      :host {
        display: block;
        position: relative;
      }
      canvas {
        display: block;
        width: 100%;
        background: var(--wash);
        cursor: crosshair;
        touch-action: pan-y;
      }
      .zoom {
        position: absolute;
        right: 0.5rem;
        top: 0.5rem;
        display: flex;
        gap: 0.25rem;
      }
      .zoom .button {
        min-width: 2.5rem;
        font-weight: 700;
      }
    `,
  ];

  constructor() {
    super();
    this.view = { scale: 1, x: 0, y: 0 }; // x, y: what is at the upper left, in tiles
  }

  render() {
    const { scale } = this.view;
    return html`<canvas
        width=${WIDTH}
        height=${HEIGHT}
        role="application"
        tabindex="0"
        aria-label=${t('paper.augmentation.sheet')}
        @click=${(event) => this.#choose(event)}
        @wheel=${(event) => this.#wheel(event)}
        @keydown=${(event) => this.#key(event)}
      ></canvas>
      <div class="zoom">
        <button class="button" ?disabled=${scale >= CLOSEST} aria-label=${t('paper.augmentation.closer')} @click=${() => this.#zoom(2)}>+</button>
        <button class="button" ?disabled=${scale <= 1} aria-label=${t('paper.augmentation.further')} @click=${() => this.#zoom(0.5)}>−</button>
        <button class="button" ?disabled=${scale <= 1} aria-label=${t('paper.augmentation.whole')} @click=${() => (this.view = { scale: 1, x: 0, y: 0 })}>
          ${icon('reset')}
        </button>
      </div>`;
  }

  updated() {
    const context = this.renderRoot.querySelector('canvas').getContext('2d');
    context.clearRect(0, 0, WIDTH, HEIGHT);
    if (!this.picture) return;
    const { scale, x, y } = this.view;
    const size = TILE * scale;
    const gap = Math.min(4, size / 12);
    for (let row = Math.floor(y); row < Math.min(DOWN, y + DOWN / scale); row++) {
      for (let column = Math.floor(x); column < Math.min(ACROSS, x + ACROSS / scale); column++) {
        const mirrored = column >= PLACES;
        context.save();
        context.translate((column - x) * size, (row - y) * size);
        if (mirrored) {
          context.translate(size - gap, 0);
          context.scale(-1, 1);
        }
        context.drawImage(this.picture, column % PLACES, row, CROP, CROP, 0, 0, size - gap, size - gap);
        context.restore();
      }
    }
    const { left, top, mirrored } = this.chosen;
    context.strokeStyle = '#f59322';
    context.lineWidth = 3;
    context.strokeRect((left + (mirrored ? PLACES : 0) - x) * size, (top - y) * size, size - gap, size - gap);
  }

  /** Towards the crop that is chosen, or a point in tiles. */
  #zoom(factor, at = this.#middle()) {
    const scale = Math.min(CLOSEST, Math.max(1, this.view.scale * factor));
    const [x, y] = ['x', 'y'].map((axis) => at[axis] - (at[axis] - this.view[axis]) * (this.view.scale / scale));
    this.#look(scale, factor > 1 && at.centred ? at.x - ACROSS / scale / 2 : x, factor > 1 && at.centred ? at.y - DOWN / scale / 2 : y);
  }

  #middle() {
    const { left, top, mirrored } = this.chosen;
    return { x: left + (mirrored ? PLACES : 0) + 0.5, y: top + 0.5, centred: true };
  }

  #look(scale, x, y) {
    const within = (value, most) => Math.min(Math.max(0, value), most);
    this.view = { scale, x: within(x, ACROSS - ACROSS / scale), y: within(y, DOWN - DOWN / scale) };
  }

  #at({ offsetX, offsetY, target }) {
    const size = (target.clientWidth / ACROSS) * this.view.scale;
    return { x: this.view.x + offsetX / size, y: this.view.y + offsetY / size };
  }

  #choose(event) {
    const { x, y } = this.#at(event);
    this.#tell(Math.floor(x), Math.floor(y));
  }

  #tell(column, row) {
    if (column < 0 || column >= ACROSS || row < 0 || row >= DOWN) return;
    const detail = { left: column % PLACES, top: row, mirrored: column >= PLACES };
    this.dispatchEvent(new CustomEvent('choose', { detail }));
  }

  #wheel(event) {
    if (!event.ctrlKey && this.view.scale === 1) return; // the page scrolls
    event.preventDefault();
    this.#zoom(event.deltaY < 0 ? 1.25 : 0.8, this.#at(event));
  }

  #key(event) {
    const { left, top, mirrored } = this.chosen;
    const [across, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    if (event.key === '+') this.#zoom(2);
    if (event.key === '-') this.#zoom(0.5);
    if (across === undefined) return;
    event.preventDefault();
    this.#tell(left + (mirrored ? PLACES : 0) + across, top + down);
    const { scale } = this.view;
    if (scale > 1) this.#look(scale, this.#middle().x - ACROSS / scale / 2, this.#middle().y - DOWN / scale / 2);
  }
}

customElements.define('crop-sheet', CropSheet);
