// The maps of a layer in the loaded network and in its variants, side by side:
// the same units in each, those that the network as it is answers most with.
import { html, nothing } from 'lit';
import { transfer } from 'comlink';
import { engine } from '../engine.js';
import { count, percent, t } from '../i18n/index.js';
import { getState } from '../store.js';

const [COLUMNS, ROWS] = [6, 4];
const WIDTH = 640; // of a canvas, in pixels, about

/**
 * @typedef {object} Shown
 * @property {(layers: import('../engine.js').LayerInfo[]) => import('../engine.js').LayerInfo[]} layers
 *   those that can be looked at
 * @property {boolean} [towers] the upper half of a mosaic is of the first tower's maps
 * @property {Record<string, (value: number) => boolean>} [flat] by variant: whether the slope
 *   of the activation that gave this value is next to nothing
 */

export class PhotoMaps {
  #host;
  #wanted;
  #variants = [];
  #layer = null;

  /**
   * @param {import('./paper-step.js').PaperStep} host
   * @param {Shown} wanted
   */
  constructor(host, wanted) {
    this.#host = host;
    this.#wanted = wanted;
  }

  /** Layers of maps, not of single units. */
  get #layers() {
    return this.#wanted.layers(getState().model.layers).filter(({ shape }) => shape.length === 3);
  }

  /** @param {Record<string, string>} variants by name their changes, which stay open until `close` */
  async open(variants) {
    for (const [name, changes] of Object.entries(variants)) {
      const canvas = document.createElement('canvas');
      canvas.setAttribute('role', 'img');
      const offscreen = canvas.transferControlToOffscreen();
      const id = await engine.addCanvas(transfer(offscreen, [offscreen]));
      this.#variants.push({ name, changes, canvas, id });
    }
    const { name } = this.#layers.find((layer) => layer.name === this.#layer?.name) ?? this.#layers[0];
    await this.#look(name);
  }

  close() {
    for (const { id, changes } of this.#variants) {
      engine.removeCanvas(id);
      if (changes) engine.forgetChanges(changes);
    }
    this.#variants = [];
  }

  async #look(name) {
    const layer = this.#layers.find((candidate) => candidate.name === name);
    const [height, width, units] = layer.shape;
    const order = this.#order((await engine.layerStatistics(name)).mean, units);
    const gap = Math.max(1, Math.round(width / 30));
    const rows = Math.ceil(order.length / COLUMNS);
    const view = { left: 0, top: 0, width: COLUMNS * (width + gap) - gap, height: rows * (height + gap) - gap };
    const pixels = Math.max(1, Math.round(WIDTH / view.width));
    for (const variant of this.#variants) {
      const { name: variantName, changes, canvas, id } = variant;
      const { largest } = await engine.layerStatistics(name, changes);
      variant.largest = Math.max(...order.map((unit) => largest[unit]));
      const isFlat = this.#wanted.flat?.[variantName];
      if (isFlat) {
        const values = await engine.layerValues(name, changes);
        variant.flat = values.filter(isFlat).length / values.length;
      }
      const size = { width: view.width * pixels, height: view.height * pixels };
      const mosaic = { layer: name, order, scale: variant.largest || 1, columns: COLUMNS, gap, view, ...size };
      await engine.drawMosaic(id, mosaic, changes);
      canvas.setAttribute('aria-label', t('paper.maps.drawing', { count: order.length, layer: name }));
    }
    this.#layer = layer;
    this.#host.requestUpdate();
  }

  /** The units to show: the strongest on average, of each tower as many. */
  #order(mean, units) {
    const strongest = (from, to, number) =>
      Array.from({ length: to - from }, (_, at) => from + at)
        .sort((one, other) => mean[other] - mean[one])
        .slice(0, number);
    const all = COLUMNS * ROWS;
    if (!this.#wanted.towers) return strongest(0, units, all);
    return [...strongest(0, units / 2, all / 2), ...strongest(units / 2, units, all / 2)];
  }

  show() {
    if (!this.#layer) return nothing;
    const choose = ({ target }) => this.#look(target.value).catch(() => {}); // another network has come
    const shape = (layer) => `${layer.name}, ${layer.shape.join(' × ')}`;
    return html`<div class="controls">
        <label class="field">
          <span>${t('paper.maps.layer')}</span>
          <select class="box" @change=${choose}>
            ${this.#layers.map(
              (layer) => html`<option value=${layer.name} ?selected=${layer.name === this.#layer.name}>${shape(layer)}</option>`,
            )}
          </select>
        </label>
        <p class="note">${t('paper.maps.note', { towers: this.#wanted.towers ? 'yes' : 'no' })}</p>
      </div>
      <div class="maps">
        ${this.#variants.map(
          ({ name, canvas, largest, flat }) => html`<figure>
            ${canvas}
            <figcaption>
              <b>${t('paper.photo.variant', { name })}</b>
              <span>${t('paper.maps.largest', { value: count(Number(largest.toPrecision(3))) })}</span>
              ${flat === undefined ? nothing : html`<span>${t('paper.maps.flat', { name, share: percent(flat, 0) })}</span>`}
            </figcaption>
          </figure>`,
        )}
      </div>`;
  }
}
