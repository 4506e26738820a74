// Every product of a sum in a table: the strongest first, or in the order in which
// they are stored. Made when it is opened, some rows at a time.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { count, figure, t } from '../i18n/index.js';
import { placesOf } from './input-place.js';
import { insideStyles } from './styles.js';

const ROWS = 50; // at first; each time more are asked for, five times as many

class ProductTable extends Component {
  static properties = {
    cell: { attribute: false },
    layers: { attribute: false },
    isOpen: { state: true },
    sort: { state: true },
    rows: { state: true },
  };

  static styles = [
    Component.styles,
    insideStyles,
    css`
      .open {
        display: grid;
        justify-items: start;
        gap: 0.5rem;
        padding-top: 0.5rem;
      }
      .scroll {
        max-height: 24rem;
        overflow: auto;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--paper);
      }
      th.number {
        text-align: right;
      }
    `,
  ];

  constructor() {
    super();
    this.isOpen = false;
    this.sort = 'strength';
    this.rows = ROWS;
  }

  render() {
    const all = this.cell.x.length;
    return html`<details
      ?open=${this.isOpen}
      @toggle=${({ target }) => (this.isOpen = target.open)}
    >
      <summary>${t('inside.products', { count: count(all) })}</summary>
      ${this.isOpen ? this.#opened(all) : nothing}
    </details>`;
  }

  #opened(all) {
    const more = Math.min(this.rows * 4, all - this.rows);
    return html`<div class="open">
      <div class="choices" role="group" aria-label=${t('inside.sort')}>
        <span>${t('inside.sort')}</span>
        ${['strength', 'place'].map(
          (sort) => html`<button
            class="button"
            aria-pressed=${this.sort === sort}
            @click=${() => (this.sort = sort)}
          >
            ${t(`inside.products.${sort}`)}
          </button>`,
        )}
      </div>
      <div class="scroll" tabindex="0" role="group" aria-label=${t('inside.products', { count: count(all) })}>
        ${this.#table()}
      </div>
      ${more > 0
        ? html`<button class="button" @click=${() => (this.rows += more)}>
            ${t('inside.products.more', { count: count(more) })}
          </button>`
        : nothing}
    </div>`;
  }

  #table() {
    const { cell, layers } = this;
    const { x, weight, channels } = cell;
    const place = placesOf(cell, layers);
    const hasPlaces = place(0).row !== null;
    const product = (at) => x[at] * weight[at];
    const order = [...x.keys()];
    if (this.sort === 'strength') {
      order.sort((one, other) => Math.abs(product(other)) - Math.abs(product(one)));
    } else {
      const places = x.length / channels;
      // Channel by channel; in a cell the channels of a place stand together.
      const rank = (at) => (at % channels) * places + Math.floor(at / channels);
      order.sort((one, other) => rank(one) - rank(other));
    }
    const heads = ['channel', ...(hasPlaces ? ['row', 'column'] : []), 'input', 'weight', 'product'];
    return html`<table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col" class="number">${t(`inside.products.${head}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${order.slice(0, this.rows).map((at) => {
          const { channel, row, column, layer } = place(at);
          const cells = [...(hasPlaces ? [row, column] : []), figure(x[at]), figure(weight[at]), figure(product(at))];
          return html`<tr>
            <td class="number">
              ${layer
                ? html`<button @click=${() => this.#go({ layer, unit: channel, row, column })}>${channel}</button>`
                : channel}
            </td>
            ${cells.map((text) => html`<td class="number">${text}</td>`)}
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  #go(detail) {
    this.dispatchEvent(new CustomEvent('go', { detail, bubbles: true, composed: true }));
  }
}

customElements.define('product-table', ProductTable);
