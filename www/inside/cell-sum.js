// One value of a layer, and the sum that made it: the input under the kernel
// times its weights, the winner of a pool, a formula with its numbers.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { count, figure, t } from '../i18n/index.js';
import { activationAfter, formulaOf, isWeighted, ownIndex, slice, sumsByChannel } from './cell-parts.js';
import { reach } from './diverging.js';
import { placesOf } from './input-place.js';
import './input-window.js';
import './places-table.js';
import './product-table.js';
import { insideStyles } from './styles.js';
import './value-reader.js';

const FEW = 4; // channels that are all shown at once

class CellSum extends Component {
  static properties = {
    cell: { attribute: false },
    layers: { attribute: false },
    seen: { attribute: false }, // the photo, if the maps that are read are to be shown
    bars: { attribute: false }, // how many of each sign
    channel: { state: true }, // whose slice is shown; null: the one that adds most
  };

  static styles = [
    Component.styles,
    insideStyles,
    css`
      :host {
        align-content: start;
        grid-template-columns: none;
        min-width: 0;
      }
      .formula {
        font-size: 1.02rem;
        font-variant-numeric: tabular-nums;
        text-wrap: pretty;
      }
      .formula strong {
        font-weight: 700;
      }
      .product {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 0.75rem;
      }
      .bars {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr));
        align-items: start;
        justify-items: start;
        gap: 0.5rem 2rem;
      }
      .bars td {
        padding: 0.1rem 0.6rem 0.1rem 0;
        white-space: nowrap;
      }
      .bars th {
        padding-right: 0.6rem;
      }
      .bars .track {
        width: 6rem;
        padding: 0;
      }
      .bar {
        display: block;
        width: calc(100% * var(--share));
        min-width: 1px;
        height: 0.7rem;
        background: var(--tone);
      }
    `,
  ];

  constructor() {
    super();
    this.channel = null;
    this.bars = 6;
  }

  willUpdate(changed) {
    const before = changed.get('cell');
    if (before && before.layer !== this.cell.layer) this.channel = null;
  }

  render() {
    const { cell } = this;
    return html`<p class="formula">${formulaOf(cell)}${this.#after()}</p>
      ${isWeighted(cell)
        ? html`${this.#weighted(cell)}
            <product-table .cell=${cell} .layers=${this.layers}></product-table>`
        : this.#plain(cell)}`;
  }

  /** What the activation that follows makes of it. */
  #after() {
    const { cell, layers } = this;
    const next = layers && activationAfter(layers, cell);
    if (!next) return nothing;
    return t('inside.then', { kind: next.kind, value: figure(next.value) });
  }

  #weighted(cell) {
    const { channels } = cell;
    const places = cell.x.length / channels;
    const sums = sumsByChannel(cell);
    const strongest = furthest(sums);
    if (places === 1) {
      return html`${cell.kind === 'conv2d' ? this.#window(cell, cell.firstChannel + strongest) : nothing}
      ${this.#bars(cell, sums)}`;
    }
    if (channels <= FEW) return Array.from({ length: channels }, (_, at) => this.#product(cell, sums, at));
    const channel = Math.min(this.channel ?? strongest, channels - 1);
    return html`<label class="field">
        <span>${t('inside.channel')} <output>${this.#name(cell, channel)}</output></span>
        <input
          type="range"
          min="0"
          max=${channels - 1}
          .value=${String(channel)}
          aria-valuetext=${this.#name(cell, channel)}
          @input=${(event) => (this.channel = event.target.valueAsNumber)}
        />
      </label>
      ${this.#product(cell, sums, channel)} ${this.#bars(cell, sums)}`;
  }

