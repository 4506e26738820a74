// Local response normalisation: 16 channels at one position, of which a loud one
// silences its neighbours; the sum of one channel with its numbers filled in.
import { html } from 'lit';
import { count, percent, t } from '../i18n/index.js';
import { ablation } from './ablations.js';
import { normalisationStyles } from './normalisation-step.styles.js';
import { oneOf, record, whole, within } from './linked.js';
import { PaperStep } from './paper-step.js';
import { PhotoPlace } from './photo-place.js';
import { PhotoVariants } from './photo-variants.js';
import { normal, randomFrom } from './random.js';
import { SOURCES, normalise } from './response-norm.js';

const HIGHEST = 400; // of a value, if none is higher: so large they are after conv1, whose input is 0 to 255 less its mean
const LOUD = [40, 55, 20, 70, 35, 60, 380, 90, 45, 15, 65, 30, 80, 50, 25, 75];
const MOST_VALUE = 1e5; // that a link may set
const NEIGHBOUR = 7; // of the loud one
const DRAG = 4; // pixels before a press is a drag

const SLIDERS = {
  k: { min: 0.5, max: 4, step: 0.5 },
  n: { min: 1, max: 15, step: 2 },
  alpha: { min: 0, max: 0.0005, step: 0.00001 },
  beta: { min: 0, max: 1.5, step: 0.05 },
};

const plain = (value) => String(Number(value.toPrecision(3)));

const isNormalisation = ({ kind }) => kind === 'local_response_norm';

/** What the first normalisation reads; where there is none, what it would read. */
const normalised = (layers) =>
  layers.find(isNormalisation)?.inputs[0] ??
  layers.find(({ kind }) => kind === 'relu')?.name;

class NormalisationStep extends PaperStep {
  static properties = {
    values: { state: true },
    channel: { state: true },
    constants: { state: true },
  };

  static linked = {
    values: (values) =>
      Array.isArray(values) && values.length === LOUD.length && values.every(within(0, MOST_VALUE)),
    channel: whole(0, LOUD.length - 1),
    constants: record({
      k: within(SLIDERS.k.min, SLIDERS.k.max),
      n: whole(SLIDERS.n.min, SLIDERS.n.max),
      alpha: within(SLIDERS.alpha.min, SLIDERS.alpha.max),
      beta: within(SLIDERS.beta.min, SLIDERS.beta.max),
      divided: oneOf(false, true),
    }),
  };

  static styles = [...PaperStep.styles, normalisationStyles];

  #seed = 0;

