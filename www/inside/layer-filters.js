// The filters of a layer: those that read the photo in colour, as in the paper's
// Figure 3, deeper ones a slice at a time; and how their weights are spread.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { engine } from '../engine.js';
import { count, figure, t } from '../i18n/index.js';
import { filterPicture } from './filter-picture.js';
import './filter-sheet.js';
import { filterText, histogramText, inputText } from './filter-text.js';
import { latest } from './latest.js';
import { insideStyles } from './styles.js';
import { towersOf } from './towers.js';
import { bar, histogramOf } from './weight-histogram.js';

class LayerFilters extends Component {
  static properties = {
    layer: { attribute: false },
    layers: { attribute: false },
    seen: { attribute: false },
    slice: { state: true }, // the input channel in view
    row: { state: true }, // the unit in view, of a fully connected layer
    chosen: { state: true }, // the filter, or the input of that unit, that is told in words
    weights: { state: true }, // { layer, row, values, colours }
  };

  static styles = [
    Component.styles,
    insideStyles,
    css`
      .pictures {
        display: flex;
        flex-wrap: wrap;
        gap: 1rem 2rem;
      }
      figure {
        flex: 1 1 20rem;
        min-width: 0;
        max-width: calc(var(--columns) * 2.75rem);
      }
      figcaption {
        margin-bottom: 0.3rem;
        color: var(--muted);
        font-size: 0.85rem;
      }
      .told {
        min-height: 2.9em; /* two lines: what stands below stays where it is */
        font-size: 0.9rem;
        font-variant-numeric: tabular-nums;
      }
      .histogram {
        display: block;
        width: min(28rem, 100%);
        height: 7rem;
      }
      .histogram rect {
        fill: var(--accent);
      }
      .ends {
        display: flex;
        justify-content: space-between;
        width: min(28rem, 100%);
        color: var(--muted);
        font-size: 0.8rem;
        font-variant-numeric: tabular-nums;
      }
      .box {
        width: 6rem;
        padding: 0.3em 0.5em;
      }
    `,
  ];

  constructor() {
    super();
    this.slice = this.row = 0;
    this.weights = this.chosen = null;
  }

  willUpdate(changed) {
    if (changed.has('layer') && changed.get('layer')?.name !== this.layer.name) {
      this.slice = this.row = 0;
      this.chosen = null;
    }
    if (changed.has('layer') || changed.has('seen') || (changed.has('row') && this.#isLinear)) {
      this.#read(this.layer, this.row);
    }
  }

  get #isLinear() {
    return this.layer.kind === 'linear';
  }

