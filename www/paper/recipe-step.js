// The recipe of section 5: momentum and weight decay on a valley that can be
// looked into, and the learning rate that is divided by 10.
import { css, html, nothing, svg } from 'lit';
import { addressWith } from '../address.js';
import { setView } from '../actions/settings.js';
import { count, t } from '../i18n/index.js';
import { getState } from '../store.js';
import { descend, NEAR, PAPER, VALLEY } from './descent.js';
import { record, within } from './linked.js';
import { PaperStep } from './paper-step.js';

/** The race with all of the recipe, in the small AlexNet. */
const RACE = {
  view: 'train',
  network: 'alexnet-small',
  initializer: 'paper',
  dropout: 0.5,
  decay: PAPER.decay,
  crop: 4,
  schedule: 'steps',
};

const [WIDTH, HEIGHT] = [560, 240];
const RANGE = { x: 6, y: 2.57 }; // what the drawing shows to either side

class RecipeStep extends PaperStep {
  static properties = { settings: { state: true } };

  static linked = {
    settings: record({ rate: within(0.001, 0.33), momentum: within(0, 0.99), decay: within(0, 0.5) }),
  };

  static styles = [
    ...PaperStep.styles,
    css`
      .formula {
        font-size: clamp(1rem, 1.7vw, 1.35rem);
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }
      .formula span {
        display: block;
      }
      svg {
        display: block;
        width: 100%;
        background: var(--wash);
      }
      .level {
        fill: none;
        stroke: var(--line);
        vector-effect: non-scaling-stroke;
      }
      .path {
        fill: none;
        stroke: var(--accent);
        stroke-width: 2;
        vector-effect: non-scaling-stroke;
      }
      .path.plain {
        stroke: var(--attention);
        stroke-dasharray: 6 4;
      }
      .dot {
        fill: var(--accent);
      }
      .dot.plain {
        fill: var(--attention);
      }
      .goal {
        fill: none;
        stroke: var(--ink);
        stroke-width: 1.5;
      }
      .legend {
        color: inherit;
        font-size: 0.9rem;
      }
      .legend svg {
        display: inline-block;
        width: 2.2rem;
        height: 0.6rem;
        margin-right: 0.4rem;
        background: none;
      }
    `,
  ];

  constructor() {
    super();
    this.settings = { rate: PAPER.rate, momentum: PAPER.momentum, decay: PAPER.decay };
  }

  render() {
    const { rate, momentum, decay } = this.settings;
    const set = (name) => (value) => (this.settings = { ...this.settings, [name]: value });
    const paths = { plain: descend({ ...this.settings, momentum: 0 }), momentum: descend(this.settings) };
    return this.frame(
      'recipe',
      html`<p class="formula">
          <span>v ← ${momentum} v − ${decay} · ${rate} w − ${rate} ∇L</span>
          <span>w ← w + v</span>
        </p>
        <div class="controls">
          ${this.slider(
            t('paper.recipe.rate'),
            { min: -3, max: -0.5, step: 0.1, value: Math.log10(rate), text: count(rate) },
            (power) => set('rate')(Number((10 ** power).toPrecision(2))),
          )}
          ${this.slider(
            t('paper.recipe.momentum.label'),
            { min: 0, max: 0.99, step: 0.01, value: momentum, text: count(momentum) },
            set('momentum'),
          )}
          ${this.slider(
            t('paper.recipe.decay'),
            { min: 0, max: 0.5, step: 0.0005, value: decay, text: String(decay) },
            set('decay'),
          )}
          <button class="button" @click=${() => (this.settings = { ...PAPER })}>${t('paper.recipe.paper')}</button>
        </div>
        ${this.#valley(paths)}
        <p class="legend" role="status">
          ${['momentum', 'plain'].map(
            (name) => html`<span
              >${svg`<svg viewBox="0 0 36 10" aria-hidden="true"><path class="path ${name}" d="M0 5H36"></path></svg>`}${outcome(
                name,
                paths[name],
              )}</span
            >`,
          )}
        </p>
        <h3>${t('paper.recipe.schedule')}</h3>
        ${this.#schedule()}
        <p class="note">${t('paper.recipe.note')}</p>`,
      html`${t('paper.recipe.try')}<br /><a class="button" href=${addressWith({ ...RACE, step: null, set: null })} @click=${this.#openRace}
          >${t('paper.recipe.race')}</a
        >`,
    );
  }

