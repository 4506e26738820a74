// Why it goes as it does: what is measured inside each line as it trains, layer
// by layer, one line beside the other; and which classes are taken for which.
import { css, html, nothing, svg } from 'lit';
import { Component } from '../components/component.js';
import { count, percent, t } from '../i18n/index.js';
import { STROKES } from './chart-lines.js';
import { lineSample } from './line-sample.js';
import { lanesInRace } from './state.js';
import './confusion-matrix.js';
import './pixel-picture.js';

class RaceInside extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        display: block;
        padding: 1.5rem var(--gutter) 2rem;
        background: var(--wash);
      }
      h2 {
        font-size: 1.35rem;
        font-weight: 750;
        letter-spacing: -0.02em;
      }
      h3 {
        margin: 0 0 0.5rem;
        font-size: 1.05rem;
        font-weight: 700;
      }
      .lead {
        max-width: 44rem;
        margin-top: 0.25rem;
        color: var(--muted);
        text-wrap: pretty;
      }
      .scroll {
        position: relative; /* what is hidden inside scrolls along */
        overflow-x: auto;
        margin-top: 1rem;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 0.85rem;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 0.5rem 1rem 0.5rem 0;
        border-top: 1px solid var(--line);
        text-align: left;
        vertical-align: top;
        font-weight: 450;
      }
      thead th {
        border: 0;
        font-weight: 650;
        min-width: 10rem;
      }
      thead th:first-child {
        min-width: 5rem;
      }
      thead small {
        display: block;
        color: var(--muted);
        font-weight: 450;
        text-wrap: pretty;
      }
      tbody th {
        font-weight: 650;
      }
      .bar {
        display: grid;
        grid-template-columns: minmax(3rem, 1fr) 4.2rem;
        gap: 0.5rem;
        align-items: center;
        min-height: 1.5em;
      }
      .bar i {
        display: block;
        width: calc(var(--share) * 100%);
        min-width: 1px;
        height: 0.55rem;
        background: var(--tone);
      }
      .bar.tanh i {
        background: repeating-linear-gradient(90deg, var(--tone) 0 10px, transparent 10px 13px);
      }
      .bar.sigmoid i {
        background: repeating-linear-gradient(90deg, var(--tone) 0 3px, transparent 3px 6px);
      }
      .histogram {
        display: block;
        width: 100%;
        min-width: 9rem;
        height: 4.5rem;
      }
      .histogram path {
        fill: none;
        stroke-width: 1.75;
        vector-effect: non-scaling-stroke;
      }
      .beside {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr));
        gap: 2rem clamp(1.5rem, 3vw, 3rem);
        margin-top: 2rem;
      }
      .beside > * {
        min-width: 0;
      }
      .filters {
        display: flex;
        flex-wrap: wrap;
        gap: 1rem;
      }
      figure {
        flex: 1 1 9rem;
        max-width: 18rem;
      }
      figcaption {
        display: grid;
        grid-template-columns: 2rem auto;
        gap: 0.5rem;
        align-items: center;
        margin-bottom: 0.35rem;
        font-size: 0.85rem;
      }
      .empty {
        color: var(--muted);
      }
    `,
  ];

  render() {
    const { insights, confusion } = this.state.race;
    const lines = lanesInRace()
      .map(({ activation }) => ({ activation, insight: insights[activation] }))
      .filter(({ insight }) => insight);
    return html`<h2>${t('race.why')}</h2>
      <p class="lead">${t('race.why.lead')}</p>
      ${lines.length > 0 ? this.#table(lines) : nothing}
      <div class="beside">
        ${lines.some(({ insight }) => insight.filters) ? this.#filters(lines) : nothing}
        ${confusion ? html`<confusion-matrix></confusion-matrix>` : nothing}
      </div>`;
  }

  #table(lines) {
    const layers = lines[0].insight.layers.map(({ name }) => name);
    const of = (name) =>
      lines
        .map(({ activation, insight }) => ({
          activation,
          layer: insight.layers.find((layer) => layer.name === name),
        }))
        .filter(({ layer }) => layer);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('race.why')}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t('race.why.layer')}</th>
            ${['stuck', 'gradient', 'weights', 'histogram'].map(
              (column) =>
                html`<th scope="col">
                  ${t(`race.why.${column}`)}<small>${t(`race.why.${column}.note`)}</small>
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${layers.map(
            (name) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td>${of(name).map(stuckBar)}</td>
                <td>${of(name).map((entry) => normBar(entry, 'gradientNorm'))}</td>
                <td>${of(name).map((entry) => normBar(entry, 'weightNorm'))}</td>
                <td>${histograms(of(name), name)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #filters(lines) {
    return html`<section>
      <h3>${t('race.filters')}</h3>
      <div class="filters">
        ${lines
          .filter(({ insight }) => insight.filters)
          .map(({ activation, insight }) => {
            const name = t('race.activation', { activation });
            return html`<figure>
              <figcaption>${lineSample(activation)} ${name}</figcaption>
              <pixel-picture
                .picture=${mosaic(insight.filters)}
                .label=${t('race.filters.label', { name, count: insight.filters.count })}
              ></pixel-picture>
            </figure>`;
          })}
      </div>
    </section>`;
  }
}

const tone = (activation) => `--tone: var(${STROKES[activation].colour})`;

const bar = (activation, share, text) => html`<div class="bar ${activation}" style=${tone(activation)}>
  <i style="--share: ${share}"></i>
  <span><span class="visually-hidden">${t('race.activation', { activation })}</span> ${text}</span>
</div>`;

/** Dead units of ReLU, saturated ones of the others. */
function stuckBar({ activation, layer }) {
  const share = layer.saturated ?? layer.dead;
  return share === null || share === undefined ? nothing : bar(activation, share, percent(share));
}

// Norms from 1e-6 to 1e3 on a logarithmic bar: a vanishing gradient is short, not invisible.
function normBar({ activation, layer }, key) {
  const value = layer[key];
  if (value === null || value === undefined) return nothing;
  const share = value > 0 ? Math.min(Math.max((Math.log10(value) + 6) / 9, 0), 1) : 0;
  return bar(activation, share, value === 0 || value >= 1e-3 ? count(Number(value.toPrecision(2))) : value.toExponential(0));
}

/** Outlines of the weights' histograms over a common axis. */
function histograms(entries, layer) {
  const shown = entries.filter((entry) => entry.layer.histogram);
  if (shown.length === 0) return nothing;
  const ends = shown.flatMap(({ layer: { histogram } }) => [histogram.low, histogram.high]);
  const reach = Math.max(...ends.map(Math.abs)) || 1;
  const path = ({ histogram: { low, high, counts } }) => {
    const most = Math.max(...counts, 1);
    const x = (bar) => {
      const edge = low + ((high - low) * bar) / counts.length;
      return (50 * (edge / reach + 1)).toFixed(1);
    };
    const steps = counts.flatMap((value, bar) => {
      const y = (40 - (38 * value) / most).toFixed(1);
      return [`${x(bar)},${y}`, `${x(bar + 1)},${y}`];
    });
    return `M${x(0)},40L${steps.join('L')}L${x(counts.length)},40`;
  };
  return html`<svg
    class="histogram"
    viewBox="0 0 100 41"
    preserveAspectRatio="none"
    role="img"
    aria-label=${t('race.why.histogram.label', { layer, reach: count(Number(reach.toPrecision(2))) })}
  >
    <line x1="0" y1="40" x2="100" y2="40" stroke="var(--line)"></line>
    ${shown.map(
      ({ activation, layer: own }) =>
        svg`<path d=${path(own)} stroke="var(${STROKES[activation].colour})" stroke-dasharray=${STROKES[activation].dash.map((length) => length / 2).join(' ')}></path>`,
    )}
  </svg>`;
}

/** Laid out once for each look. */
const mosaics = new WeakMap();

/** Filters one after the other, laid out in rows with a pixel between. */
function mosaic(look) {
  if (!mosaics.has(look)) mosaics.set(look, layOut(look));
  return mosaics.get(look);
}

function layOut({ width, height, count: filters, rgba }) {
  const columns = Math.ceil(Math.sqrt(filters * 1.6));
  const rows = Math.ceil(filters / columns);
  const whole = { width: columns * (width + 1) - 1, height: rows * (height + 1) - 1 };
  const pixels = new Uint8Array(whole.width * whole.height * 4);
  for (let filter = 0; filter < filters; filter += 1) {
    const left = (filter % columns) * (width + 1);
    const top = Math.floor(filter / columns) * (height + 1);
    for (let row = 0; row < height; row += 1) {
      const from = (filter * height + row) * width * 4;
      pixels.set(rgba.subarray(from, from + width * 4), ((top + row) * whole.width + left) * 4);
    }
  }
  return { ...whole, rgba: pixels };
}

customElements.define('race-inside', RaceInside);
