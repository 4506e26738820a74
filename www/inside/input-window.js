// A map that a layer reads, and on it the window that a cell of the layer was made
// from: it moves as another cell is chosen.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { frameStyles } from '../components/frame.styles.js';
import { engine } from '../engine.js';
import { t } from '../i18n/index.js';
import { paint } from '../pixels.js';
import { slice } from './cell-parts.js';
import { divergingPicture, reach } from './diverging.js';
import { latest } from './latest.js';

/** Of a photo the values of the layer that was read last: its maps are asked for one by one. */
const last = new WeakMap();

function valuesOf(seen, layer) {
  if (last.get(seen)?.layer !== layer) {
    const values = engine.layerValues(layer);
    last.set(seen, { layer, values });
    values.catch(() => last.delete(seen));
  }
  return last.get(seen).values;
}

class InputWindow extends Component {
  static properties = {
    cell: { attribute: false },
    channel: { attribute: false }, // of the layer that is read
    layers: { attribute: false },
    seen: { attribute: false },
    map: { state: true }, // { layer, channel, seen, values }
  };

  static styles = [
    Component.styles,
    frameStyles,
    css`
      figure {
        display: grid;
        gap: 0.2rem;
        width: 9rem;
      }
      figcaption {
        color: var(--muted);
        font-size: 0.8rem;
        overflow-wrap: anywhere;
      }
      div {
        position: relative;
        overflow: hidden;
      }
      canvas {
        display: block;
        width: 100%;
        image-rendering: pixelated;
      }
      .frame {
        min-width: 3px;
        min-height: 3px;
        outline-color: var(--attention);
        box-shadow: 0 0 0 3px #000c;
      }
    `,
  ];

  constructor() {
    super();
    this.map = null;
  }

  /** The layer that is read, if that is one of maps. */
  get #source() {
    const { cell, layers } = this;
    const source = layers.find(({ name }) => name === cell.inputs[cell.input]);
    return source?.shape.length === 3 && source.shape[0] * source.shape[1] > 1 ? source : null;
  }

  willUpdate() {
    const { seen, channel, map } = this;
    const layer = this.#source;
    const isNow = map?.layer === layer && map.channel === channel && map.seen === seen;
    if (layer && seen && !isNow) this.#read(seen, layer, channel);
  }

  updated(changed) {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas || !changed.has('map')) return;
    const { layer, values } = this.map;
    paint(canvas, divergingPicture(values, layer.shape[1], reach(values)));
  }

  #read = latest(this, async (seen, layer, channel) => {
    const values = slice(await valuesOf(seen, layer.name), layer.shape[2], channel);
    this.map = { seen, layer, channel, values };
  });

  render() {
    const { cell, map } = this;
    if (!map || map.layer !== this.#source) return nothing;
    const [high, wide] = map.layer.shape;
    const { top, left, bottom, right } = cell.window;
    const clip = (at, size) => Math.min(Math.max(at, 0), size) / size;
    const [x, y] = [clip(left, wide), clip(top, high)];
    const text = t('inside.window.map', { unit: map.channel, layer: map.layer.name });
    const where = t('inside.window.label', { top, left, bottom: bottom - 1, right: right - 1 });
    return html`<figure>
      <figcaption>${text}</figcaption>
      <div>
        <canvas role="img" aria-label="${text}. ${where}" width=${wide} height=${high}></canvas>
        <i class="frame" style="--x: ${x}; --y: ${y}; --width: ${clip(right, wide) - x}; --height: ${clip(bottom, high) - y}"></i>
      </div>
    </figure>`;
  }
}

customElements.define('input-window', InputWindow);