  /** On this page, where photos and a race that runs stay. */
  #openRace = async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in a tab of its own
    event.preventDefault();
    const { view, ...fields } = RACE;
    const isNew = !getState().race;
    setView(view, isNew ? fields : {});
    if (isNew) return; // the view reads the address as it opens
    const { change } = await import('../race/actions/change.js');
    await change(fields);
  };

  #valley(paths) {
    const across = (x) => (x / (2 * RANGE.x) + 0.5) * WIDTH;
    const up = (y) => (0.5 - y / (2 * RANGE.y)) * HEIGHT;
    const shown = (path) =>
      path.map(([x, y]) => `${across(clamp(x, 20)).toFixed(1)},${up(clamp(y, 20)).toFixed(1)}`).join(' ');
    return svg`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t('paper.recipe.valley')}>
      ${[0.1, 0.4, 1, 2, 4, 7].map(
        (level) => svg`<ellipse class="level" cx=${across(0)} cy=${up(0)}
          rx=${(WIDTH / (2 * RANGE.x)) * Math.sqrt((2 * level) / VALLEY[0])}
          ry=${(HEIGHT / (2 * RANGE.y)) * Math.sqrt((2 * level) / VALLEY[1])}></ellipse>`,
      )}
      <circle class="goal" cx=${across(0)} cy=${up(0)} r="5"></circle>
      ${['plain', 'momentum'].map((name) => {
        const [x, y] = paths[name].at(-1);
        return svg`<polyline class="path ${name}" points=${shown(paths[name])}></polyline>
          ${Math.abs(x) < RANGE.x && Math.abs(y) < RANGE.y
            ? svg`<circle class="dot ${name}" cx=${across(x)} cy=${up(y)} r="5"></circle>`
            : nothing}`;
      })}
    </svg>`;
  }

  /** The rate of the paper over its 90 epochs, on a logarithmic scale. */
  #schedule() {
    // Where exactly it was divided the paper does not say: three times, before the end.
    const steps = [0, 30, 60, 80, 90];
    const rates = ['0.01', '0.001', '0.0001', '0.00001'];
    const across = (epoch) => 60 + (epoch / 90) * (WIDTH - 80);
    const up = (index) => 20 + index * 28;
    const line = rates.map((_, index) => `${index ? 'V' : `M${across(0)} `}${up(index)}H${across(steps[index + 1])}`);
    return svg`<svg viewBox="0 0 ${WIDTH} 140" role="img" aria-label=${t('paper.recipe.schedule.drawing')}>
      <path class="path" d=${line.join('')}></path>
      ${rates.map((rate, index) => svg`<text x="6" y=${up(index) + 4}>${rate}</text>`)}
      ${[0, 30, 60, 90].map(
        (epoch) => svg`<text x=${across(epoch)} y="134" text-anchor="middle">${epoch}</text>`,
      )}
    </svg>`;
  }
}

const clamp = (value, limit) => Math.min(limit, Math.max(-limit, value));

function outcome(name, path) {
  const last = path.at(-1);
  const diverged = !last.every(Number.isFinite) || Math.hypot(...last) > 20;
  const arrived = Math.hypot(...last) <= NEAR;
  return t(`paper.recipe.${name}`, {
    steps: path.length - 1,
    outcome: diverged ? 'lost' : arrived ? 'there' : 'underway',
  });
}

customElements.define('recipe-step', RecipeStep);
