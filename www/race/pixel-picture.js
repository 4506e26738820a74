// A small picture, enlarged without smoothing: a picture to learn, or filters.
import { css, html } from 'lit';
import { Component } from '../components/component.js';
import { paint } from '../pixels.js';

class PixelPicture extends Component {
  static properties = { picture: { attribute: false }, label: {} };

  static styles = [
    Component.styles,
    css`
      :host {
        display: block;
        background: #000;
      }
      canvas {
        display: block;
        width: 100%;
        image-rendering: pixelated;
      }
    `,
  ];

  render() {
    const { width, height } = this.picture;
    return html`<canvas role="img" aria-label=${this.label} width=${width} height=${height}></canvas>`;
  }

  updated(changed) {
    if (!changed.has('picture')) return;
    paint(this.renderRoot.querySelector('canvas'), this.picture);
  }
}

customElements.define('pixel-picture', PixelPicture);
