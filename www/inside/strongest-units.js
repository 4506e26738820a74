// The units of a layer that respond most to the photo, as a table; each opens its map.
import { css, html } from 'lit';
import { Component } from '../components/component.js';
import { count, figure, t } from '../i18n/index.js';
import { insideStyles } from './styles.js';

const ROWS = 10;

class StrongestUnits extends Component {
  static properties = { statistics: { attribute: false } }; // { mean, largest } of each unit

  static styles = [
    Component.styles,
    insideStyles,
    css`
      details[open] summary {
        margin-bottom: 0.4rem;
      }
    `,
  ];

  render() {
    const { mean, largest } = this.statistics;
    const strongest = [...mean.keys()].sort((one, other) => mean[other] - mean[one]).slice(0, ROWS);
    return html`<details>
      <summary>${t('inside.strongest')}</summary>
      <div class="scroll" tabindex="0" role="group" aria-label=${t('inside.strongest')}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t('inside.table.unit')}</th>
              <th scope="col" class="number">${t('inside.table.mean')}</th>
              <th scope="col" class="number">${t('inside.table.largest')}</th>
            </tr>
          </thead>
          <tbody>
            ${strongest.map(
              (unit) =>
                html`<tr>
                  <td><button @click=${() => this.#choose(unit)}>${count(unit)}</button></td>
                  <td class="number">${figure(mean[unit])}</td>
                  <td class="number">${figure(largest[unit])}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  #choose(unit) {
    this.dispatchEvent(new CustomEvent('choose', { detail: unit }));
  }
}

customElements.define('strongest-units', StrongestUnits);
