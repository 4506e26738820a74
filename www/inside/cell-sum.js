// One value of a layer, and the sum that made it: the input under the kernel
// times its weights, the winner of a pool, a formula with its numbers.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { count, figure, t } from '../i18n/index.js';
import { activationAfter, formulaOf, isWeighted, ownIndex, slice, sumsByChannel } from './cell-parts.js';
import { reach } from './diverging.js';
import { insideStyles } from './styles.js';
import './value-grid.js';

const FEW = 4; // channels that are all shown at once

class CellSum extends Component {
  static properties = {
    cell: { attribute: false },
    layers: { attribute: false },
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
      .product figure {
        display: grid;
        gap: 0.2rem;
      }
      figcaption {
        color: var(--muted);
        font-size: 0.8rem;
      }
      value-grid {
        min-width: 2.9rem;
      }
      .wide {
        width: 9rem;
      }
      .product > span {
        font-size: 1.3rem;
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
      ${isWeighted(cell) ? this.#weighted(cell) : this.#plain(cell)}`;
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
    if (places === 1) return this.#bars(cell, sums);
    if (channels <= FEW) return Array.from({ length: channels }, (_, at) => this.#product(cell, sums, at));
    const strongest = sums.reduce((best, sum, at) => (Math.abs(sum) > Math.abs(sums[best]) ? at : best), 0);
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
    const grid = (name, values, scale) => html`<figure class=${columns > 5 ? 'wide' : ''}>
      <figcaption>${t(`inside.grid.${name}`)}</figcaption>
      <value-grid
        .values=${values}
        .columns=${columns}
        .scale=${scale}
        label=${t('inside.grid.label', { name: t(`inside.grid.${name}`), channel: this.#name(cell, channel) })}
      ></value-grid>
    </figure>`;
    return html`<div class="product">
      ${grid('input', x, reach(cell.x))}<span>×</span>${grid('weight', weight, reach(cell.weight))}<span>=</span>
      ${grid('product', product, reach(product))}
      <p>${t('inside.channel.sum', { channel: this.#name(cell, channel), sum: figure(sums[channel]) })}</p>
    </div>`;
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
    return html`<table style="--tone: ${sign === 'positive' ? 'var(--accent)' : 'var(--attention)'}">
      <thead>
        <tr>
          <th scope="col">${t('inside.bars.channel')}</th>
          <th scope="col" colspan="2">${t(`inside.bars.${sign}`)}</th>
          ${single ? html`<th scope="col">${t('inside.bars.product')}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${channels.map(
          (at) =>
            html`<tr>
              <td>
                ${single
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
    return html`<figure class=${columns > 5 ? 'wide' : ''}>
      <figcaption>${label}</figcaption>
      <value-grid
        .values=${x}
        .columns=${columns}
        .scale=${reach(x)}
        .mark=${mark}
        label=${label}
      ></value-grid>
    </figure>`;
  }
}

const columnsOf = ({ window, dilation }) => Math.ceil((window.right - window.left) / dilation[1]);

customElements.define('cell-sum', CellSum);