  #place = new PhotoPlace(this, {
    layer: normalised,
    size: { side: 1, channels: LOUD.length },
    take: (values) => (this.values = values.map(Math.round)),
  });

  #press = null;

  #variants = new PhotoVariants(this, {
    variants: { unnormalised: 'unnormalised' },
    applies: isNormalisation,
    maps: { layers: (layers) => layers.filter(isNormalisation) },
  });

  constructor() {
    super();
    this.values = LOUD;
    this.channel = NEIGHBOUR;
    this.constants = SOURCES.paper;
  }

  render() {
    const { constants, channel, values } = this;
    const set = (name) => (value) =>
      (this.constants = { ...constants, [name]: Number(value.toPrecision(3)) });
    return this.frame(
      'normalisation',
      html`<div class="examples" role="group" aria-label=${t('paper.normalisation.sources')}>
          ${Object.entries(SOURCES).map(
            ([source, own]) => html`<button
              class="button"
              aria-pressed=${Object.keys(own).every((key) => own[key] === constants[key])}
              @click=${() => (this.constants = own)}
            >
              ${t('paper.normalisation.source', { source })}
            </button>`,
          )}
        </div>
        ${this.#channels()}
        <div class="controls">
          ${this.slider(
            t('paper.normalisation.channel'),
            { min: 1, max: values.length, step: 1, value: channel + 1 },
            (number) => (this.channel = number - 1),
          )}
          ${this.slider(
            t('paper.normalisation.value'),
            { min: 0, max: this.#highest, step: 1, value: values[channel] },
            (value) => this.#set(channel, value),
          )}
          <button class="button" @click=${this.#shuffle}>${t('paper.normalisation.shuffle')}</button>
          <button class="button" @click=${() => ((this.values = LOUD), (this.channel = NEIGHBOUR))}>
            ${t('paper.normalisation.loud')}
          </button>
        </div>
        ${this.#place.render()} ${this.#formula()}
        <div class="controls">
          ${Object.entries(SLIDERS).map(([name, range]) =>
            this.slider(
              t('paper.normalisation.constant', { name }),
              { ...range, value: constants[name], text: String(constants[name]) },
              set(name),
            ),
          )}
          <label class="choice">
            <input
              type="checkbox"
              .checked=${constants.divided}
              @change=${({ target }) => (this.constants = { ...constants, divided: target.checked })}
            />
            ${t('paper.normalisation.divided')}
          </label>
        </div>
        <h3>${t('paper.normalisation.sources')}</h3>
        <div class="scroll" tabindex="0" role="group" aria-label=${t('paper.normalisation.sources')}>
          ${this.#sources()}
        </div>
        ${ablation(148)} ${this.#variants.render()}
        <p class="note">${t('paper.normalisation.note')}</p>`,
      html`<p role="status">${this.#variants.here()}</p>`,
    );
  }

  /** Of the axis: a photo may have larger values than the example. */
  get #highest() {
    return Math.max(HIGHEST, ...this.values);
  }

  #set(channel, value) {
    this.values = this.values.with(channel, value);
  }

  #shuffle() {
    const random = randomFrom((this.#seed += 1));
    const draw = () => Math.min(HIGHEST, Math.round(Math.abs(normal(random)) * 28) * 5);
    this.values = this.values.map(draw);
  }

  /** A bar is chosen by a press, and set by dragging; the sliders below do both too. */
  #channels() {
    const { values, channel, constants } = this;
    const { first, last } = normalise(values, channel, constants);
    const results = values.map((_, at) => normalise(values, at, constants).result);
    return html`<figure>
      <div
        class="channels"
        role="img"
        aria-label=${t('paper.normalisation.drawing')}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${() => (this.#press = null)}
        @pointercancel=${() => (this.#press = null)}
      >
        ${values.map(
          (value, at) => html`<div
            class="channel ${at >= first && at <= last ? 'summed' : ''} ${at === channel ? 'looked' : ''}"
          >
            <i class="before" style="--share: ${value / this.#highest}"></i>
            <i class="after" style="--share: ${Math.min(1, results[at] / this.#highest)}"></i>
          </div>`,
        )}
      </div>
      <figcaption class="legend">
        <span><i class="before"></i>${t('paper.normalisation.before')}</span>
        <span><i class="after"></i>${t('paper.normalisation.after')}</span>
      </figcaption>
      <div class="visually-hidden">
        <table>
        <caption>
          ${t('paper.normalisation.drawing')}
        </caption>
        <tr>
          <th scope="col">${t('paper.normalisation.channel')}</th>
          <th scope="col">${t('paper.normalisation.before')}</th>
          <th scope="col">${t('paper.normalisation.after')}</th>
        </tr>
        ${values.map(
          (value, at) => html`<tr>
            <th scope="row">${at + 1}</th>
            <td>${value}</td>
            <td>${plain(results[at])}</td>
          </tr>`,
        )}
        </table>
      </div>
    </figure>`;
  }

  #down(event) {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const at = Math.floor(((event.clientX - left) / width) * this.values.length);
    this.channel = Math.min(this.values.length - 1, Math.max(0, at));
    this.#press = { y: event.clientY, dragging: false };
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  #move(event) {
    if (!this.#press) return;
    this.#press.dragging ||= Math.abs(event.clientY - this.#press.y) >= DRAG;
    if (!this.#press.dragging) return;
    const { bottom, height } = event.currentTarget.getBoundingClientRect();
    const value = Math.round(((bottom - event.clientY) / height) * this.#highest);
    this.#set(this.channel, Math.min(this.#highest, Math.max(0, value)));
  }

  #formula() {
    const { values, channel, constants } = this;
    const { k, beta, alpha, n, divided } = constants;
    const { first, last, sum, base, result } = normalise(values, channel, constants);
    const squares = values.slice(first, last + 1).map((value) => html`${value}<sup>2</sup>`);
    const index = html`<sub>${channel + 1}</sub>`;
    const scale = divided ? `${alpha} / ${n}` : alpha;
    return html`<div class="formula">
      <p>
        b${index} = a${index} / (k + ${divided ? 'α / n' : 'α'} · Σ a<sup>2</sup>)<sup>β</sup>
      </p>
      <p>
        = ${values[channel]} / (${k} + ${scale} × ${count(sum)})<sup>${beta}</sup> = ${values[channel]} /
        ${plain(base ** beta)} = <b>${plain(result)}</b>
      </p>
      <p class="squares">
        Σ a<sup>2</sup> = ${squares.map((square, at) => [at > 0 ? ' + ' : '', square])} = ${count(sum)}
      </p>
    </div>`;
  }

  #sources() {
    const { values, channel } = this;
    return html`<table class="wrapping">
      <thead>
        <tr>
          <th scope="col">${t('paper.normalisation.who')}</th>
          <th scope="col" class="number">k</th>
          <th scope="col">α</th>
          <th scope="col" class="number">b<sub>${channel + 1}</sub></th>
          <th scope="col" class="number">${t('paper.normalisation.left')}</th>
          <th scope="col"></th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(SOURCES).map(([source, own]) => {
          const { result } = normalise(values, channel, own);
          const share = values[channel] > 0 ? result / values[channel] : 0;
          const none = own.alpha === 0;
          return html`<tr>
            <th scope="row">${t('paper.normalisation.source', { source })}</th>
            <td class="number">${none ? '–' : own.k}</td>
            <td>${none ? '–' : own.divided ? `${own.alpha} / ${own.n}` : own.alpha}</td>
            <td class="number">${plain(result)}</td>
            <td class="number">${percent(share, 0)}</td>
            <td><span class="bar" style="--share: ${share}"></span></td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }
}

customElements.define('normalisation-step', NormalisationStep);
