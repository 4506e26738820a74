// Several networks that decide together: the paper's figures, and why seven were
// not much better than one.
import { css, html, svg } from 'lit';
import { count, percent, t } from '../i18n/index.js';
import { MOST, decide, drawPhotos } from './ensemble.js';
import { whole, within } from './linked.js';
import { PaperStep } from './paper-step.js';
import { PhotoEnsemble } from './photo-ensemble.js';

/** Table 2: top-5 errors in percent; networks: how many, 0 for the runner-up. */
const PAPER = [
  { networks: 0, validation: null, test: 26.2 },
  { networks: 1, validation: 18.2, test: null },
  { networks: 5, validation: 16.4, test: 16.4 },
  { networks: 7, validation: 15.4, test: 15.3 },
];
const RANGES = {
  error: { min: 0.02, max: 0.5, step: 0.002 },
  correlation: { min: 0, max: 1, step: 0.01 },
};
const SHOWN = 80; // photos in a row
const [WIDTH, HEIGHT, LEFT, BOTTOM] = [400, 190, 40, 24];

class EnsembleStep extends PaperStep {
  static properties = {
    networks: { state: true },
    error: { state: true },
    correlation: { state: true },
    photos: { state: true },
  };

  static linked = {
    networks: whole(1, MOST),
    error: within(RANGES.error.min, RANGES.error.max),
    correlation: within(RANGES.correlation.min, RANGES.correlation.max),
  };

  static styles = [
    ...PaperStep.styles,
    css`
      .controls .field {
        flex: 1 1 9rem;
        max-width: 18rem;
      }
      .figures .bar {
        display: block;
        width: calc(clamp(8rem, 32vw, 34rem) * var(--share));
        height: 1.1rem;
        background: var(--accent);
      }
      .figures .other .bar {
        background: color-mix(in srgb, var(--ink) 45%, var(--wash));
      }
      .figures td.number {
        font-weight: 650;
      }
      .photos {
        width: 100%;
      }
      .photos td:nth-child(2) {
        width: 100%;
      }
      .photos th,
      .photos td {
        padding: 1px 0.75rem 1px 0;
      }
      .row {
        display: block;
        width: 100%;
        height: 0.9rem;
        background: var(--wash);
      }
      .row path {
        fill: var(--attention);
      }
      tfoot td,
      tfoot th {
        padding-top: 0.5rem;
        color: var(--ink);
        font-weight: 650;
      }
      tfoot .row {
        height: 1.4rem;
      }
      .curve {
        display: block;
        width: 100%;
        max-width: 36rem;
      }
      .axis {
        fill: none;
        stroke: var(--line);
        vector-effect: non-scaling-stroke;
      }
      polyline {
        fill: none;
        stroke: var(--accent);
        stroke-width: 2.5;
        vector-effect: non-scaling-stroke;
      }
      .vote {
        stroke: var(--muted);
        stroke-dasharray: 3 3;
      }
      .now {
        fill: var(--accent);
      }
      .paper {
        fill: var(--paper);
        stroke: var(--ink);
        stroke-width: 2;
      }
      .legend svg {
        width: 2rem;
        height: 0.75rem;
        margin-right: 0.4rem;
      }
    `,
  ];

  #seed = 1;
  #photoWork = new PhotoEnsemble(this);

