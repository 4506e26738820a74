// The units of a layer as a sheet: active ones, and those that a mask left out.
import { css, html } from 'lit';
import { Component } from '../components/component.js';
import { t } from '../i18n/index.js';

const SIDE = 384; // of the sheet, in pixels, at least

class DroppedUnits extends Component {
  static properties = { layer: {}, active: { attribute: false }, off: { attribute: false } };

  static styles = [
    Component.styles,
    css`
      :host {
        display: block;
      }
      canvas {
        display: block;
        width: 100%;
        background: var(--wash);
        image-rendering: pixelated;
      }
      figcaption {
        margin-top: 0.3rem;
        color: var(--muted);
        font-size: 0.85rem;
      }
      b {
        color: var(--ink);
        font-weight: 650;
      }
    `,
  ];

  render() {
    const { active, layer, off } = this;
    const number = (units) => units.reduce((sum, unit) => sum + unit, 0);
    return html`<figure>
      <canvas role="img" aria-label=${t('paper.dropout.units', { layer })}></canvas>
      <figcaption>
        <b>${layer}</b> ${t('paper.dropout.off', { off: number(off), active: number(active), all: active.length })}
      </figcaption>
    </figure>`;
  }

  updated() {
    const { active, off } = this;
    const across = Math.ceil(Math.sqrt(active.length));
    const size = Math.max(1, Math.ceil(SIDE / across));
    const canvas = this.renderRoot.querySelector('canvas');
    canvas.width = across * size;
    canvas.height = Math.ceil(active.length / across) * size;
    const context = canvas.getContext('2d');
    context.fillStyle = '#0877bd';
    context.strokeStyle = '#f59322';
    context.lineWidth = Math.max(1, size / 4);
    const gap = size >= 4 ? 1 : 0;
    const crosses = new Path2D();
    active.forEach((isActive, unit) => {
      if (!isActive) return;
      const [x, y] = [(unit % across) * size, Math.floor(unit / across) * size];
      if (!off[unit]) context.fillRect(x, y, size - gap, size - gap);
      else {
        crosses.moveTo(x, y);
        crosses.lineTo(x + size - gap, y + size - gap);
        crosses.moveTo(x + size - gap, y);
        crosses.lineTo(x, y + size - gap);
      }
    });
    context.stroke(crosses);
  }
}

customElements.define('dropped-units', DroppedUnits);
