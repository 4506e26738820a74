// The layers of a stage, each with its numbers and where they come from.
import { css, html, nothing } from 'lit';
import { addressWith } from '../address.js';
import { openOutputSize } from '../actions/settings.js';
import { shape } from '../describe-error.js';
import { bytes, count, duration, figure, percent, t } from '../i18n/index.js';
import { arithmetic, shareOf, sizes, windowOf } from '../layer-arithmetic.js';
import { bitsOf, weightBytes } from '../weight-storage.js';
import { Component } from './component.js';
import { tableStyles } from './table.styles.js';

/** Layers that leave their input where it is. */
const SAME = new Set(['dropout', 'flatten']);

class LayerTable extends Component {
  static properties = {
    layers: { attribute: false },
    network: { attribute: false },
    times: { attribute: false }, // of layers by name, once measured: { milliseconds, share }
  };

  static styles = [
    Component.styles,
    tableStyles,
    css`
      :host {
        display: block;
        max-width: 100%;
      }
      th,
      td {
        padding: 0.15rem 1.25rem 0.15rem 0;
        white-space: nowrap;
        vertical-align: top;
      }
      td:nth-child(2),
      td:nth-child(3) {
        max-width: 9.5rem; /* the long ones take two lines */
        white-space: normal;
      }
      td:nth-child(3):not(:empty) {
        min-width: 9.5rem;
      }
      th:first-child,
      td:first-child {
        position: sticky;
        left: 0;
        background: var(--paper);
      }
      tr + tr td {
        border-top: 1px solid var(--line);
      }
      .sum {
        display: block;
        color: var(--muted);
        font-size: 0.9em;
      }
    `,
  ];

  render() {
    const columns = ['layer', 'kind', 'settings', 'output', 'parameters', 'multiply-adds'];
    if (this.times) columns.push('time');
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t('detail.layers')}>
      <table>
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col">${t(`detail.${column}`)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${this.layers.map((layer) => this.#layer(layer))}
        </tbody>
      </table>
    </div>`;
  }

  #layer(layer) {
    const { network } = this;
    const source = network.layers.find(({ name }) => name === layer.inputs[0]);
    const own = arithmetic(network, count).find(({ name }) => name === layer.name);
    return html`<tr>
      <td>${layer.name}</td>
      <td>${t('layer.kind', { kind: layer.kind })}</td>
      <td>${settings(layer)}</td>
      <td>${shape(layer.shape)} ${this.#size(layer, source.shape)}</td>
      <td>${own ? this.#parameters(own) : nothing}</td>
      <td>
        ${own ? this.#number(own.multiplyAdds, own.work, this.#share(own.multiplyAdds, 'multiplyAdds')) : nothing}
      </td>
      ${this.times ? html`<td>${this.#time(layer)}</td>` : nothing}
    </tr>`;
  }

  #size(layer, input) {
    const lines = sizes(layer, input, count);
    const window = lines.length > 0 ? windowOf(layer, input) : null;
    const values = layer.shape.reduce((product, size) => product * size, 1);
    return html`${lines.map((line) => html`<span class="sum">${line}</span>`)}
      ${window ? html`<span class="sum">${this.#trying(layer.name, window)}</span>` : nothing}
      ${SAME.has(layer.kind) ? nothing : html`<span class="sum">${stored(values * 4, 32)}</span>`}`;
  }

  /** To the step of the paper on output sizes, with the numbers of this layer. */
  #trying(layer, window) {
    const set = JSON.stringify({ window });
    const go = (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return; // in another tab
      event.preventDefault();
      openOutputSize(set);
    };
    return html`<a
      href=${addressWith({ view: 'paper', step: 'output-size', set })}
      aria-label=${t('detail.try.label', { layer })}
      @click=${go}
      >${t('detail.try')}</a
    >`;
  }

  #parameters(own) {
    const bits = bitsOf(this.network, own);
    const share = this.#share(own.parameterCount, 'parameters');
    return this.#number(own.parameterCount, own.parameters, share, stored(weightBytes(own, bits), bits));
  }

  #share = (own, measure) => t('detail.share', { share: percent(shareOf(own, this.network[measure])) });

  #number(number, terms, ...more) {
    const total = count(number);
    return html`${total} ${terms === total ? nothing : html`<span class="sum">${terms}</span>`}
      ${more.map((line) => html`<span class="sum">${line}</span>`)}`;
  }

  #time({ name, multiplyAdds }) {
    const time = this.times.get(name);
    if (!time) return nothing; // no kernel of its own
    return html`${duration(time.milliseconds)}
      <span class="sum">${t('detail.share', { share: percent(time.share) })}</span>
      ${multiplyAdds > 0 ? html`<span class="sum">${speed(multiplyAdds, time.milliseconds)}</span>` : nothing}`;
  }
}

/** Two operations a multiply-add. */
export const speed = (multiplyAdds, milliseconds) => `${figure((2 * multiplyAdds) / milliseconds / 1e6)} GFLOP/s`;

/** @param {number} size in bytes @param {number | null} bits of each number; null where not known */
export const stored = (size, bits) => t(bits ? 'detail.stored' : 'detail.stored.unknown', { size: bytes(size), bits });

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

customElements.define('layer-table', LayerTable);
