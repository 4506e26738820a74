// Real values of the photo: those that a layer of the loaded network has at a
// place which is chosen on the picture.
import { html } from 'lit';
import { engine } from '../engine.js';
import { count, t } from '../i18n/index.js';
import { getState, selectedPhoto } from '../store.js';
import '../components/picture-crop.js';
import { PhotoWork } from './photo-work.js';

export class PhotoPlace extends PhotoWork {
  heading = false;

  #layer;
  #size;
  #take;

  /**
   * @param {import('./paper-step.js').PaperStep} host
   * @param {object} wanted
   * @param {(layers: import('../engine.js').LayerInfo[]) => string | undefined} wanted.layer
   *   the layer to read, by name
   * @param {{ side: number, channels: number }} wanted.size
   * @param {(values: number[]) => void} wanted.take gets them: [row, column, channel]
   */
  constructor(host, { layer, size, take }) {
    super(host);
    this.#layer = layer;
    this.#size = size;
    this.#take = take;
  }

  get button() {
    return t('paper.photo.values');
  }

  isPossible(layers) {
    return this.#layer(layers) !== undefined;
  }

  async ask(progress) {
    await engine.inspect('', progress);
    const { layers } = getState().model;
    const name = this.#layer(layers);
    const { shape } = layers.find((layer) => layer.name === name);
    const values = await engine.layerValues(name);
    // To begin with, where the layer sees most.
    let best = 0;
    for (let at = 1; at < values.length; at += 1) if (values[at] > values[best]) best = at;
    const [, width, channels] = shape;
    const middle = (at, size) => at - Math.floor(size / 2);
    const { side, channels: wide } = this.#size;
    this.result = { shape, values, row: 0, column: 0, channel: 0 };
    this.#move({
      row: middle(Math.floor(best / channels / width), side),
      column: middle(Math.floor(best / channels) % width, side),
      channel: middle(best % channels, wide),
    });
    return this.result;
  }

  /** The highest row, column and channel that a place can begin with. */
  get #ends() {
    const [height, width, channels] = this.result.shape;
    const { side, channels: wide } = this.#size;
    return { row: height - side, column: width - side, channel: channels - wide };
  }

  #move(place) {
    for (const [name, end] of Object.entries(this.#ends)) {
      this.result[name] = Math.min(end, Math.max(0, place[name] ?? this.result[name]));
    }
    const { shape, values, row, column, channel } = this.result;
    const { side, channels } = this.#size;
    const taken = [];
    for (let y = row; y < row + side; y += 1) {
      for (let x = column; x < column + side; x += 1) {
        const start = (y * shape[1] + x) * shape[2] + channel;
        taken.push(...values.subarray(start, start + channels));
      }
    }
    this.#take(taken);
    this.host.requestUpdate();
  }

  show() {
    const { shape, row, column } = this.result;
    const [height, width] = shape;
    const { side } = this.#size;
    const press = ({ offsetX, offsetY, currentTarget: { clientWidth, clientHeight } }) =>
      this.#move({
        column: Math.round((offsetX / clientWidth) * width - side / 2),
        row: Math.round((offsetY / clientHeight) * height - side / 2),
      });
    return html`<div class="place">
      <div class="photo" @click=${press}>
        <picture-crop .crop=${selectedPhoto().result.crop}></picture-crop>
        <i
          class="frame"
          style="--x: ${column / width}; --y: ${row / height}; --width: ${side / width}; --height: ${side / height}"
        ></i>
      </div>
      <div class="controls">
        ${Object.entries(this.#ends).map(([name, end]) =>
          this.host.slider(
            t('paper.photo.axis', { name, channels: this.#size.channels }),
            { min: 1, max: end + 1, step: 1, value: this.result[name] + 1, text: count(this.result[name] + 1) },
            (value) => this.#move({ [name]: value - 1 }),
          ),
        )}
        <p class="note">
          ${t('paper.photo.layer', { layer: this.#layer(getState().model.layers), shape: shape.join(' × ') })}
        </p>
      </div>
    </div>`;
  }
}
