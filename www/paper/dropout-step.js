// Dropout as training many networks at once: hidden units of a small network are
// crossed out, and the mean of many masks' answers is held against the whole
// network with its outputs scaled.
import { html } from 'lit';
import { count, percent, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { cloud, networkDrawing, settling } from './dropout-drawing.js';
import * as small from './dropout-network.js';
import { dropoutStyles } from './dropout-step.styles.js';
import { within } from './linked.js';
import { PaperStep } from './paper-step.js';
import { PhotoDropout } from './photo-dropout.js';
import { randomFrom } from './random.js';

const TICK = 150; // ms between masks while they play
const SHOWN = 400; // answers of the newest masks
const MOST = 20_000; // masks; then it stops by itself
const MOST_DROPPED = 0.9;
const FIRST = 10; // masks at once, so that there is a curve to see
const { LAYERS } = small;

class DropoutStep extends PaperStep {
  static properties = {
    dropped: { state: true },
    mask: { state: true },
    count: { state: true }, // masks drawn: what was found of them is in the fields below
    playing: { state: true },
    stop: { state: true },
  };

  static linked = { dropped: within(0, MOST_DROPPED) };

  static styles = [...PaperStep.styles, dropoutStyles];

  #seed = 11;
  #photoWork = new PhotoDropout(this);

  constructor() {
    super();
    this.dropped = 0.5;
    this.stop = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#anew();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#pause();
  }

  /** Another network, or other odds: nothing that was drawn counts any more. */
  #anew() {
    this.network = small.smallNetwork(this.#seed);
    this.scaled = small.scaled(this.network, this.dropped);
    this.all = small.meanOfAll(this.network, this.dropped);
    this.random = randomFrom(7);
    this.seen = new Set();
    this.answers = [];
    this.mean = new Array(LAYERS[3]).fill(0);
    this.distances = [];
    this.count = 0;
    this.#draw(FIRST);
  }

  #draw(number) {
    for (let drawn = 0; drawn < number; drawn += 1) {
      this.mask = small.drawMask(this.random, this.dropped);
      const answer = small.masked(this.network, this.mask);
      this.seen.add(this.mask);
      this.count += 1;
      this.answers = [...this.answers.slice(1 - SHOWN), answer];
      // By its changes: the mean of answers that are all the same is exactly that answer.
      this.mean = this.mean.map((mean, at) => mean + (answer[at] - mean) / this.count);
      this.distances.push({
        all: small.distance(this.mean, this.all),
        scaled: small.distance(this.mean, this.scaled),
      });
    }
  }

  #play() {
    this.playing = setInterval(() => {
      this.#draw(Math.ceil(this.count / 25)); // each seems as fast: the axis is logarithmic
      if (this.count >= MOST) this.#pause();
    }, TICK);
  }

  #pause() {
    clearInterval(this.playing);
    this.playing = null;
  }

  render() {
    const answer = small.masked(this.network, this.mask);
    return this.frame(
      'dropout',
      html`<div class="controls">
          <button class="button primary" @click=${() => this.#draw(1)}>${t('paper.dropout.another')}</button>
          <button class="button" @click=${() => (this.playing ? this.#pause() : this.#play())}>
            ${icon(this.playing ? 'pause' : 'play')} ${t('paper.dropout.play', { playing: this.playing ? 'yes' : 'no' })}
          </button>
          <button class="button" @click=${() => this.#draw(100)}>${t('paper.dropout.hundred')}</button>
          <button class="button" @click=${() => ((this.#seed += 1), this.#anew())}>${t('paper.dropout.network')}</button>
          ${this.slider(
            t('paper.dropout.probability'),
            { min: 0, max: MOST_DROPPED, step: 0.05, value: this.dropped, text: percent(this.dropped, 0) },
            (dropped) => ((this.dropped = Number(dropped.toFixed(2))), this.#anew()),
          )}
        </div>
        <div class="boards">
          <div
            class="network"
            role="group"
            aria-label=${t('paper.dropout.drawing')}
            @keydown=${this.#keys}
          >
            ${networkDrawing({
              network: this.network,
              mask: this.mask,
              answer,
              stop: this.stop,
              toggle: (unit) => (this.mask ^= 1 << unit),
            })}
          </div>
          <div class="answers">${this.#table(answer)} ${this.#settling()}</div>
        </div>
        ${this.#photoWork.render()}
        <p class="note">${t('paper.dropout.note')}</p>
        <p class="note">${t('paper.dropout.why')}</p>`,
      html`${t('paper.dropout.seen', { seen: this.seen.size, count: this.count, all: small.MASKS })}
        <p role="status">${this.#photoWork.here()}</p>`,
    );
  }

  /** Down within a layer, to the sides between the two. */
  #keys(event) {
    const [height, width] = [LAYERS[1], 2];
    const [layer, unit] = [Math.floor(this.stop / height), this.stop % height];
    const [right, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    if (right === undefined) return;
    event.preventDefault();
    const clamp = (value, most) => Math.min(most - 1, Math.max(0, value));
    this.stop = clamp(layer + right, width) * height + clamp(unit + down, height);
    this.renderRoot.querySelectorAll('[data-cell]')[this.stop].focus();
  }

  #table(answer) {
    const { mean } = this;
    const strips = cloud({ answers: this.answers, mean, scaled: this.scaled });
    const columns = { mask: answer, mean, all: this.all, scaled: this.scaled };
    return html`<h3>${t('paper.dropout.answers', { count: this.count })}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">${t('paper.dropout.class')}</th>
            ${Object.keys(columns).map(
              (column) => html`<th scope="col" class="number ${column}">
                ${t('paper.dropout.column', { column, all: count(small.MASKS) })}
              </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${strips.map(
            (strip, at) => html`<tr>
                <th scope="row">${at + 1}</th>
                ${Object.values(columns).map((shares) => html`<td class="number">${percent(shares[at])}</td>`)}
              </tr>
              <tr class="drawn" aria-hidden="true">
                <td colspan="5">${strip}</td>
              </tr>`,
          )}
        </tbody>
      </table>`;
  }

  #settling() {
    const last = this.distances.at(-1);
    return html`<figure>
      <h3>${t('paper.dropout.distance')}</h3>
      ${settling(this.distances)}
      <figcaption class="legend">
        ${['all', 'scaled'].map(
          (which) => html`<span
            ><i class=${which}></i>${t('paper.dropout.from', {
              which,
              distance: percent(last[which]),
              all: count(small.MASKS),
            })}</span
          >`,
        )}
      </figcaption>
    </figure>`;
  }
}

customElements.define('dropout-step', DropoutStep);
