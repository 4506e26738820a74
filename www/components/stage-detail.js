// One stage of the network in numbers.
import { css, html, nothing } from 'lit';
import { tellError } from '../actions/notices.js';
import { bytes, count, duration, figure, percent, t } from '../i18n/index.js';
import { shape } from '../describe-error.js';
import { arithmetic, sizes } from '../layer-arithmetic.js';
import { selectedPhoto } from '../store.js';
import { Component } from './component.js';

class StageDetail extends Component {
  static properties = {
    stage: { attribute: false },
    wiring: { attribute: false }, // in words
    network: { attribute: false },
    time: { attribute: false },
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
      table {
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }
      .layers {
        max-width: 100%;
        overflow-x: auto;
      }
      th {
        color: var(--muted);
        font-weight: 500;
        text-align: left;
      }
      th,
      td {
        padding: 0.1rem 1.25rem 0.1rem 0;
        white-space: nowrap;
        vertical-align: top;
      }
      .wiring {
        max-width: 40rem;
        margin: 0.1rem 0 0.4rem;
        color: var(--muted);
        text-wrap: pretty;
      }
      .sum {
        display: block;
        color: var(--muted);
        font-size: 0.9em;
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

  /** The module of looking inside, once it is needed. */
  #inside = null;

  updated() {
    if (selectedPhoto()?.result) this.#inside ??= import('../inside/inside-view.js').catch(tellError);
  }

  render() {
    const { stage, network, time } = this;
    const part = (own, all) => `${count(own)} (${percent(own / all)})`;
    return html`<div>
        <h3>${stage.name}</h3>
        ${this.wiring ? html`<p class="wiring">${this.wiring}</p>` : nothing}
        <dl>
          <dt>${t('detail.output')}</dt>
          <dd>${shape(stage.shape)}</dd>
          <dt>${t('detail.parameters')}</dt>
          <dd>${part(stage.parameters, network.parameters)}</dd>
          <dt>${t('detail.multiply-adds')}</dt>
          <dd>${part(stage.multiplyAdds, network.multiplyAdds)}</dd>
          ${stage.parameters > 0
            ? html`<dt>${t('detail.bytes')}</dt>
                <dd>${bytes(stage.parameters * 4)}</dd>`
            : nothing}
          ${time ? this.#time(time, stage.multiplyAdds) : nothing}
        </dl>
      </div>
      <div class="layers" tabindex="0" role="group" aria-label=${t('detail.layers')}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t('detail.layer')}</th>
              <th scope="col">${t('detail.kind')}</th>
              <th scope="col">${t('detail.settings')}</th>
              <th scope="col">${t('detail.output')}</th>
              <th scope="col">${t('detail.parameters')}</th>
              <th scope="col">${t('detail.multiply-adds')}</th>
            </tr>
          </thead>
          <tbody>
            ${stage.layers.map((layer) => this.#layer(layer))}
          </tbody>
        </table>
      </div>
      ${selectedPhoto()?.result
        ? html`<inside-view .stage=${stage} .network=${network}></inside-view>`
        : html`<p class="none">${t('inside.none')}</p>`}`;
  }

  #time({ milliseconds, share }, multiplyAdds) {
    return html`<dt>${t('detail.time')}</dt>
      <dd>${duration(milliseconds)} (${percent(share)})</dd>
      ${multiplyAdds > 0
        ? html`<dt>${t('detail.speed')}</dt>
            <dd>${figure((2 * multiplyAdds) / milliseconds / 1e6)} GFLOP/s</dd>`
        : nothing}`;
  }

  #layer(layer) {
    const { layers } = this.network;
    const source = layers.find(({ name }) => name === layer.inputs[0]);
    const [own] = layer.parameters > 0 ? arithmetic({ layers }, count).filter(({ name }) => name === layer.name) : [];
    return html`<tr>
      <td>${layer.name}</td>
      <td>${t('layer.kind', { kind: layer.kind })}</td>
      <td>${settings(layer)}</td>
      <td>
        ${shape(layer.shape)}
        ${sizes(layer, source.shape, count).map((line) => html`<span class="sum">${line}</span>`)}
      </td>
      <td>${own ? this.#sum(own.parameterCount, own.parameters) : nothing}</td>
      <td>${own ? this.#sum(own.multiplyAdds, own.work) : nothing}</td>
    </tr>`;
  }

  #sum(number, terms) {
    const total = count(number);
    return html`${total} ${terms === total ? nothing : html`<span class="sum">${terms}</span>`}`;
  }
}

/** The numbers of a window that are not the usual ones. */
function settings({ kernel, stride, padding, groups }) {
  const all = (sizes, usual) => sizes && sizes.some((size) => size !== usual);
  return [
    kernel && t('detail.kernel', { size: shape(kernel) }),
    all(stride, 1) && t('detail.stride', { size: stride[0] }),
    all(padding, 0) && t('detail.padding', { size: [...new Set(padding)].join(', ') }),
    groups > 1 && t('detail.groups', { count: groups }),
  ]
    .filter(Boolean)
    .join(', ');
}

customElements.define('stage-detail', StageDetail);
