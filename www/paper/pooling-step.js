// Overlapping against plain max pooling, on a map that can be written on and moved.
import { html } from 'lit';
import { count, t } from '../i18n/index.js';
import { ablation } from './ablations.js';
import { moveInGrid } from './grid-keys.js';
import { PaperStep } from './paper-step.js';
import { PhotoPlace } from './photo-place.js';
import { PhotoVariants } from './photo-variants.js';
import { OUT, POOLS, SIDE, changes, changesOnAverage, maxPool, moved, randomMap } from './pooling.js';
import { poolingStyles } from './pooling-step.styles.js';
import { randomFrom } from './random.js';

/** A seven, as a soft pen writes it. */
const SEVEN = [
  [0, 0, 0, 0, 0, 0, 0, 0, 0],
  [0, 3, 8, 9, 9, 9, 8, 2, 0],
  [0, 2, 5, 5, 5, 7, 9, 3, 0],
  [0, 0, 0, 0, 1, 8, 7, 0, 0],
  [0, 0, 0, 0, 5, 9, 2, 0, 0],
  [0, 0, 0, 2, 9, 6, 0, 0, 0],
  [0, 0, 0, 6, 9, 1, 0, 0, 0],
  [0, 0, 1, 9, 5, 0, 0, 0, 0],
  [0, 0, 0, 2, 0, 0, 0, 0, 0],
].flat();

const MOVES = { left: [-1, 0, '←'], up: [0, -1, '↑'], down: [0, 1, '↓'], right: [1, 0, '→'] };
const MAPS = 1000; // drawn for the average

const isMaxPool = ({ kind }) => kind === 'max_pool2d';

/** From 0 to 9, the largest 9. */
function digits(values) {
  const most = Math.max(...values, 1e-6);
  return values.map((value) => Math.max(0, Math.round((value / most) * 9)));
}

class PoolingStep extends PaperStep {
  static properties = {
    map: { state: true },
    before: { state: true }, // the map before it moved
    looked: { state: true }, // an output: { pool, at }
    stops: { state: true }, // the cell of each grid that the tab key stops at
  };

  static styles = [...PaperStep.styles, poolingStyles];

  #seed = 0;

