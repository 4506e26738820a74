// Filters side by side as one picture. The pointer or the arrow keys go from one to
// the next; a click or Enter opens one.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { frameStyles } from '../components/frame.styles.js';
import { paint } from '../pixels.js';
import { STEPS, stepped } from './steps.js';

class FilterSheet extends Component {
  static properties = {
    picture: { attribute: false }, // of filterPicture
    at: { attribute: false }, // the chosen tile; -1: none of this sheet
    label: {}, // what is seen
    hint: {}, // what the keys do
  };

  static styles = [
    Component.styles,
    frameStyles,
    css`
      :host {
        display: block;
      }
      div {
        position: relative;
        cursor: pointer;
      }
      canvas {
        display: block;
        width: 100%;
        image-rendering: pixelated;
      }
      .frame {
        box-shadow: 0 0 0 3px var(--paper);
      }
    `,
  ];

  updated(changed) {
    if (changed.has('picture')) paint(this.renderRoot.querySelector('canvas'), this.picture);
  }

  render() {
    const { picture, at, label, hint } = this;
    return html`<div
      tabindex="0"
      role="application"
      aria-label=${hint}
      @pointermove=${(event) => this.#tell('point', this.#tileAt(event))}
      @click=${(event) => this.#tell('choose', this.#tileAt(event))}
      @focus=${() => at < 0 && this.#tell('point', 0)}
      @keydown=${this.#key}
    >
      <canvas role="img" aria-label=${label} width=${picture.width} height=${picture.height}></canvas>
      ${at >= 0 ? this.#outline(picture, at) : nothing}
    </div>`;
  }

  #outline({ columns, width, height, tile }, at) {
    const [high, wide] = tile;
    const gap = wide > 1 ? 1 : 0;
    const [x, y] = [((at % columns) * (wide + gap)) / width, (Math.floor(at / columns) * (high + gap)) / height];
    return html`<i class="frame" style="--x: ${x}; --y: ${y}; --width: ${wide / width}; --height: ${high / height}"></i>`;
  }

  #tileAt({ currentTarget, clientX, clientY }) {
    const { columns, rows } = this.picture;
    const box = currentTarget.getBoundingClientRect();
    const place = (share, size) => Math.min(Math.max(Math.floor(share * size), 0), size - 1);
    return (
      place((clientY - box.top) / box.height, rows) * columns +
      place((clientX - box.left) / box.width, columns)
    );
  }

  #key = (event) => {
    const { at, picture } = this;
    const ends = { Home: 0, End: picture.units - 1 };
    if (event.key === 'Enter' || event.key === ' ') this.#tell('choose', at);
    else if (Object.hasOwn(ends, event.key)) this.#tell('point', ends[event.key]);
    else if (Object.hasOwn(STEPS, event.key)) {
      this.#tell('point', stepped(event.key, Math.max(at, 0), picture.columns, picture.units));
    } else return;
    event.preventDefault();
  };

  #tell(name, tile) {
    if (tile < 0 || tile >= this.picture.units || (name === 'point' && tile === this.at)) return;
    this.dispatchEvent(new CustomEvent(name, { detail: tile }));
  }
}

customElements.define('filter-sheet', FilterSheet);