  #name({ firstChannel }, channel) {
    return count(firstChannel + channel);
  }

  /** The slice of one channel: input × weight = product. */
  #product(cell, sums, channel) {
    const columns = columnsOf(cell);
    const x = slice(cell.x, cell.channels, channel);
    const weight = slice(cell.weight, cell.channels, channel);
    const product = x.map((value, at) => value * weight[at]);
    const name = this.#name(cell, channel);
    const grid = (key, values, scale, sign) => {
      const title = t(`inside.grid.${key}`);
      return { name: title, label: t('inside.grid.label', { name: title, channel: name }), values, scale, sign };
    };
    const tell = (at) =>
      t('inside.product.at', {
        channel: name,
        row: Math.floor(at / columns),
        column: at % columns,
        x: figure(x[at]),
        weight: figure(weight[at]),
        product: figure(product[at]),
      });
    return html`<div class="product">
      ${this.#window(cell, cell.firstChannel + channel)}
      <value-reader
        .grids=${[
          grid('input', x, reach(cell.x), ''),
          grid('weight', weight, reach(cell.weight), '×'),
          grid('product', product, reach(product), '='),
        ]}
        .columns=${columns}
        .first=${furthest(product)}
        .tell=${tell}
        label=${t('inside.product.label', { channel: name })}
      ></value-reader>
      <p>${t('inside.channel.sum', { channel: name, sum: figure(sums[channel]) })}</p>
    </div>`;
  }

  #window(cell, channel) {
    if (!this.seen) return nothing;
    return html`<input-window
      .cell=${cell}
      .channel=${channel}
      .layers=${this.layers}
      .seen=${this.seen}
    ></input-window>`;
  }

  /** The channels that add most and those that take most. */
  #bars(cell, sums) {
    const order = [...sums.keys()].sort((one, other) => sums[other] - sums[one]);
    const most = reach(sums) || 1;
    const up = order.slice(0, this.bars).filter((at) => sums[at] > 0);
    const down = order.reverse().slice(0, this.bars).filter((at) => sums[at] < 0);
    return html`<div class="bars">
      ${this.#side('positive', up, cell, sums, most)} ${this.#side('negative', down, cell, sums, most)}
    </div>`;
  }

  #side(sign, channels, cell, sums, most) {
    if (channels.length === 0) return nothing;
    const single = cell.x.length === cell.channels;
    const place = placesOf(cell, this.layers);
    const isPlace = place(0).layer !== null;
    return html`<table style="--tone: ${sign === 'positive' ? 'var(--accent)' : 'var(--attention)'}">
      <thead>
        <tr>
          <th scope="col">${t(isPlace ? 'inside.bars.place' : 'inside.bars.channel')}</th>
          <th scope="col" colspan="2">${t(`inside.bars.${sign}`)}</th>
          ${single ? html`<th scope="col">${t('inside.bars.product')}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${channels.map(
          (at) =>
            html`<tr>
              <td>
                ${isPlace
                  ? this.#link(place(at))
                  : single
                    ? this.#name(cell, at)
                    : html`<button @click=${() => (this.channel = at)}>${this.#name(cell, at)}</button>`}
              </td>
              <td class="number">${figure(sums[at])}</td>
              <td class="track"><i class="bar" style="--share: ${Math.abs(sums[at]) / most}"></i></td>
              ${single ? html`<td>${figure(cell.x[at])} × ${figure(cell.weight[at])}</td>` : nothing}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /** An input of flattened maps: the way to its cell. */
  #link({ layer, channel: unit, row, column }) {
    const detail = { layer, unit, row, column };
    return html`<button
      aria-label=${t('inside.bars.open', detail)}
      @click=${() => this.dispatchEvent(new CustomEvent('go', { detail, bubbles: true, composed: true }))}
    >
      ${unit}, ${row}, ${column}
    </button>`;
  }

  /** Layers without weights: what they read. */
  #plain(cell) {
    const { x, channels } = cell;
    if (x.length < 2 || channels > 64) return nothing;
    const isAcross = channels > 1; // neighbours of a normalisation, or the values of a sum
    const columns = isAcross ? channels : columnsOf(cell);
    const mark = cell.winner ?? (cell.norm ? ownIndex(cell) : -1);
    const label = t(isAcross ? 'inside.grid.channels' : 'inside.grid.window', {
      first: cell.firstChannel,
      last: cell.firstChannel + channels - 1,
    });
    const tell = (at) => {
      const place = { row: Math.floor(at / columns), column: at % columns, value: figure(x[at]) };
      if (Number.isNaN(x[at])) return t('inside.window.beyond', place);
      if (!isAcross) return t('inside.window.at', place);
      return t('inside.channel.sum', { channel: count(cell.firstChannel + (at % channels)), sum: place.value });
    };
    return html`<div class="product">
        ${cell.kind === 'add' ? nothing : this.#window(cell, isAcross ? cell.position[2] : cell.firstChannel)}
        <value-reader
          .grids=${[{ name: label, label, values: x, scale: reach(x), mark }]}
          .columns=${columns}
          .first=${mark >= 0 ? mark : furthest(x)}
          .tell=${tell}
          label=${t('inside.window.reader')}
        ></value-reader>
      </div>
      ${columns > 5 ? html`<places-table .values=${x} .columns=${columns}></places-table>` : nothing}`;
  }
}

const columnsOf = ({ window, dilation }) => Math.ceil((window.right - window.left) / dilation[1]);

/** The index of the value that is furthest from 0. */
function furthest(values) {
  let most = 0;
  for (let at = 1; at < values.length; at += 1) {
    if (Math.abs(values[at]) > (Math.abs(values[most]) || 0)) most = at; // not a number beyond the map
  }
  return most;
}

customElements.define('cell-sum', CellSum);
