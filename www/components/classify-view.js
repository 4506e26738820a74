// Classifying: the photo on the left, the answer on the right, and between
// them, along the foot, the network.
import { css, html, nothing } from 'lit';
import { lazyModule } from '../lazy-module.js';
import { selectedPhoto } from '../store.js';
import { Component } from './component.js';
import './answer-panel.js';
import './network-spine.js';
import './photo-gallery.js';
import './photo-stage.js';

/** What is asked about an answer, for those who ask. */
const loadWhy = lazyModule(() => import('../inside/why-view.js'));

class ClassifyView extends Component {
  static styles = [
    Component.styles,
    css`
      why-view[inert] {
        opacity: 0.35;
      }
      .stage {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
      }
      @media (min-width: 56rem) {
        .stage {
          grid-template-columns: repeat(2, minmax(0, 1fr));
          min-height: clamp(26rem, calc(100svh - 24.5rem), 64rem);
        }
      }
    `,
  ];

  updated() {
    if (this.#isAsked) loadWhy();
  }

  get #isAsked() {
    return Boolean(this.state.why && this.state.model && selectedPhoto());
  }

  render() {
    return html`<div class="stage">
        <photo-stage></photo-stage>
        <answer-panel></answer-panel>
      </div>
      ${this.#isAsked ? html`<why-view ?inert=${!selectedPhoto().result}></why-view>` : nothing}
      ${this.state.photos.length > 1 ? html`<photo-gallery></photo-gallery>` : nothing}
      <network-spine></network-spine>`;
  }
}

customElements.define('classify-view', ClassifyView);
