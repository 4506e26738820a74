// One map large over what the network saw. The mouse or the arrow keys choose a
// cell of it; the part of the photo that the cell depends on is framed.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { frameStyles } from '../components/frame.styles.js';
import '../components/picture-crop.js';
import { engine } from '../engine.js';
import { figure, percent, t } from '../i18n/index.js';
import { paint } from '../pixels.js';
import './cell-sum.js';
import { divergingPicture, reach } from './diverging.js';
import { latest } from './latest.js';
import { STEPS } from './steps.js';
import { insideStyles } from './styles.js';

class LargeMap extends Component {
  static properties = {
    layer: { attribute: false },
    layers: { attribute: false },
    unit: { attribute: false },
    seen: { attribute: false },
    map: { state: true }, // { layer, unit, values, reach }
    cell: { state: true },
    opacity: { state: true },
    held: { state: true }, // a clicked cell stays, wherever the pointer goes
  };

  static styles = [
    Component.styles,
    frameStyles,
    insideStyles,
    css`
      :host {
        gap: 1rem 2rem;
        padding-top: 1rem;
        border-top: 1px solid var(--line);
      }
      .head {
        display: flex;
        align-items: baseline;
        justify-content: space-between;
        gap: 1rem;
        grid-column: 1 / -1;
      }
      .left {
        display: grid;
        gap: 0.6rem;
        align-content: start;
      }
      .photo {
        position: relative;
        overflow: hidden;
        width: min(30rem, 100%);
        cursor: crosshair;
        touch-action: pan-y;
      }
      .photo canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        opacity: var(--opacity);
      }
      .frame.sees {
        outline-color: #fff;
        box-shadow:
          0 0 0 3px #000c,
          0 0 0 100rem #0005;
      }
      .frame.cell {
        min-width: 3px;
        min-height: 3px;
        outline-color: #f59322;
        box-shadow: 0 0 0 3px #000c;
      }
      @media (min-width: 56rem) {
        :host {
          grid-template-columns: minmax(16rem, 0.42fr) minmax(0, 1fr);
        }
      }
    `,
  ];

  #chosen = null; // [row, column] asked for last: `cell` follows when the worker answers

  constructor() {
    super();
    this.opacity = 0.6;
    this.map = this.cell = null;
    this.held = false;
  }

  willUpdate(changed) {
    if (!['layer', 'unit', 'seen'].some((name) => changed.has(name))) return;
    this.#open(this.layer, this.unit, this.seen);
  }

