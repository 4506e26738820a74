// One stage of the network in numbers.
import { css, html, nothing } from 'lit';
import { bytes, count, duration, percent, t } from '../i18n/index.js';
import { shape } from '../describe-error.js';
import { lazyModule } from '../lazy-module.js';
import { arithmetic, shareOf } from '../layer-arithmetic.js';
import { selectedPhoto } from '../store.js';
import { bitsOf, weightBytes } from '../weight-storage.js';
import { Component } from './component.js';
import { speed, stored } from './layer-table.js';

const loadInside = lazyModule(() => import('../inside/inside-view.js'));

class StageDetail extends Component {
  static properties = {
    stage: { attribute: false },
    wiring: { attribute: false }, // in words
    network: { attribute: false },
    times: { attribute: false }, // of layers by name, once measured
    time: { attribute: false }, // of the stage
  };

  static styles = [
    Component.styles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem 2.5rem;
        margin-top: 1rem;
        padding: 1rem;
        border: 1px solid var(--line);
        background: var(--paper);
        font-size: 0.9rem;
      }
      h3 {
        margin: 0;
        font-size: 1.05rem;
      }
      .wiring {
        max-width: 40rem;
        margin: 0.1rem 0 0.4rem;
        color: var(--muted);
        text-wrap: pretty;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.1rem 1rem;
        align-content: start;
      }
      dt {
        color: var(--muted);
      }
      dd {
        font-variant-numeric: tabular-nums;
        font-weight: 600;
      }
      layer-table {
        min-width: 0;
      }
      inside-view,
      .none {
        flex: 1 0 100%;
        min-width: 0;
        padding-top: 1rem;
        border-top: 1px solid var(--line);
      }
      .none {
        color: var(--muted);
      }
    `,
  ];

  updated() {
    if (selectedPhoto()?.result) loadInside();
  }

  render() {
    const { stage, network, time } = this;
    const part = (own, all) => `${count(own)} (${percent(shareOf(own, all))})`;
    const values = stage.shape.reduce((product, size) => product * size, 1);
    return html`<div>
        <h3>${stage.name}</h3>
        ${this.wiring ? html`<p class="wiring">${this.wiring}</p>` : nothing}
        <dl>
          <dt>${t('detail.output')}</dt>
          <dd>${shape(stage.shape)}</dd>
          <dt>${t('detail.values')}</dt>
          <dd>${stored(values * 4, 32)}</dd>
          <dt>${t('detail.parameters')}</dt>
          <dd>${part(stage.parameters, network.parameters)}</dd>
          ${stage.parameters > 0
            ? html`<dt>${t('detail.bytes')}</dt>
                <dd>${this.#weights()}</dd>`
            : nothing}
          <dt>${t('detail.multiply-adds')}</dt>
          <dd>${part(stage.multiplyAdds, network.multiplyAdds)}</dd>
          ${time ? this.#time(time, stage.multiplyAdds) : nothing}
        </dl>
      </div>
      <layer-table .layers=${stage.layers} .network=${network} .times=${this.times}></layer-table>
      ${selectedPhoto()?.result
        ? html`<inside-view .stage=${stage} .network=${network}></inside-view>`
        : html`<p class="none">${t('inside.none')}</p>`}`;
  }

  /** What the weights of the stage take on the GPU. */
  #weights() {
    const names = new Set(this.stage.layers.map(({ name }) => name));
    const own = arithmetic(this.network, count).filter(({ name }) => names.has(name));
    const bits = own.map((layer) => bitsOf(this.network, layer));
    const total = own.reduce((sum, layer, index) => sum + weightBytes(layer, bits[index]), 0);
    return new Set(bits).size === 1 ? stored(total, bits[0]) : bytes(total);
  }

  #time({ milliseconds, share }, multiplyAdds) {
    return html`<dt>${t('detail.time')}</dt>
      <dd>${duration(milliseconds)} (${percent(share)})</dd>
      ${multiplyAdds > 0
        ? html`<dt>${t('detail.speed')}</dt>
            <dd>${speed(multiplyAdds, milliseconds)}</dd>`
        : nothing}`;
  }
}

customElements.define('stage-detail', StageDetail);
