// ReLU beside tanh and the sigmoid: the curves, their slopes, and what is left
// of a gradient that goes down through several layers of them.
import { css, html, nothing, svg } from 'lit';
import { setView } from '../actions/settings.js';
import { count, t } from '../i18n/index.js';
import { whole, within } from './linked.js';
import { PaperStep } from './paper-step.js';
import { PhotoVariants } from './photo-variants.js';

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

const ACTIVATIONS = {
  relu: { value: (x) => Math.max(0, x), slope: (x) => (x > 0 ? 1 : 0) },
  tanh: { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 },
  sigmoid: { value: sigmoid, slope: (x) => sigmoid(x) * (1 - sigmoid(x)) },
};

/** By name in PhotoVariants: whether a value came from where the slope is below a tenth of its largest. */
const FLAT = {
  paper: (value) => value === 0,
  tanh: (value) => 1 - value ** 2 < 0.1,
  sigmoid: (value) => 4 * value * (1 - value) < 0.1,
};

const REACH = 6; // of the axis of x, to either side
const LAYERS = 8; // as AlexNet has
const [WIDTH, HEIGHT] = [320, 200];

const isRelu = ({ kind }) => kind === 'relu';

class ActivationStep extends PaperStep {
  static properties = { x: { state: true }, layers: { state: true } };

  static linked = { x: within(-REACH, REACH), layers: whole(1, LAYERS) };

  static styles = [
    ...PaperStep.styles,
    css`
      :host {
        --relu: var(--accent);
        --tanh: var(--attention);
        --sigmoid: light-dark(#4a535c, #b4bec7);
      }
      .plots {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr));
        gap: 1.25rem;
      }
      .plots svg {
        display: block;
        width: 100%;
        overflow: visible;
      }
      .plots figcaption {
        margin-bottom: 0.3rem;
        font-weight: 650;
      }
      .axis {
        stroke: var(--line);
        vector-effect: non-scaling-stroke;
      }
      .curve {
        fill: none;
        stroke-width: 2.5;
        vector-effect: non-scaling-stroke;
      }
      .relu {
        stroke: var(--relu);
      }
      .tanh {
        stroke: var(--tanh);
        stroke-dasharray: 8 4;
      }
      .sigmoid {
        stroke: var(--sigmoid);
        stroke-dasharray: 2 3;
      }
      .cursor {
        stroke: var(--ink);
        stroke-width: 1;
        vector-effect: non-scaling-stroke;
      }
      circle[class] {
        stroke-width: 2;
        fill: var(--paper);
        stroke-dasharray: none;
      }
      .sample {
        width: 2.2rem;
        height: 0.6rem;
        margin-right: 0.5rem;
        overflow: visible;
      }
      td.left {
        font-weight: 650;
      }
      .bar {
        display: block;
        width: clamp(5rem, 16vw, 14rem);
        height: 0.6rem;
        background: linear-gradient(90deg, var(--accent) calc(100% * var(--share)), var(--wash) 0);
      }
    `,
  ];

  #variants = new PhotoVariants(this, {
    variants: { tanh: 'tanh', sigmoid: 'sigmoid' },
    applies: isRelu,
    maps: { layers: (layers) => layers.filter(isRelu), flat: FLAT },
  });

  constructor() {
    super();
    this.x = 2.5;
    this.layers = LAYERS;
  }

  render() {
    return this.frame(
      'activation',
      html`<div class="controls">
          ${this.slider(
            t('paper.activation.x'),
            { min: -REACH, max: REACH, step: 0.1, value: this.x, text: count(this.x) },
            (x) => (this.x = x),
          )}
          ${this.slider(
            t('paper.activation.layers'),
            { min: 1, max: LAYERS, step: 1, value: this.layers },
            (layers) => (this.layers = layers),
          )}
        </div>
        <div class="plots">${this.#plot('value', -1.2, 3)} ${this.#plot('slope', -0.1, 1.15)}</div>
        <div class="scroll">${this.#table()}</div>
        <p class="note">${t('paper.activation.note')}</p>
        ${this.#variants.render()}`,
      html`${this.#race()}
        <p role="status">${this.#variants.here()}</p>`,
    );
  }

  /** What the race of this visit came to. */
  #race() {
    const lanes = this.state.race?.lanes;
    const [relu, tanh] = ['relu', 'tanh'].map((name) => lanes?.[name].curve?.crossing?.epochs);
    return html`${relu && tanh
        ? t('paper.activation.ratio', { ratio: count(Number((tanh / relu).toPrecision(2))) })
        : t('paper.activation.untried')}<br /><button class="button" @click=${() => setView('train')}>
        ${t('paper.activation.race')}
      </button>`;
  }

  #plot(kind, low, high) {
    const across = (x) => ((x + REACH) / (2 * REACH)) * WIDTH;
    const up = (y) => HEIGHT - ((y - low) / (high - low)) * HEIGHT;
    const curve = (name) => {
      const points = [];
      for (let x = -REACH; x <= REACH + 1e-9; x += 0.05) {
        const y = ACTIVATIONS[name][kind](x);
        if (y <= high) points.push(`${across(x).toFixed(1)},${up(y).toFixed(1)}`);
      }
      return points.join(' ');
    };
    const names = Object.keys(ACTIVATIONS);
    return html`<figure>
      <figcaption>${t(`paper.activation.${kind}`)}</figcaption>
      ${svg`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
        <path class="axis" d="M0 ${up(0)}H${WIDTH}M${across(0)} 0V${HEIGHT}"></path>
        <text x=${across(0) + 4} y=${up(1) + 4}>1</text>
        <path class="axis" d="M${across(0) - 4} ${up(1)}h8"></path>
        <path class="cursor" d="M${across(this.x)} 0V${HEIGHT}"></path>
        ${names.map((name) => svg`<polyline class="curve ${name}" points=${curve(name)}></polyline>`)}
        ${names.map((name) => {
          const y = ACTIVATIONS[name][kind](this.x);
          return y <= high
            ? svg`<circle class=${name} cx=${across(this.x)} cy=${up(y)} r="4.5"></circle>`
            : nothing;
        })}
      </svg>`}
    </figure>`;
  }

  #table() {
    const { x, layers } = this;
    return html`<table>
      <thead>
        <tr>
          <th scope="col"><span class="visually-hidden">${t('paper.activation.name')}</span></th>
          <th scope="col" class="number">f(x)</th>
          <th scope="col" class="number">f′(x)</th>
          <th scope="col" colspan="2">${t('paper.activation.through', { layers })}</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(ACTIVATIONS).map(([name, { value, slope }]) => {
          const left = slope(x) ** layers;
          return html`<tr>
            <th scope="row">
              ${svg`<svg class="sample" viewBox="0 0 36 10" aria-hidden="true">
                <path class="curve ${name}" d="M0 5H36"></path></svg>`}${t('race.activation', { activation: name })}
            </th>
            <td class="number">${digits(value(x))}</td>
            <td class="number">${digits(slope(x))}</td>
            <td class="number left">${small(left)}</td>
            <td><span class="bar" style="--share: ${left}"></span></td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }
}

const digits = (value) => value.toFixed(3).replace('-', '−');

/** A share that may be next to nothing: 0.42, or 3.1 × 10⁻⁹. */
function small(share) {
  if (share === 0 || share >= 0.001) return digits(share);
  const power = Math.floor(Math.log10(share));
  const raised = String(power).replace('-', '⁻').replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[digit]);
  return `${(share / 10 ** power).toFixed(1)} × 10${raised}`;
}

customElements.define('activation-step', ActivationStep);