  updated(changed) {
    if (!changed.has('map') || !this.map) return;
    const { values, reach: scale } = this.map;
    paint(this.renderRoot.querySelector('.photo > canvas'), divergingPicture(values, this.#size[1], scale));
  }

  get #size() {
    const { shape } = this.layer;
    return shape.length === 3 ? shape.slice(0, 2) : [1, 1];
  }

  #open = latest(this, async (layer, unit, seen) => {
    const values = await engine.mapValues(layer.name, unit);
    if (layer !== this.layer || unit !== this.unit) return;
    const { row, column } = this.#first(values, seen);
    this.held = false;
    this.map = { layer, unit, seen, values, reach: reach(values) };
    this.#choose(row, column);
  });

  /** Where the eye goes first: the chosen cell on a photo that changed, where a link led, the strongest. */
  #first(values, seen) {
    const { cell, map } = this;
    if (cell?.layer === this.layer.name && map?.seen !== seen) {
      return { row: cell.position[0], column: cell.position[1] };
    }
    const { place } = this.state;
    if (place?.layer === this.layer.name && place.unit === this.unit) return place;
    return this.#strongest(values);
  }

  #strongest(values) {
    const [high, wide] = this.#size;
    let best = 0;
    for (let at = 0; at < values.length; at += 1) if (values[at] > values[best]) best = at;
    return { row: Math.min(Math.floor(best / wide), high - 1), column: best % wide, value: figure(values[best]) };
  }

  #choose(row, column) {
    this.#chosen = [row, column];
    this.#ask(row, column);
  }

  #ask = latest(this, async (row, column) => {
    this.cell = await engine.cell(this.layer.name, row, column, this.unit);
  });

  render() {
    const { layer, unit, cell, opacity } = this;
    const [high, wide] = this.#size;
    const isMap = high * wide > 1;
    const mine = cell?.layer === layer.name && cell.position[2] === unit ? cell : null;
    return html`<div class="head">
        <h4>${t('inside.map', { unit, layer: layer.name })}</h4>
        <button class="button quiet" @click=${() => this.dispatchEvent(new CustomEvent('close'))}>
          ${t('inside.close')}
        </button>
      </div>
      <div class="left">
        <div
          class="photo"
          tabindex=${isMap ? 0 : nothing}
          role=${isMap ? 'application' : nothing}
          aria-label=${isMap ? t('inside.map.label', { height: high, width: wide }) : nothing}
          style="--opacity: ${isMap ? opacity : 0}"
          @pointermove=${(event) => !this.held && this.#point(event)}
          @click=${this.#press}
          @keydown=${this.#key}
        >
          <picture-crop .crop=${this.seen.crop}></picture-crop>
          <canvas
            width=${wide}
            height=${high}
            role="img"
            aria-label=${this.#label(isMap)}
          ></canvas>
          ${mine ? this.#frames(mine, isMap) : nothing}
        </div>
        ${isMap ? this.#slider(opacity) : nothing}
        <p role="status">${mine ? this.#told(mine, isMap) : ''}</p>
        ${isMap ? html`<p class="note">${t('inside.map.note')}</p>` : nothing}
      </div>
      ${mine ? html`<cell-sum .cell=${mine} .layers=${this.layers} .seen=${this.seen}></cell-sum>` : nothing}`;
  }

  /** The map in words. */
  #label(isMap) {
    const { layer, unit, map } = this;
    const name = t('inside.map', { unit, layer: layer.name });
    const isNow = map?.layer === layer && map.unit === unit;
    return isMap && isNow ? `${name}. ${t('inside.map.strongest', this.#strongest(map.values))}` : name;
  }

  #slider(opacity) {
    return html`<label class="field">
      <span>${t('inside.opacity')} <output>${percent(opacity, 0)}</output></span>
      <input
        type="range"
        min="0"
        max="1"
        step="0.05"
        .value=${String(opacity)}
        @input=${(event) => (this.opacity = event.target.valueAsNumber)}
      />
    </label>`;
  }

  #frames({ field, position: [row, column] }, isMap) {
    const [high, wide] = this.#size;
    const { width, height } = this.seen.crop;
    const clip = (at, size) => Math.min(Math.max(at, 0), size) / size;
    const box = field && {
      x: clip(field.left, width),
      y: clip(field.top, height),
      width: clip(field.right, width) - clip(field.left, width),
      height: clip(field.bottom, height) - clip(field.top, height),
    };
    return html`${box ? this.#frame('sees', box) : nothing}
    ${isMap
      ? this.#frame('cell', { x: column / wide, y: row / high, width: 1 / wide, height: 1 / high })
      : nothing}`;
  }

  #frame(name, { x, y, width, height }) {
    return html`<i
      class="frame ${name}"
      style="--x: ${x}; --y: ${y}; --width: ${width}; --height: ${height}"
    ></i>`;
  }

  #told({ position: [row, column], value, field }, isMap) {
    const values = { row, column, value: figure(value) };
    const sees = field
      ? t('inside.field', { height: field.bottom - field.top, width: field.right - field.left })
      : '';
    return `${isMap ? t('inside.cell', values) : t('inside.cell.only', values)} ${sees}`;
  }

  #cellAt({ clientX, clientY }) {
    const box = this.renderRoot.querySelector('.photo').getBoundingClientRect();
    const [high, wide] = this.#size;
    const place = (at, size) => Math.min(Math.max(Math.floor(at * size), 0), size - 1);
    return [
      place((clientY - box.top) / box.height, high),
      place((clientX - box.left) / box.width, wide),
    ];
  }

  #point(event) {
    const [row, column] = this.#cellAt(event);
    const [y, x] = this.#chosen ?? [];
    if (row !== y || column !== x) this.#choose(row, column);
  }

  #press = (event) => {
    const [row, column] = this.#cellAt(event);
    const [y, x] = this.#chosen ?? [];
    this.held = !(this.held && row === y && column === x);
    this.#point(event);
  };

  #key = (event) => {
    const step = STEPS[event.key];
    if (!step || !this.#chosen) return;
    event.preventDefault();
    const [high, wide] = this.#size;
    const [y, x] = this.#chosen;
    const [row, column] = [y + step[0], x + step[1]];
    if (row < 0 || row >= high || column < 0 || column >= wide) return;
    this.held = true;
    this.#choose(row, column);
  };
}

customElements.define('large-map', LargeMap);