  #place = new PhotoPlace(this, {
    layer: (layers) => layers.find(isMaxPool)?.inputs[0],
    size: { side: SIDE, channels: 1 },
    take: (values) => this.#draw(digits(values)),
  });

  #variants = new PhotoVariants(this, {
    variants: { plain: 'plain-pools' },
    applies: (layer) => isMaxPool(layer) && layer.kernel[0] > layer.stride[0],
    maps: { layers: (layers) => layers.filter(isMaxPool) },
  });

  constructor() {
    super();
    this.map = this.before = SEVEN;
    this.looked = { pool: 'overlapping', at: 5 };
    this.stops = { input: 0, overlapping: 0, plain: 0 };
    this.average = changesOnAverage(randomFrom(1), MAPS);
  }

  render() {
    const pooled = Object.entries(POOLS).map(([name, pool]) => ({
      name,
      ...pool,
      outputs: maxPool(this.map, pool),
      changed: changes(maxPool(this.before, pool), maxPool(this.map, pool)),
    }));
    return this.frame(
      'pooling',
      html`<div class="moves">
          <span class="moves" role="group" aria-label=${t('paper.pooling.move')}>
            ${Object.entries(MOVES).map(
              ([direction, [right, down, arrow]]) => html`<button
                class="button arrow"
                aria-label=${t('paper.pooling.by-one', { direction })}
                title=${t('paper.pooling.by-one', { direction })}
                @click=${() => this.#move(right, down)}
              >
                ${arrow}
              </button>`,
            )}
          </span>
          <button class="button" @click=${() => this.#draw(randomMap(randomFrom((this.#seed += 1))))}>
            ${t('paper.pooling.shuffle')}
          </button>
          <button class="button" @click=${() => this.#draw(SEVEN)}>${t('paper.pooling.seven')}</button>
        </div>
        <div class="boards">
          ${this.#input(pooled)} ${pooled.map((pool) => this.#output(pool))}
        </div>
        ${this.#place.render()}
        <p class="visually-hidden" role="status">
          ${pooled.map(({ name, changed }) => `${t('paper.pooling.pool', { name })}: ${changedText(changed)}`).join('; ')}
        </p>
        ${ablation(147)} ${this.#variants.render()}
        <p class="note">${t('paper.pooling.note')}</p>`,
      html`${t('paper.pooling.average', {
          maps: count(MAPS),
          all: OUT * OUT,
          overlapping: count(Number(this.average.overlapping.toFixed(1))),
          plain: count(Number(this.average.plain.toFixed(1))),
        })}
        <p role="status">${this.#variants.here()}</p>`,
    );
  }

  #draw(map) {
    this.map = this.before = map;
  }

  #move(right, down) {
    this.before = this.map;
    this.map = moved(this.map, right, down);
  }

  /** A digit is written over; anything else is put right. */
  #write(at, { target, data }) {
    const digit = /\d/.test(data ?? '') ? Number(data.match(/\d/)[0]) : null;
    if (digit !== null) this.#draw(this.map.with(at, digit));
    target.value = digit ?? this.map[at];
    target.select();
  }

  #keys(grid, columns, event) {
    const at = moveInGrid(event, columns);
    if (at !== null) this.stops = { ...this.stops, [grid]: at };
  }

  #input(pooled) {
    const { size, outputs } = pooled.find(({ name }) => name === this.looked.pool);
    const { x, y, winner } = outputs[this.looked.at];
    return html`<figure class="input">
      <figcaption><b>${t('paper.pooling.map')}</b>${t('paper.pooling.write')}</figcaption>
      <div
        class="grid"
        style="--side: ${SIDE}"
        role="group"
        aria-label=${t('paper.pooling.map')}
        @keydown=${(event) => this.#keys('input', SIDE, event)}
      >
        ${this.map.map(
          (value, at) => html`<input
            data-cell
            class=${at === winner ? 'wins' : ''}
            inputmode="numeric"
            autocomplete="off"
            tabindex=${at === this.stops.input ? 0 : -1}
            aria-label=${t('paper.pooling.cell', { row: Math.floor(at / SIDE) + 1, column: (at % SIDE) + 1 })}
            style="--value: ${value}"
            .value=${String(value)}
            @focus=${({ target }) => target.select()}
            @input=${(event) => this.#write(at, event)}
          />`,
        )}
        <span class="window" style="--x: ${x}; --y: ${y}; --size: ${size}"></span>
      </div>
    </figure>`;
  }

  #output({ name, size, stride, outputs, changed }) {
    return html`<figure>
      <figcaption>
        <b>${t('paper.pooling.pool', { name })}, ${size} / ${stride}</b>
        <span>${changedText(changed)}</span>
      </figcaption>
      <div
        class="grid"
        style="--side: ${OUT}"
        role="group"
        aria-label=${t('paper.pooling.pool', { name })}
        @keydown=${(event) => this.#keys(name, OUT, event)}
      >
        ${outputs.map(({ value, x, y, winner }, at) => {
          const look = () => (this.looked = { pool: name, at });
          const isLooked = this.looked.pool === name && this.looked.at === at;
          return html`<button
            data-cell
            class=${changed[at] ? 'changed' : ''}
            tabindex=${at === this.stops[name] ? 0 : -1}
            aria-current=${isLooked}
            aria-label=${t('paper.pooling.output', {
              value,
              top: y + 1,
              bottom: y + size,
              left: x + 1,
              right: x + size,
              row: Math.floor(winner / SIDE) + 1,
              column: (winner % SIDE) + 1,
              changed: changed[at] ? 'yes' : 'no',
            })}
            style="--value: ${value}"
            @pointerenter=${look}
            @focus=${look}
            @click=${look}
          >
            ${value}
          </button>`;
        })}
      </div>
    </figure>`;
  }
}

const changedText = (changed) =>
  t('paper.pooling.changed', { count: changed.filter(Boolean).length, all: changed.length });

customElements.define('pooling-step', PoolingStep);
