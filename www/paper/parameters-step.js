// Where the parameters and the work of a network are: nearly all of the one in
// its fully connected layers, nearly all of the other in its convolutions.
import { css, html } from 'lit';
import { count, percent, short, t } from '../i18n/index.js';
import { arithmetic } from '../layer-arithmetic.js';
import { PaperStep } from './paper-step.js';

const FIRST = 'alexnet';

class ParametersStep extends PaperStep {
  static properties = { chosen: { state: true } };

  static linked = { chosen: (name) => typeof name === 'string' };

  static styles = [
    ...PaperStep.styles,
    css`
      tbody tr:hover {
        background: var(--wash);
      }
      .shares {
        min-width: clamp(7rem, 18vw, 20rem);
      }
      .bar {
        display: block;
        height: 0.55rem;
        margin: 0.15rem 0;
        width: calc(100% * var(--share));
        min-width: 2px;
        background: var(--ink);
      }
      .bar.work {
        background: var(--muted);
        opacity: 0.7;
      }
      .sum {
        color: var(--muted);
      }
      tfoot td,
      tfoot th {
        border-top: 1px solid var(--line);
        color: var(--ink);
        font-weight: 650;
      }
    `,
  ];

  render() {
    const { models, model } = this.state;
    // A file that was dropped is no entry of the list.
    const known = model && !models.some(({ name }) => name === model.name) ? [...models, model] : models;
    const network = known.find(({ name }) => name === (this.chosen ?? FIRST)) ?? known[0];
    if (!network) return this.frame('parameters', '');
    return this.frame(
      'parameters',
      html`<div class="controls">
          <label class="field">
            <span>${t('paper.parameters.network')}</span>
            <select class="box" @change=${(event) => (this.chosen = event.target.value)}>
              ${known.map(
                ({ name, title }) =>
                  html`<option value=${name} ?selected=${name === network.name}>${title}</option>`,
              )}
            </select>
          </label>
        </div>
        <div class="scroll" tabindex="0" role="group" aria-label=${t('paper.parameters.table')}>
          ${this.#table(network)}
        </div>
        <p class="note">${t('paper.parameters.note')}</p>`,
      this.#here(network),
    );
  }

  /** What the fully connected layers have of both. */
  #here({ title, layers, parameters, multiplyAdds }) {
    const dense = layers.filter(({ kind }) => kind === 'linear');
    if (dense.length === 0) return t('paper.parameters.none', { title });
    const sum = (field) => dense.reduce((total, layer) => total + layer[field], 0);
    return t('paper.parameters.shares', {
      title,
      parameters: percent(sum('parameters') / parameters, 0),
      work: percent(sum('multiplyAdds') / multiplyAdds, 0),
    });
  }

  #table(network) {
    const { parameters, multiplyAdds } = network;
    return html`<table>
      <thead>
        <tr>
          <th scope="col">${t('detail.layer')}</th>
          <th scope="col">${t('paper.parameters.sum')}</th>
          <th scope="col" class="number">${t('detail.parameters')}</th>
          <th scope="col" class="number">${t('detail.multiply-adds')}</th>
          <th scope="col">${t('paper.parameters.share')}</th>
        </tr>
      </thead>
      <tbody>
        ${arithmetic(network, count).map((layer) => {
          const own = layer.parameterCount / parameters;
          const work = layer.multiplyAdds / multiplyAdds;
          return html`<tr>
            <th scope="row">${layer.name}</th>
            <td>${layer.parameters}<br /><span class="sum">${layer.work}</span></td>
            <td class="number">${count(layer.parameterCount)}<br />${percent(own)}</td>
            <td class="number">${short(layer.multiplyAdds)}<br />${percent(work)}</td>
            <td class="shares">
              <span class="bar" style="--share: ${own}"></span>
              <span class="bar work" style="--share: ${work}"></span>
            </td>
          </tr>`;
        })}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">${t('paper.parameters.total')}</th>
          <td></td>
          <td class="number">${count(parameters)}</td>
          <td class="number">${short(multiplyAdds)}</td>
          <td></td>
        </tr>
      </tfoot>
    </table>`;
  }
}

customElements.define('parameters-step', ParametersStep);