  #read = latest(this, async (layer, row) => {
    // A fully connected layer may have more weights than a page should hold: one row of them.
    const [first, taken] = layer.kind === 'linear' ? [row, 1] : [0, layer.shape.at(-1)];
    const values = await engine.layerParameter(`${layer.name}.weight`, first, taken);
    const colours = this.#inputs(layer) === 3 ? await engine.inputColours() : null;
    this.weights = { layer, row, values, colours };
  });

  /** How many channels each filter of a convolution reads. */
  #inputs(layer) {
    const source = this.layers.find(({ name }) => name === layer.inputs[0]);
    return source.shape.at(-1) / (layer.groups ?? 1);
  }

  render() {
    const { layer, weights } = this;
    if (weights?.layer !== layer) return nothing;
    return html`${this.#isLinear ? this.#row() : this.#filters()} ${this.#histogram(weights.values)}`;
  }

  #filters() {
    const { layer, weights, slice } = this;
    const channels = this.#inputs(layer);
    const isColour = weights.colours && channels === 3;
    const towers = towersOf(this.layers, layer);
    const units = layer.shape.at(-1);
    const maps = { kernel: layer.kernel, channels };
    const size = weights.values.length / units; // of one filter
    const sheets = Array.from({ length: towers }, (_, tower) => {
      const first = (tower * units) / towers;
      const part = weights.values.subarray(first * size, (first + units / towers) * size);
      return { first, picture: filterPicture(part, maps, isColour ? weights.colours : slice, units / towers) };
    });
    const { chosen: unit } = this;
    const own = unit === null ? null : weights.values.subarray(unit * size, (unit + 1) * size);
    const colours = isColour ? weights.colours : null;
    return html`${isColour ? nothing : this.#slices(channels)}
      <div class="pictures">
        ${sheets.map(({ first, picture }, tower) => this.#sheet(picture, first, tower, towers, isColour))}
      </div>
      ${this.#told(own && filterText(own, { unit, kernel: layer.kernel, slice, colours }))}
      <p class="note">${t(isColour ? 'inside.filters.colour' : 'inside.filters.slice')}</p>
      ${isColour && towers === 2 ? html`<p class="note">${t('inside.filters.figure3')}</p>` : nothing}`;
  }

  /** The filter in view in words. */
  #told(text) {
    return html`<p class="told" role="status">${text ?? ''}</p>`;
  }

  #slices(channels) {
    if (channels === 1) return nothing;
    return html`<label class="field">
      <span>${t('inside.channel')} <output>${count(this.slice)}</output></span>
      <input
        type="range"
        min="0"
        max=${channels - 1}
        .value=${String(this.slice)}
        @input=${(event) => (this.slice = event.target.valueAsNumber)}
      />
    </label>`;
  }

  #sheet(picture, first, tower, towers, isColour) {
    const { layer, chosen, slice } = this;
    const range = { layer: layer.name, first, last: first + picture.units - 1, channel: slice };
    const label = t(isColour ? 'inside.filters.label' : 'inside.filters.slice.label', range);
    const isHere = chosen !== null && chosen >= first && chosen <= range.last;
    return html`<figure style="--columns: ${picture.columns}">
      <figcaption>
        ${towers === 2 ? t('inside.filters.tower', { ...range, tower: tower + 1 }) : label}
      </figcaption>
      <filter-sheet
        .picture=${picture}
        .at=${isHere ? chosen - first : -1}
        label=${label}
        hint=${t('inside.filters.keys', range)}
        @point=${({ detail }) => (this.chosen = first + detail)}
        @choose=${({ detail }) => this.dispatchEvent(new CustomEvent('choose', { detail: first + detail }))}
      ></filter-sheet>
    </figure>`;
  }

  /** A unit of a fully connected layer and its weights, map by map if it reads maps. */
  #row() {
    const { layer, layers, weights, row } = this;
    const source = layers.find(({ name }) => name === layer.inputs[0]);
    const maps = source.kind === 'flatten' && layers.find(({ name }) => name === source.inputs[0]).shape;
    const kernel = maps && maps[0] > 1 ? maps.slice(0, 2) : [1, 1];
    const channels = weights.values.length / (kernel[0] * kernel[1]);
    // Each input map is a tile, as if it were a filter of one channel.
    const picture = filterPicture(weights.values, { kernel, channels: 1 }, 0, channels);
    const { chosen: at } = this;
    const size = kernel[0] * kernel[1];
    const own = at === null ? null : weights.values.subarray(at * size, (at + 1) * size);
    const label = t('inside.filters.row.label', { layer: layer.name, unit: row, count: count(weights.values.length) });
    return html`<label class="controls">
        ${t('inside.table.unit')}
        <input
          class="box"
          type="number"
          min="0"
          max=${layer.shape.at(-1) - 1}
          .value=${String(row)}
          @change=${({ target }) => {
            const wanted = Math.round(target.valueAsNumber) || 0;
            this.row = Math.min(Math.max(wanted, 0), layer.shape.at(-1) - 1);
            target.value = this.row;
          }}
        />
      </label>
      <div class="pictures">
        <figure style="--columns: ${picture.columns}">
          <filter-sheet
            .picture=${picture}
            .at=${at ?? -1}
            label=${label}
            hint=${t('inside.filters.row.keys')}
            @point=${({ detail }) => (this.chosen = detail)}
          ></filter-sheet>
        </figure>
      </div>
      ${this.#told(own && inputText(own, { channel: at, kernel }))}
      <p class="note">${t(kernel[0] > 1 ? 'inside.filters.row.maps' : 'inside.filters.row')}</p>`;
  }

  #histogram(values) {
    const { bins, most, reach } = histogramOf(values);
    const text = histogramText(values);
    return html`<h4>${t('inside.histogram.title')}</h4>
      <div>
        <svg class="histogram" viewBox="0 0 ${bins.length} 100" preserveAspectRatio="none" role="img" aria-label=${text}>
          ${bins.map((bin, at) => bar(at, (100 * bin) / most))}
        </svg>
        <p class="ends" aria-hidden="true"><span>${figure(-reach)}</span><span>0</span><span>${figure(reach)}</span></p>
      </div>
      <p class="note">${text}</p>`;
  }
}

customElements.define('layer-filters', LayerFilters);
