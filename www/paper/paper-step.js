// What every step of the paper is: on the left what to see and what the paper
// says of it, on the right a figure to be tried.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { t } from '../i18n/index.js';

const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .text {
    padding: clamp(1.25rem, 2.5vw, 2.5rem) var(--gutter);
    background: var(--table);
    color: var(--on-table);
    --focus: #fff;
  }
  h2 {
    max-width: 18ch;
    margin: 0 0 0.6rem;
    font-size: clamp(1.7rem, 2.7vw, 2.75rem);
    font-weight: 750;
    line-height: 1.08;
    letter-spacing: -0.03em;
    text-wrap: balance;
  }
  .lead {
    max-width: 34rem;
    font-size: 1.02rem;
    text-wrap: pretty;
  }
  .facts {
    display: grid;
    gap: 0.9rem;
    max-width: 34rem;
    margin-top: 1.5rem;
  }
  .facts dt {
    color: var(--on-table-muted);
    font-size: 0.82rem;
  }
  .facts dd {
    font-size: 0.95rem;
    text-wrap: pretty;
  }
  .facts .button {
    margin-top: 0.5rem;
    border-color: #ffffff55;
    background: none;
    color: inherit;
  }
  .figure {
    display: grid;
    align-content: start;
    gap: 1.25rem;
    min-width: 0;
    padding: clamp(1.25rem, 2.5vw, 2.5rem) var(--gutter);
  }
  h3 {
    margin: 0;
    font-size: 1.05rem;
    font-weight: 650;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.75rem 1.5rem;
  }
  .field {
    display: grid;
    gap: 0.2rem;
    min-width: 9rem;
    color: var(--muted);
    font-size: 0.85rem;
  }
  .field output,
  output.value {
    color: var(--ink);
    font-weight: 650;
    font-variant-numeric: tabular-nums;
  }
  .field span {
    display: flex;
    justify-content: space-between;
    gap: 0.5rem;
  }
  input[type='range'] {
    width: 100%;
    margin: 0;
    accent-color: var(--accent);
  }
  input[type='checkbox'],
  input[type='radio'] {
    accent-color: var(--accent);
  }
  .examples {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
  }
  .examples .button {
    min-height: 2.25rem;
    font-size: 0.88rem;
    font-weight: 500;
  }
  .examples [aria-pressed='true'] {
    border-color: var(--accent);
    box-shadow: inset 0 0 0 1px var(--accent);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.5rem;
    color: var(--muted);
    font-size: 0.85rem;
  }
  .choice {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    min-height: 2.5rem;
  }
  .note {
    max-width: 46rem;
    color: var(--muted);
    font-size: 0.9rem;
    text-wrap: pretty;
  }
  table {
    border-collapse: collapse;
    font-size: 0.9rem;
    font-variant-numeric: tabular-nums;
  }
  th {
    color: var(--muted);
    font-weight: 500;
    text-align: left;
  }
  th,
  td {
    padding: 0.25rem 1rem 0.25rem 0;
    white-space: nowrap;
  }
  .place {
    display: flex;
    flex-wrap: wrap;
    gap: 1rem 2rem;
  }
  .place .photo {
    position: relative;
    width: min(14rem, 100%);
    cursor: crosshair;
  }
  .place i {
    position: absolute;
    left: calc(100% * var(--x));
    top: calc(100% * var(--y));
    width: max(6px, 100% * var(--width));
    height: max(6px, 100% * var(--height));
    outline: 2px solid #fff;
    box-shadow: 0 0 0 4px #000a;
    pointer-events: none;
  }
  .place .controls {
    flex: 1 1 14rem;
    align-content: start;
  }
  .wrapping th {
    white-space: normal;
  }
  td.number,
  th.number {
    text-align: right;
  }
  .scroll {
    max-width: 100%;
    overflow-x: auto;
  }
  svg text {
    fill: var(--muted);
    font-size: 11px;
    font-family: inherit;
  }
  @media (min-width: 56rem) {
    :host {
      grid-template-columns: minmax(19rem, 0.5fr) minmax(0, 1fr);
      min-height: clamp(30rem, calc(100svh - 12rem), 60rem);
    }
    .figure {
      padding-left: clamp(1.5rem, 3vw, 3rem);
    }
  }
`;

/** A step; `name` is that of its texts: `paper.NAME`, `.lead`, `.fact`. */
export class PaperStep extends Component {
  static styles = [Component.styles, styles];

  /**
   * @param {string} name
   * @param {unknown} figure what there is to try
   * @param {unknown} [here] what was measured here, beside what the paper says
   */
  frame(name, figure, here) {
    return html`<div class="text">
        <h2>${t(`paper.${name}`)}</h2>
        <p class="lead">${t(`paper.${name}.lead`)}</p>
        <dl class="facts">
          <div>
            <dt>${t('paper.fact')}</dt>
            <dd>${t(`paper.${name}.fact`)}</dd>
          </div>
          ${here
            ? html`<div>
                <dt>${t('paper.here')}</dt>
                <dd>${here}</dd>
              </div>`
            : nothing}
        </dl>
      </div>
      <div class="figure">${figure}</div>`;
  }

  /**
   * A labelled slider with its value; `change` gets the number.
   *
   * @param {string} label
   * @param {{ min: number, max: number, step: number, value: number, text?: string }} range
   * @param {(value: number) => void} change
   */
  slider(label, { min, max, step, value, text = String(value) }, change) {
    return html`<label class="field">
      <span>${label} <output>${text}</output></span>
      <input
        type="range"
        aria-label=${label}
        min=${min}
        max=${max}
        step=${step}
        .value=${String(value)}
        aria-valuetext=${text}
        @input=${(event) => change(event.target.valueAsNumber)}
      />
    </label>`;
  }
}
