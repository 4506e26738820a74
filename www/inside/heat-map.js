// A heat map over what the network saw: picture, legend with numbers, opacity.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { percent, t } from '../i18n/index.js';
import { drawOverlay, GRADIENT } from './overlay.js';

/** Pixels of the canvas for each of the crop: smooth maps and frames look sharp on a projector. */
const SCALE = 3;

/** As the person set it last, for all maps. */
let opacity = 0.65;

class HeatMapElement extends Component {
  static properties = {
    crop: { attribute: false },
    /** @type {import('./overlay.js').HeatMap | null} */
    map: { attribute: false },
    /** What the ends of the scale mean: { low, high }. */
    legend: { attribute: false },
    /** What the picture shows, in words. */
    label: {},
  };

  static styles = [
    Component.styles,
    css`
      :host {
        display: grid;
        gap: 0.75rem;
      }
      canvas {
        display: block;
        width: 100%;
        outline: 1px solid #ffffff30;
      }
      .legend {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 0.25rem 1rem;
        font-size: 0.85rem;
        font-variant-numeric: tabular-nums;
      }
      .legend i {
        grid-column: 1 / -1;
        height: 0.6rem;
        outline: 1px solid #ffffff30;
        background: var(--scale);
      }
      .high {
        text-align: right;
      }
      label {
        display: grid;
        grid-template-columns: auto 1fr 3.5em;
        align-items: center;
        gap: 0.75rem;
        color: var(--on-table-muted);
        font-size: 0.85rem;
      }
      input {
        width: 100%;
        min-width: 0;
        margin: 0;
        accent-color: #fff;
      }
      output {
        text-align: right;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  render() {
    const { crop, map, legend } = this;
    return html`<canvas
        role="img"
        aria-label=${this.label}
        width=${crop.width * SCALE}
        height=${crop.height * SCALE}
      ></canvas>
      ${map && legend
        ? html`<div class="legend">
            <i style="--scale: ${GRADIENT}"></i>
            <span>${legend.low}</span><span class="high">${legend.high}</span>
          </div>`
        : nothing}
      <label>
        ${t('why.opacity')}
        <input type="range" min="0" max="1" step="0.05" .value=${String(opacity)} @input=${this.#fade} />
        <output>${percent(opacity, 0)}</output>
      </label>`;
  }

  #fade = (event) => {
    opacity = event.target.valueAsNumber;
    this.requestUpdate();
  };

  updated() {
    drawOverlay(this.renderRoot.querySelector('canvas'), this.crop, this.map, opacity);
  }
}

customElements.define('heat-map', HeatMapElement);
