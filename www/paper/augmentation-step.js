// One photo as 2,048 training pictures: crops, mirror images, and the colour
// noise along the principal components of its colours.
import { css, html } from 'lit';
import { count, t } from '../i18n/index.js';
import { principalColours, shift } from './colour-noise.js';
import { CROP, PLACES } from './crop-sheet.js';
import { oneOf, record, whole, within } from './linked.js';
import { PaperStep } from './paper-step.js';
import { ChosenCrop, TenCrops } from './photo-crops.js';
import { normal } from './random.js';
import { photoAddress, SIDE, square } from './square.js';

const DEVIATION = 0.1; // of the paper's draws
const STRONGEST = 0.6;

class AugmentationStep extends PaperStep {
  static properties = {
    picture: { state: true },
    crop: { state: true },
    draws: { state: true },
    failed: { state: true },
  };

  static linked = {
    crop: record({ left: whole(0, PLACES - 1), top: whole(0, PLACES - 1), mirrored: oneOf(false, true) }),
    draws: (draws) => Array.isArray(draws) && draws.length === 3 && draws.every(within(-STRONGEST, STRONGEST)),
  };

  static styles = [
    ...PaperStep.styles,
    css`
      .pictures {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 16rem));
        gap: 1.25rem;
      }
      .pictures canvas {
        display: block;
        width: 100%;
        background: var(--wash);
      }
      figcaption {
        margin-top: 0.3rem;
        color: var(--muted);
        font-size: 0.85rem;
        font-variant-numeric: tabular-nums;
      }
      .whole {
        position: relative;
        touch-action: pan-y;
        cursor: move;
      }
      .frame {
        position: absolute;
        width: calc(100% * ${CROP / SIDE});
        aspect-ratio: 1;
        border: 3px solid var(--attention);
      }
    `,
  ];

  #address = null;
  #tenCrops = new TenCrops(this);
  #chosenCrop = new ChosenCrop(this, () => ({ ...this.crop, colour: this.#added() }));

  constructor() {
    super();
    this.crop = { left: 16, top: 16, mirrored: false };
    this.draws = [0, 0, 0];
  }

  willUpdate() {
    const address = photoAddress();
    if (address === this.#address) return;
    this.#address = address;
    this.#read(address);
  }

  async #read(address) {
    try {
      const picture = await square(address);
      const { data } = picture.getContext('2d').getImageData(0, 0, SIDE, SIDE);
      if (address !== this.#address) return;
      this.principal = principalColours(data);
      this.failed = false;
      this.picture = picture;
    } catch {
      this.failed = true; // the photo went while it was read
    }
  }

  render() {
    const { left, top, mirrored } = this.crop;
    const place = (value) => `${(value / SIDE) * 100}%`;
    return this.frame(
      'augmentation',
      html`${this.failed ? html`<p role="alert">${t('paper.augmentation.failed')}</p>` : ''}
        <div class="pictures">
          <figure>
            <div class="whole" @pointerdown=${(event) => this.#drag(event)} @pointermove=${(event) => this.#drag(event)}>
              <canvas class="photo" width=${SIDE} height=${SIDE} role="img" aria-label=${t('paper.augmentation.photo')}></canvas>
              <div class="frame" style="left: ${place(left)}; top: ${place(top)}"></div>
            </div>
            <figcaption>${SIDE} × ${SIDE}</figcaption>
          </figure>
          <figure>
            <canvas class="crop" width=${CROP} height=${CROP} role="img" aria-label=${t('paper.augmentation.crop')}></canvas>
            <figcaption>
              ${CROP} × ${CROP} ·
              <span role="status"
                >${t('paper.augmentation.number', {
                  number: count(top * PLACES + left + 1 + (mirrored ? PLACES * PLACES : 0)),
                  all: count(2 * PLACES * PLACES),
                })}</span
              >
            </figcaption>
          </figure>
        </div>
        <div class="controls">
          ${this.#place('left')} ${this.#place('top')}
          <label class="choice">
            <input
              type="checkbox"
              .checked=${mirrored}
              @change=${(event) => (this.crop = { ...this.crop, mirrored: event.target.checked })}
            />
            ${t('paper.augmentation.mirror')}
          </label>
          <button class="button" @click=${() => this.#random()}>${t('paper.augmentation.random')}</button>
        </div>
        <h3>${t('paper.augmentation.colour')}</h3>
        <div class="controls">
          ${this.draws.map((draw, index) =>
            this.slider(
              t('paper.augmentation.component', { number: index + 1 }),
              { min: -STRONGEST, max: STRONGEST, step: 0.01, value: draw, text: count(draw) },
              (value) => (this.draws = this.draws.with(index, value)),
            ),
          )}
        </div>
        ${this.#chosenCrop.render()}
        <h3>${t('paper.augmentation.all', { count: count(2 * PLACES * PLACES) })}</h3>
        <crop-sheet
          .picture=${this.picture}
          .chosen=${this.crop}
          @choose=${(event) => (this.crop = event.detail)}
        ></crop-sheet>
        ${this.#tenCrops.render()}
        <p class="note">${t('paper.augmentation.note')}</p>`,
      html`<p role="status">${this.#tenCrops.here()}</p>`,
    );
  }

  /** What the draws add to red, green and blue. */
  #added() {
    return this.draws.every((draw) => draw === 0) || !this.principal ? [0, 0, 0] : shift(this.principal, this.draws);
  }

  updated(changed) {
    super.updated(changed);
    this.#chosenCrop.follow();
    const { picture, crop } = this;
    if (!picture) return;
    this.renderRoot.querySelector('.photo').getContext('2d').drawImage(picture, 0, 0);
    const context = this.renderRoot.querySelector('.crop').getContext('2d', { willReadFrequently: true });
    context.setTransform(crop.mirrored ? -1 : 1, 0, 0, 1, crop.mirrored ? CROP : 0, 0);
    context.drawImage(picture, crop.left, crop.top, CROP, CROP, 0, 0, CROP, CROP);
    const added = this.#added();
    if (added.every((part) => part === 0)) return;
    const image = context.getImageData(0, 0, CROP, CROP);
    for (let at = 0; at < image.data.length; at++) if (at % 4 < 3) image.data[at] += added[at % 4];
    context.putImageData(image, 0, 0);
  }

  #place(side) {
    return this.slider(
      t(`paper.augmentation.${side}`),
      { min: 0, max: PLACES - 1, step: 1, value: this.crop[side] },
      (value) => (this.crop = { ...this.crop, [side]: value }),
    );
  }

  /** The middle of the frame follows the pointer. */
  #drag(event) {
    if (event.buttons !== 1) return;
    const { left, top, width } = event.currentTarget.getBoundingClientRect();
    const at = (pointer, edge) => {
      const place = Math.round(((pointer - edge) / width) * SIDE - CROP / 2);
      return Math.min(PLACES - 1, Math.max(0, place));
    };
    this.crop = { ...this.crop, left: at(event.clientX, left), top: at(event.clientY, top) };
  }

  /** A draw as training makes it: a place, a side, and three normal numbers. */
  #random() {
    const place = () => Math.floor(Math.random() * PLACES);
    this.crop = { left: place(), top: place(), mirrored: Math.random() < 0.5 };
    this.draws = [0, 0, 0].map(() => {
      const draw = Number((DEVIATION * normal(Math.random)).toFixed(2));
      return Math.min(STRONGEST, Math.max(-STRONGEST, draw));
    });
  }
}

customElements.define('augmentation-step', AugmentationStep);
