// A few numbers as they stand in a map: written in their colours while they are
// few, else as a small picture.
import { css, html, nothing } from 'lit';
import { styleMap } from 'lit/directives/style-map.js';
import { Component } from '../components/component.js';
import { figure } from '../i18n/index.js';
import { paint } from '../pixels.js';
import { diverging, divergingPicture } from './diverging.js';

const MOST_COLUMNS = 5; // beyond that numbers are too small to be read
const LIGHTER = 0.85; // so that black can be read on every colour

class ValueGrid extends Component {
  static properties = {
    values: { attribute: false }, // [rows, columns]
    columns: { attribute: false },
    scale: { attribute: false }, // where the colours end
    mark: { attribute: false }, // index of one that stands out
    label: {},
  };

  static styles = [
    Component.styles,
    css`
      :host {
        display: block;
      }
      table {
        border-spacing: 1px;
        font-size: 0.72rem;
        font-variant-numeric: tabular-nums;
        line-height: 1;
      }
      caption {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      td {
        width: 2.9rem;
        height: 2.1rem;
        padding: 0 0.1rem;
        text-align: center;
        color: #000;
        background: var(--colour);
      }
      .mark {
        outline: 3px solid var(--ink);
        outline-offset: -1px;
        font-weight: 700;
      }
      .picture {
        position: relative;
        width: min(9rem, 100%);
      }
      canvas {
        display: block;
        width: 100%;
        image-rendering: pixelated;
      }
      i {
        position: absolute;
        left: calc(100% * var(--x));
        top: calc(100% * var(--y));
        width: calc(100% * var(--width));
        height: calc(100% * var(--height));
        outline: 2px solid var(--ink);
      }
    `,
  ];

  render() {
    const { values, columns, label } = this;
    if (columns <= MOST_COLUMNS && values.length / columns <= MOST_COLUMNS) return this.#table();
    return html`<div class="picture">
      <canvas role="img" aria-label=${label} width=${columns} height=${values.length / columns}></canvas>
      ${this.mark >= 0 ? this.#mark() : nothing}
    </div>`;
  }

  #table() {
    const { values, columns, label, mark } = this;
    const rows = Array.from({ length: values.length / columns }, (_, row) => row * columns);
    return html`<table>
      <caption>
        ${label}
      </caption>
      ${rows.map(
        (first) =>
          html`<tr>
            ${Array.from(values.slice(first, first + columns), (value, at) => this.#cell(value, first + at === mark))}
          </tr>`,
      )}
    </table>`;
  }

  #cell(value, isMarked) {
    if (Number.isNaN(value)) return html`<td></td>`;
    const colour = diverging(LIGHTER * (value / (this.scale || 1)));
    return html`<td class=${isMarked ? 'mark' : ''} style=${styleMap({ '--colour': `rgb(${colour})` })}>
      ${figure(value, 2)}
    </td>`;
  }

  #mark() {
    const { values, columns, mark } = this;
    const rows = values.length / columns;
    const [x, y] = [(mark % columns) / columns, Math.floor(mark / columns) / rows];
    return html`<i style="--x: ${x}; --y: ${y}; --width: ${1 / columns}; --height: ${1 / rows}"></i>`;
  }

  updated() {
    const canvas = this.renderRoot.querySelector('canvas');
    if (canvas) paint(canvas, divergingPicture(this.values, this.columns, this.scale));
  }
}

customElements.define('value-grid', ValueGrid);
