// Which classes the line in view takes for which, on the pictures that it does
// not train with.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { count, percent, t } from '../i18n/index.js';

class ConfusionMatrix extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      h3 {
        margin: 0;
        font-size: 1.05rem;
        font-weight: 700;
      }
      .note {
        margin-bottom: 0.5rem;
        color: var(--muted);
        font-size: 0.85rem;
      }
      .scroll {
        position: relative; /* what is hidden inside scrolls along */
        overflow-x: auto;
      }
      table {
        border-collapse: separate;
        border-spacing: 2px;
        font-size: 0.8rem;
        font-variant-numeric: tabular-nums;
      }
      th {
        padding: 0.1rem 0.35rem;
        font-weight: 550;
        text-align: right;
        white-space: nowrap;
      }
      thead th {
        max-width: 4.5rem;
        overflow: hidden;
        text-overflow: ellipsis;
        text-align: center;
      }
      td {
        min-width: 2.3rem;
        height: 1.9rem;
        padding: 0 0.3rem;
        text-align: center;
        background: color-mix(in srgb, var(--tone) calc(var(--share) * 85%), var(--paper));
      }
      td.strong {
        background: var(--tone);
        color: #fff;
      }
      .right {
        --tone: #0a6aa6;
      }
      .wrong {
        --tone: #b4560a;
      }
    `,
  ];

  render() {
    const { confusion, dataset } = this.state.race;
    if (!confusion || !dataset) return nothing; // until the view takes this element away
    const { activation, counts } = confusion;
    const { classes } = dataset;
    const all = counts.flat().reduce((sum, value) => sum + value, 0);
    const right = counts.reduce((sum, row, index) => sum + row[index], 0);
    return html`<h3>${t('race.confusion')}</h3>
      <p class="note">
        ${t('race.confusion.note', { activation, error: percent(all > 0 ? 1 - right / all : 0) })}
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label=${t('race.confusion')}>
        <table>
          <thead>
            <tr>
              <td style="--share: 0"><span class="visually-hidden">${t('race.confusion.corner')}</span></td>
              ${classes.map((name) => html`<th scope="col" title=${name}>${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${counts.map((row, truth) => this.#row(classes[truth], [...row], truth))}
          </tbody>
        </table>
      </div>`;
  }

  #row(name, row, truth) {
    const total = row.reduce((sum, value) => sum + value, 0) || 1;
    return html`<tr>
      <th scope="row">${name}</th>
      ${row.map((value, index) => {
        const share = value / total;
        const kind = index === truth ? 'right' : 'wrong';
        return html`<td class="${kind} ${share > 0.5 ? 'strong' : ''}" style="--share: ${share}">
          ${value > 0 ? count(value) : ''}
        </td>`;
      })}
    </tr>`;
  }
}

customElements.define('confusion-matrix', ConfusionMatrix);
