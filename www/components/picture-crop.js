// The pixels that went into the network.
import { css, html } from 'lit';
import { t } from '../i18n/index.js';
import { paint } from '../pixels.js';
import { Component } from './component.js';

class PictureCrop extends Component {
  static properties = { crop: { attribute: false } };

  static styles = [
    Component.styles,
    css`
      :host {
        display: block;
      }
      canvas {
        display: block;
        width: 100%;
        height: 100%;
      }
    `,
  ];

  render() {
    const { width, height } = this.crop;
    return html`<canvas
      role="img"
      aria-label=${t('spine.crop', { width, height })}
      width=${width}
      height=${height}
    ></canvas>`;
  }

  updated(changed) {
    if (!changed.has('crop')) return;
    paint(this.renderRoot.querySelector('canvas'), this.crop);
  }
}

customElements.define('picture-crop', PictureCrop);
