// All maps of a layer in one mosaic, drawn from the GPU's own buffer. Arrow keys
// or the mouse go from map to map, under a magnifier; a click or Enter opens one.
import { html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { frameStyles } from '../components/frame.styles.js';
import { engine } from '../engine.js';
import { figure, t } from '../i18n/index.js';
import { latest } from './latest.js';
import { mosaicStyles } from './map-mosaic.styles.js';
import { fitsRows, mosaicLayout, tileBox } from './mosaic-layout.js';
import { offscreen } from './offscreen.js';
import { STEPS } from './steps.js';
import './strongest-units.js';
import { insideStyles } from './styles.js';
import { towersOf } from './towers.js';

const LENS = 168; // pixels
const MOST_PIXELS = 8192; // of a side: WebGPU's default limit of a texture

class MapMosaic extends Component {
  static properties = {
    layer: { attribute: false },
    layers: { attribute: false },
    seen: { attribute: false },
    unit: { attribute: false }, // the open one
    scale: { state: true },
    sort: { state: true },
    tiles: { state: true }, // of two towers: 'rows', one for each, or 'large'
    tile: { state: true },
    shown: { state: true }, // what is drawn: { layer, statistics, order, scale, layout, towers, most, fits }
  };

  static styles = [Component.styles, frameStyles, insideStyles, mosaicStyles];

  #maps = offscreen(() => this.renderRoot.querySelector('.mosaic > canvas'));
  #lens = offscreen(() => this.renderRoot.querySelector('.lens canvas'));
  #resized = new ResizeObserver(() => this.#draw());
  #early = []; // keys pressed before the maps were drawn

  constructor() {
    super();
    this.scale = 'unit';
    this.sort = 'number';
    this.tiles = 'rows';
    this.tile = 0;
    this.shown = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#maps.close();
    this.#lens.close();
  }

  firstUpdated() {
    this.#resized.observe(this.renderRoot.querySelector('.mosaic'));
  }

  willUpdate(changed) {
    if (changed.has('layer') || changed.has('sort')) this.tile = 0;
    if (changed.has('layer')) this.#early = [];
  }

  updated(changed) {
    if (['layer', 'seen', 'scale', 'sort', 'tiles'].some((name) => changed.has(name))) this.#draw();
    if (changed.has('tile') || changed.has('shown')) this.#magnify();
    if (this.#isNow) for (const key of this.#early.splice(0)) this.#act(key);
  }

  /** Whether what is drawn is of the layer in view. */
  get #isNow() {
    return this.shown?.layer === this.layer;
  }

  get #size() {
    const { shape } = this.layer;
    return { map: shape.length === 3 ? shape.slice(0, 2) : [1, 1], count: shape.at(-1) };
  }

  /** Of single values, each on its own scale would tell nothing. */
  get #scale() {
    return this.scale === 'unit' && this.#size.map[1] === 1 ? 'layer' : this.scale;
  }

  #draw = latest(this, async () => {
    const { layer, layers, seen } = this;
    const box = this.renderRoot.querySelector('.mosaic').getBoundingClientRect();
    if (box.width === 0) return;
    const statistics = await engine.layerStatistics(layer.name);
    const { map, count: units } = this.#size;
    const towers = towersOf(layers, layer);
    const maps = { count: units, towers, map };
    const layout = mosaicLayout(maps, {
      width: box.width,
      height: Math.max(280, innerHeight * 0.45),
      large: this.tiles === 'large',
    });
    const order = [...statistics.mean.keys()];
    const tower = (unit) => Math.floor((unit * towers) / units);
    if (this.sort === 'activity') {
      const { mean } = statistics;
      order.sort((one, other) => tower(one) - tower(other) || mean[other] - mean[one]);
    }
    const most = Math.max(...statistics.largest);
    const scale = await this.#scaleOf(order, statistics, most);
    const highest = (MOST_PIXELS * layout.width) / layout.height;
    const width = Math.floor(Math.min(box.width * devicePixelRatio, MOST_PIXELS, highest));
    await engine.drawMosaic(await this.#maps.id(), {
      layer: layer.name,
      order,
      scale,
      columns: layout.columns,
      gap: layout.gap,
      view: { left: 0, top: 0, width: layout.width, height: layout.height },
      width,
      height: Math.max(1, Math.round((width * layout.height) / layout.width)),
    });
    if (layer !== this.layer || seen !== this.seen) return; // is asked for by now
    this.shown = { layer, statistics, order, scale, layout, towers, most, fits: fitsRows(maps, box.width) };
  });

  async #scaleOf(order, { largest }, most) {
    if (this.#scale === 'unit') return order.map((unit) => largest[unit]);
    if (this.#scale === 'layer') return most;
    return (this.seen.largest ??= largestOf(this.layers));
  }

  #magnify = latest(this, async () => {
    const { shown, tile } = this;
    if (!shown || shown.layer !== this.layer) return;
    const { map } = this.#size;
    if (map[1] === 1) return;
    const size = Math.round(LENS * devicePixelRatio);
    await engine.drawMosaic(await this.#lens.id(), {
      layer: shown.layer.name,
      order: [shown.order[tile]],
      scale: shown.scale[tile] ?? shown.scale,
      columns: 1,
      gap: 0,
      view: { left: 0, top: 0, width: map[1], height: map[0] },
      width: size,
      height: Math.round((size * map[0]) / map[1]),
    });
  });

  render() {
    const { shown, unit, tile } = this;
    const { map, count: units } = this.#size;
    const isNow = this.#isNow;
    const chosen = isNow ? shown.order[tile] : null;
    const open = isNow && unit !== null ? shown.order.indexOf(unit) : -1;
    const values = { layer: this.layer.name, count: units, height: map[0], width: map[1] };
    return html`<div class="controls">
        ${this.#choices('scale', map[1] > 1 ? ['unit', 'layer', 'network'] : ['layer', 'network'])}
        ${this.#choices('sort', ['number', 'activity'])}
        ${isNow && shown.fits ? this.#choices('tiles', ['rows', 'large']) : nothing}
        ${this.#legend(isNow ? shown : null)}
      </div>
      <div
        class="mosaic"
        tabindex="0"
        role="application"
        aria-label=${t('inside.mosaic.label', values)}
        aria-busy=${String(!isNow)}
        style="--ratio: ${isNow ? shown.layout.width / shown.layout.height : 4}"
        @pointermove=${this.#point}
        @click=${this.#press}
        @keydown=${this.#key}
      >
        <canvas
          role="img"
          aria-label=${isNow
            ? t('inside.mosaic', { ...values, most: figure(shown.most) })
            : t('inside.drawing')}
        ></canvas>
        ${isNow && shown.towers === 2 ? html`<i class="tower" style="--y: 0.5"></i>` : nothing}
        ${isNow ? this.#outline(tile, '') : nothing} ${open >= 0 ? this.#outline(open, 'open') : nothing}
        <div class="lens ${this.#lensClasses(chosen, tile)}" style=${isNow ? this.#lensPlace(tile) : ''} aria-hidden="true">
          <canvas ?hidden=${map[1] === 1}></canvas>
          ${chosen === null ? nothing : this.#told(chosen)}
        </div>
      </div>
      <p class="visually-hidden" role="status">${chosen === null ? '' : this.#told(chosen)}</p>
      <p class="note">
        ${t(map[1] > 1 ? 'inside.mosaic.note' : 'inside.strip.note')}
        ${isNow && shown.towers === 2 ? t('inside.mosaic.towers') : nothing}
      </p>
      ${isNow
        ? html`<strongest-units
            .statistics=${shown.statistics}
            @choose=${({ detail }) => this.#choose(detail)}
          ></strongest-units>`
        : nothing}`;
  }

  #choices(name, all) {
    return html`<div class="choices" role="group" aria-label=${t(`inside.${name}`)}>
      <span>${t(`inside.${name}`)}</span>
      ${all.map(
        (choice) => html`<button
          class="button"
          aria-pressed=${(name === 'scale' ? this.#scale : this[name]) === choice}
          @click=${() => (this[name] = choice)}
        >
          ${t(`inside.${name}.${choice}`)}
        </button>`,
      )}
    </div>`;
  }

  #legend(shown) {
    if (!shown) return nothing;
    const isOne = typeof shown.scale === 'number';
    const [low, high] = isOne
      ? [figure(-shown.scale), figure(shown.scale)]
      : [t('inside.legend.negative'), t('inside.legend.positive')];
    return html`<p class="legend">${low} <i></i> ${high}</p>`;
  }

  #told(unit) {
    const { mean, largest } = this.shown.statistics;
    const { map } = this.#size;
    if (map[1] === 1) return t('inside.unit.value', { unit, value: figure(mean[unit]) });
    return t('inside.unit', { unit, mean: figure(mean[unit]), largest: figure(largest[unit]) });
  }

  #outline(tile, name) {
    const { x, y, width, height } = tileBox(this.shown.layout, this.#size.map, tile);
    return html`<i
      class="frame tile ${name}"
      style="--x: ${x}; --y: ${y}; --width: ${width}; --height: ${height}"
    ></i>`;
  }

  #lensPlace(tile) {
    const { x, y, height } = tileBox(this.shown.layout, this.#size.map, tile);
    return `--x: ${x}; --above: ${1 - y}; --below: ${y + height}`;
  }

  /** Above a tile of the lower half; not over the map that is open large. */
  #lensClasses(chosen, tile) {
    if (chosen === null || chosen === this.unit) return '';
    const { columns, rows } = this.shown.layout;
    return 2 * Math.floor(tile / columns) >= rows ? 'on up' : 'on';
  }

  #tileAt({ clientX, clientY }) {
    const { layout, order } = this.shown;
    const box = this.renderRoot.querySelector('.mosaic').getBoundingClientRect();
    const [high, wide] = this.#size.map;
    const place = (at, whole, step) => Math.floor((at * whole) / step);
    const column = place((clientX - box.left) / box.width, layout.width, wide + layout.gap);
    const row = place((clientY - box.top) / box.height, layout.height, high + layout.gap);
    const tile = row * layout.columns + Math.min(Math.max(column, 0), layout.columns - 1);
    return Math.min(Math.max(tile, 0), order.length - 1);
  }

  #point = (event) => {
    if (!this.#isNow) return;
    this.tile = this.#tileAt(event);
  };

  #press = (event) => {
    if (!this.#isNow) return;
    this.tile = this.#tileAt(event);
    this.#choose(this.shown.order[this.tile]);
  };

  #key = (event) => {
    const { key } = event;
    if (!(Object.hasOwn(STEPS, key) || ['Home', 'End', 'Enter', ' '].includes(key))) return;
    event.preventDefault();
    if (this.#isNow) this.#act(key);
    else this.#early.push(key);
  };

  #act(key) {
    const { order, layout } = this.shown;
    const ends = { Home: 0, End: order.length - 1 };
    if (Object.hasOwn(STEPS, key)) {
      const [down, right] = STEPS[key];
      const tile = this.tile + down * layout.columns + right; // at the end of a row, on in the next
      if (tile >= 0 && tile < order.length) this.tile = tile;
    } else if (Object.hasOwn(ends, key)) this.tile = ends[key];
    else this.#choose(order[this.tile]);
  }

  #choose(unit) {
    this.tile = this.shown.order.indexOf(unit);
    this.dispatchEvent(new CustomEvent('choose', { detail: unit }));
  }
}

/** The largest absolute value anywhere behind the input. */
async function largestOf(layers) {
  let most = 0;
  for (const { name, kind } of layers) {
    if (kind === 'input') continue;
    const { largest } = await engine.layerStatistics(name);
    most = largest.reduce((one, other) => Math.max(one, other), most);
  }
  return most;
}

customElements.define('map-mosaic', MapMosaic);