  constructor() {
    super();
    this.networks = 7;
    this.error = 0.182;
    this.correlation = 0.75;
    this.photos = drawPhotos(this.#seed);
  }

  render() {
    const { networks, error, correlation } = this;
    const decision = decide(this.photos, { error, correlation });
    return this.frame(
      'ensemble',
      html`<h3>${t('paper.ensemble.figures')}</h3>
        <div class="scroll" tabindex="0" role="group" aria-label=${t('paper.ensemble.figures')}>
          ${this.#figures()}
        </div>
        <h3>${t('paper.ensemble.try')}</h3>
        <div class="controls">
          ${this.slider(
            t('paper.ensemble.networks'),
            { min: 1, max: MOST, step: 1, value: networks },
            (value) => (this.networks = value),
          )}
          ${this.slider(
            t('paper.ensemble.error'),
            { ...RANGES.error, value: error, text: percent(error) },
            (value) => (this.error = value),
          )}
          ${this.slider(
            t('paper.ensemble.correlation'),
            { ...RANGES.correlation, value: correlation, text: count(correlation) },
            (value) => (this.correlation = value),
          )}
          <button class="button" @click=${() => (this.photos = drawPhotos((this.#seed += 1)))}>
            ${t('paper.ensemble.photos')}
          </button>
        </div>
        ${this.#photos(decision)} ${this.#curve(decision)} ${this.#photoWork.render()}
        <p class="note">${t('paper.ensemble.note')}</p>`,
      html`<span role="status"
        >${t('paper.ensemble.outcome', {
          networks,
          one: percent(decision.average[0]),
          average: percent(decision.average[networks - 1]),
          vote: percent(decision.vote[networks - 1]),
        })}</span
      ><p>${this.#photoWork.here()}</p>`,
    );
  }

  #figures() {
    const most = Math.max(...PAPER.map(({ validation, test }) => validation ?? test));
    const cell = (value) => html`<td class="number">${value === null ? '–' : percent(value / 100)}</td>`;
    return html`<table class="figures">
      <thead>
        <tr>
          <th scope="col"><span class="visually-hidden">${t('paper.ensemble.who')}</span></th>
          <th scope="col" class="number">${t('paper.ensemble.set', { set: 'validation' })}</th>
          <th scope="col" class="number">${t('paper.ensemble.set', { set: 'test' })}</th>
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${PAPER.map(
          ({ networks, validation, test }) => html`<tr class=${networks === 0 ? 'other' : ''}>
            <th scope="row">${t('paper.ensemble.of', { networks })}</th>
            ${cell(validation)} ${cell(test)}
            <td><span class="bar" style="--share: ${(validation ?? test) / most}"></span></td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /** A row for each network, a column for each of the first photos: filled where it errs. */
  #photos({ wrong, together }) {
    const { networks } = this;
    const row = (errs) => {
      const cells = Array.from({ length: SHOWN }, (_, photo) => (errs(photo) ? `M${photo} 0h.85v1h-.85z` : ''));
      return svg`<svg class="row" viewBox="0 0 ${SHOWN} 1" preserveAspectRatio="none" aria-hidden="true"><path d=${cells.join('')}></path></svg>`;
    };
    const errors = (errs) => Array.from({ length: SHOWN }, (_, photo) => errs(photo)).filter(Boolean).length;
    const line = (head, errs) => html`<tr>
      <th scope="row">${head}</th>
      <td>${row(errs)}</td>
      <td class="number">${errors(errs)} / ${SHOWN}</td>
    </tr>`;
    return html`<table class="photos" aria-label=${t('paper.ensemble.rows', { shown: SHOWN })}>
        <tbody>
          ${Array.from({ length: networks }, (_, network) =>
            line(network + 1, (photo) => wrong(network, photo)),
          )}
        </tbody>
        <tfoot>
          ${line(t('paper.ensemble.together'), (photo) => together(networks, photo))}
        </tfoot>
      </table>
      <p class="note">${t('paper.ensemble.rows', { shown: SHOWN })}</p>`;
  }

  #curve({ average, vote }) {
    const top = Math.max(0.3, Math.ceil(this.error * 10) / 10);
    const across = (number) => LEFT + ((number - 1) / (MOST - 1)) * (WIDTH - LEFT - 16);
    const up = (share) => 8 + (1 - share / top) * (HEIGHT - BOTTOM - 16);
    const line = (shares) =>
      shares.map((share, at) => `${across(at + 1).toFixed(1)},${up(share).toFixed(1)}`).join(' ');
    const spoken = { networks: this.networks, average: percent(average.at(-1)), most: MOST };
    const paper = PAPER.filter(({ networks }) => networks > 0);
    return html`<figure>
      ${svg`<svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t('paper.ensemble.curve', spoken)}>
        ${[0, 0.1, 0.2, 0.3, 0.4, 0.5].filter((share) => share <= top + 1e-9).map(
          (share) => svg`<path class="axis" d="M${LEFT} ${up(share)}H${WIDTH}"></path>
            <text x=${LEFT - 6} y=${up(share) + 4} text-anchor="end">${percent(share, 0)}</text>`,
        )}
        ${[1, 5, 7, 10, 15, 20].map(
          (number) => svg`<text x=${across(number)} y=${HEIGHT - 4} text-anchor="middle">${number}</text>`,
        )}
        <polyline class="vote" points=${line(vote)}></polyline>
        <polyline points=${line(average)}></polyline>
        <circle class="now" cx=${across(this.networks)} cy=${up(average[this.networks - 1])} r="5.5"></circle>
        ${paper.map(
          ({ networks, validation }) =>
            svg`<circle class="paper" cx=${across(networks)} cy=${up(validation / 100)} r="4"></circle>`,
        )}
      </svg>`}
      <figcaption class="legend">
        <span>${svg`<svg viewBox="0 0 32 12" aria-hidden="true"><polyline points="0,6 32,6"></polyline></svg>`}${t('paper.ensemble.line', { line: 'average' })}</span>
        <span>${svg`<svg viewBox="0 0 32 12" aria-hidden="true"><polyline class="vote" points="0,6 32,6"></polyline></svg>`}${t('paper.ensemble.line', { line: 'vote' })}</span>
        <span>${svg`<svg viewBox="0 0 32 12" aria-hidden="true"><circle class="paper" cx="16" cy="6" r="4"></circle></svg>`}${t('paper.ensemble.line', { line: 'paper' })}</span>
      </figcaption>
    </figure>`;
  }
}

customElements.define('ensemble-step', EnsembleStep);
