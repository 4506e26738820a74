// A few numbers as they stand in a map: written in their colours while they are
// few, else as a small picture.
import { css, html, nothing } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { styleMap } from 'lit/directives/style-map.js';
import { Component } from '../components/component.js';
import { frameStyles } from '../components/frame.styles.js';
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
    cursor: { attribute: false }, // index of the one that is read
    label: {},
  };

  static styles = [
    Component.styles,
    frameStyles,
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
      .cursor {
        outline: 3px solid var(--attention);
        outline-offset: -1px;
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
      .frame.cursor {
        outline: 2px solid var(--attention);
        box-shadow: 0 0 0 3px #000c;
      }
    `,
  ];

  render() {
    const { values, columns, label } = this;
    if (columns <= MOST_COLUMNS && values.length / columns <= MOST_COLUMNS) return this.#table();
    return html`<div class="picture" @pointermove=${this.#point} @click=${this.#point}>
      <canvas role="img" aria-label=${label} width=${columns} height=${values.length / columns}></canvas>
      ${this.mark >= 0 ? this.#frame(this.mark, '') : nothing}
      ${this.cursor >= 0 ? this.#frame(this.cursor, 'cursor') : nothing}
    </div>`;
  }

  #table() {
    const { values, columns, label } = this;
    const rows = Array.from({ length: values.length / columns }, (_, row) => row * columns);
    return html`<table>
      <caption>
        ${label}
      </caption>
      ${rows.map(
        (first) =>
          html`<tr>
            ${Array.from(values.slice(first, first + columns), (value, at) => this.#cell(value, first + at))}
          </tr>`,
      )}
    </table>`;
  }

  #cell(value, index) {
    if (Number.isNaN(value)) return html`<td></td>`;
    const colour = diverging(LIGHTER * (value / (this.scale || 1)));
    const classes = { mark: index === this.mark, cursor: index === this.cursor };
    return html`<td
      class=${classMap(classes)}
      style=${styleMap({ '--colour': `rgb(${colour})` })}
      @pointerenter=${() => this.#tell(index)}
    >
      ${figure(value, 2)}
    </td>`;
  }

  #frame(index, name) {
    const { values, columns } = this;
    const rows = values.length / columns;
    const [x, y] = [(index % columns) / columns, Math.floor(index / columns) / rows];
    return html`<i class="frame ${name}" style="--x: ${x}; --y: ${y}; --width: ${1 / columns}; --height: ${1 / rows}"></i>`;
  }

  /** Which number the pointer is at. */
  #point = ({ currentTarget, clientX, clientY }) => {
    const { values, columns } = this;
    const box = currentTarget.getBoundingClientRect();
    const place = (at, size) => Math.min(Math.max(Math.floor(at * size), 0), size - 1);
    const row = place((clientY - box.top) / box.height, values.length / columns);
    this.#tell(row * columns + place((clientX - box.left) / box.width, columns));
  };

  #tell(index) {
    if (index !== this.cursor) this.dispatchEvent(new CustomEvent('point', { detail: index }));
  }

  updated() {
    const canvas = this.renderRoot.querySelector('canvas');
    if (canvas) paint(canvas, divergingPicture(this.values, this.columns, this.scale));
  }
}

customElements.define('value-grid', ValueGrid);
