// A grid of numbers as a table of its rows and columns, made when it is opened.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { figure, t } from '../i18n/index.js';
import { insideStyles } from './styles.js';

class PlacesTable extends Component {
  static properties = {
    values: { attribute: false }, // [rows, columns]
    columns: { attribute: false },
    isOpen: { state: true },
  };

  static styles = [
    Component.styles,
    insideStyles,
    css`
      .scroll td,
      .scroll th {
        padding-right: 0.6rem;
        text-align: right;
      }
    `,
  ];

  constructor() {
    super();
    this.isOpen = false;
  }

  render() {
    const { values, columns, isOpen } = this;
    return html`<details ?open=${isOpen} @toggle=${({ target }) => (this.isOpen = target.open)}>
      <summary>${t('inside.places', { rows: values.length / columns, columns })}</summary>
      ${isOpen ? this.#table() : nothing}
    </details>`;
  }

  #table() {
    const { values, columns } = this;
    const across = Array.from({ length: columns }, (_, column) => column);
    const down = Array.from({ length: values.length / columns }, (_, row) => row);
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t('inside.places.label')}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t('inside.places.corner')}</th>
            ${across.map((column) => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${down.map(
            (row) =>
              html`<tr>
                <th scope="row">${row}</th>
                ${across.map((column) => html`<td>${told(values[row * columns + column])}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

/** A pool may hang over the map: there is no number. */
const told = (value) => (Number.isNaN(value) ? '' : figure(value, 2));

customElements.define('places-table', PlacesTable);
