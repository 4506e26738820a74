// A picture that a unit likes: gradient ascent on the input, seen as it goes.
import { css, html, nothing, svg } from 'lit';
import { proxy } from 'comlink';
import { engine } from '../engine.js';
import { count, figure, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { paint } from '../pixels.js';
import { WhyPanel } from './why-panel.js';

// Bytes of each pixel a step, as a root mean square; what does not help fades and blurs.
const ASCENT = { rate: 5, decay: 0.004, blurEvery: 6 };

class WhyPicture extends WhyPanel {
  static properties = {
    layer: { state: true },
    unit: { state: true },
    from: { state: true },
    steps: { state: true },
  };

  static styles = [
    WhyPanel.styles,
    css`
      figure {
        display: grid;
        gap: 0.25rem;
        max-width: 26rem;
        color: var(--muted);
        font-size: 0.85rem;
      }
      figcaption {
        display: flex;
        justify-content: space-between;
        gap: 1rem;
        font-variant-numeric: tabular-nums;
      }
      svg {
        display: block;
        width: 100%;
        height: 4.5rem;
        border-bottom: 1px solid var(--line);
        border-left: 1px solid var(--line);
      }
      polyline {
        fill: none;
        stroke: var(--accent);
        stroke-width: 2.5;
        vector-effect: non-scaling-stroke;
      }
      input[type='number'] {
        width: 7rem;
      }
    `,
  ];

  constructor() {
    super();
    this.unit = 0;
    this.from = 'noise';
    this.steps = 60;
  }

  /** The scores of the classes, and all layers with units of their own, the last first. */
  get #layers() {
    const { layers } = this;
    const scores = layers.findLast(({ kind }) => kind !== 'softmax');
    const others = layers.filter((layer) => ['conv2d', 'linear'].includes(layer.kind) && layer !== scores);
    return [scores, ...others.toReversed()];
  }

  /** Which unit of which layer: of the scores, that of the class asked about. */
  get #wanted() {
    const layers = this.#layers;
    const layer = layers.find(({ name }) => name === this.layer) ?? layers[0];
    const isScore = layer === layers[0];
    const units = layer.shape.at(-1);
    const unit = isScore ? this.answer.index : Math.min(Math.max(this.unit, 0), units - 1);
    return { layer, unit, units, isScore };
  }

  get #question() {
    const { layer, unit } = this.#wanted;
    return `${layer.name} ${unit} ${this.from} ${this.steps}`;
  }

  #start = () => {
    const { layer, unit } = this.#wanted;
    const { from, steps } = this;
    const curve = [];
    this.work.run(this.#question, async (tell, keep) => {
      const show = (state) => {
        curve.push(state.activation);
        keep({ ...state, curve });
        return tell(state.step, steps);
      };
      const options = { ...ASCENT, steps, from };
      return { ...(await engine.maximise(layer.name, unit, options, proxy(show))), curve };
    });
  };

  render() {
    const question = this.#question;
    const result = this.work.result(question);
    const isRunning = this.work.isRunning(question);
    const { width, height } = this.crop;
    const sentence = result && !isRunning ? this.#sentence(result) : '';
    return this.frame(
      html`<canvas
        role="img"
        width=${width}
        height=${height}
        aria-label=${result
          ? t('why.picture.label', { what: this.#what, step: result.step })
          : t('spine.crop', { width, height })}
      ></canvas>`,
      html`${this.#controls(isRunning)} ${this.going(question, this.#start)}
        ${result ? this.#curve(result) : nothing}
        <p class="result" role="status" ?hidden=${!sentence}>${sentence}</p>
        <p class="note">${t('why.picture.how')}</p>`,
    );
  }

  updated() {
    const picture = this.work.result(this.#question) ?? (this.from === 'picture' ? this.crop : null);
    const canvas = this.renderRoot.querySelector('canvas');
    if (picture) paint(canvas, picture);
    else {
      const context = canvas.getContext('2d');
      context.fillStyle = '#808080';
      context.fillRect(0, 0, canvas.width, canvas.height);
    }
  }

  /** The unit in words. */
  get #what() {
    const { layer, unit, isScore } = this.#wanted;
    return isScore ? this.answer.name : t('why.picture.unit', { unit, layer: layer.name });
  }

  #controls(isRunning) {
    const { layer, units, isScore } = this.#wanted;
    const options = this.#layers.map(({ name, shape }, at) => [
      name,
      at === 0 ? t('why.picture.scores') : `${name} (${shape.at(-1)})`,
    ]);
    return html`<div class="controls">
        ${this.choice(t('why.layer'), options, layer.name, (name) => (this.layer = name))}
        ${isScore
          ? nothing
          : html`<label class="field">
              ${t('why.picture.which', { last: count(units - 1) })}
              <input
                class="box"
                type="number"
                min="0"
                max=${units - 1}
                .value=${String(this.#wanted.unit)}
                @change=${(event) => (this.unit = Math.round(event.target.valueAsNumber) || 0)}
              />
            </label>`}
        ${this.choice(
          t('why.picture.from'),
          ['noise', 'picture'].map((from) => [from, t(`why.picture.from.${from}`)]),
          this.from,
          (from) => (this.from = from),
        )}
        ${this.slider(
          t('why.picture.steps'),
          { min: 20, max: 300, step: 20, value: this.steps },
          (steps) => (this.steps = steps),
        )}
      </div>
      ${isRunning
        ? nothing
        : html`<div>
            <button class="button primary" ?disabled=${!this.work.isPossible} @click=${this.#start}>
              ${icon('play')} ${t('why.picture.start', { what: this.#what })}
            </button>
          </div>`}`;
  }

  #curve({ curve, step }) {
    const [low, high] = [Math.min(...curve), Math.max(...curve)];
    const points = curve.map((value, at) => {
      const [x, y] = [at / this.steps, high > low ? (value - low) / (high - low) : 0];
      return `${(300 * x).toFixed(1)},${(58 - 56 * y).toFixed(1)}`;
    });
    return html`<figure>
      <figcaption>
        <span>${t('why.picture.activation', { value: figure(curve.at(-1)) })}</span>
        <span>${t('why.picture.step', { step, steps: this.steps })}</span>
      </figcaption>
      <svg viewBox="0 0 300 60" preserveAspectRatio="none" aria-hidden="true">
        ${svg`<polyline points=${points.join(' ')}></polyline>`}
      </svg>
    </figure>`;
  }

  #sentence({ step, curve }) {
    const [first, last] = [curve[0], curve.at(-1)].map((value) => figure(value));
    return t('why.picture.result', { what: this.#what, steps: step, first, last });
  }
}

customElements.define('why-picture', WhyPicture);
