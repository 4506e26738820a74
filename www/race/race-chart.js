// The chart of the race: uPlot, with a read-out that follows the mouse, the
// finger or the arrow keys.
import { css, html, nothing, unsafeCSS } from 'lit';
import uPlot from 'uplot';
import sheet from 'uplot/dist/uPlot.min.css?inline';
import { Component } from '../components/component.js';
import { count, percent, t } from '../i18n/index.js';
import { byRace, chartLines, valueAt } from './chart-lines.js';
import { chartOptions } from './chart-options.js';
import { lineSample } from './line-sample.js';
import { nameOf } from './recorded.js';

const COLOURS = ['--relu', '--tanh', '--sigmoid', '--ink', '--muted', '--grid', '--paper'];

// Milliseconds between two drawings: the page stays free for everything else.
const REDRAW = 120;

class RaceChart extends Component {
  static properties = { at: { state: true } };

  static styles = [
    Component.styles,
    unsafeCSS(sheet),
    css`
      :host {
        position: relative;
        display: block;
        min-width: 0;
        min-height: 16rem;
      }
      .plot {
        position: absolute;
        inset: 0;
        overflow: hidden;
      }
      .u-cursor-x {
        border-right: 1.5px solid var(--muted);
      }
      .read {
        position: absolute;
        top: 1rem;
        z-index: 1;
        min-width: 9rem;
        max-width: 16rem;
        padding: 0.5rem 0.7rem;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--paper);
        font-size: 0.85rem;
        pointer-events: none;
        box-shadow: 0 2px 12px rgb(0 0 0 / 12%);
      }
      .read p {
        color: var(--muted);
      }
      .read ul + p {
        margin-top: 0.3rem;
      }
      .read li {
        display: grid;
        grid-template-columns: 1.8rem 1fr auto;
        gap: 0.5rem;
        align-items: center;
        white-space: nowrap;
        font-variant-numeric: tabular-nums;
      }
      .read .behind {
        opacity: 0.6;
      }
    `,
  ];

  #plot = null;
  #shape = '';
  #lines = [];
  #timer = 0;
  #rem = 0;
  #size = new ResizeObserver(() => this.#resize());
  #theme = matchMedia('(prefers-color-scheme: dark)');
  #colours = {};
  #onTheme = () => {
    this.#readColours();
    this.#plot?.redraw(false);
  };

  connectedCallback() {
    super.connectedCallback();
    this.at = null;
    this.#size.observe(this);
    this.#theme.addEventListener('change', this.#onTheme);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#size.disconnect();
    this.#theme.removeEventListener('change', this.#onTheme);
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#plot?.destroy();
    this.#plot = null;
  }

  render() {
    const text = this.at === null ? t('race.chart.hint') : this.#spoken();
    return html`<span class="probe" hidden></span>
      <div
        class="plot"
        tabindex="0"
        role="slider"
        aria-label=${t('race.chart.label', { x: t(`race.axis.${this.#chart.x}`) })}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round(100 * this.#share())}
        aria-valuetext=${text}
        @keydown=${this.#onKey}
        @blur=${() => this.#plot?.setCursor({ left: -10, top: -10 })}
      ></div>
      ${this.at === null ? nothing : this.#readOut()}`;
  }

  get #chart() {
    return this.state.race.chart;
  }

  updated(changed) {
    if (changed.has('at') && changed.size === 1) return; // only the read-out
    // At once, or as soon as the last drawing is old enough.
    if (!this.#timer) this.#timer = setTimeout(() => this.#draw(), this.#plot ? REDRAW : 0);
  }

  #draw() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#lines = chartLines(this.state.race);
    const keys = this.#lines.map(({ key }) => key);
    const { language, theme, race } = this.state;
    this.#rem = rem();
    const shape = JSON.stringify([keys, race.chart, language, theme, this.#rem]);
    const data = this.#data();
    if (shape !== this.#shape || !this.#plot) this.#create(shape, data);
    else this.#plot.setData(data);
  }

  /** All lines over all their positions; where one has none, it is bridged. */
  #data() {
    const tables = this.#lines.map(({ xs, ys }) => [xs, ys]);
    return tables.length > 0 ? uPlot.join(tables) : [[0]];
  }

  #create(shape, data) {
    this.#plot?.destroy();
    this.#readColours();
    const options = chartOptions({
      chart: this.#chart,
      lines: this.#lines,
      colour: this.colour,
      rem: this.#rem,
      onCursor: this.#onCursor,
      now: () => this.#lines,
    });
    const target = this.renderRoot.querySelector('.plot');
    const read = this.at;
    this.#plot = new uPlot(options, data, target);
    this.#shape = shape;
    this.#plot.batch(() => this.#resize()); // at once: a cursor needs the width
    if (read) this.#moveTo(read.left);
  }

  /** A canvas knows no custom properties. */
  #readColours() {
    const probe = this.renderRoot.querySelector('.probe');
    for (const name of COLOURS) {
      probe.style.color = `var(${name})`;
      this.#colours[name] = getComputedStyle(probe).color;
    }
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this;
    if (width > 0 && height > 0) this.#plot?.setSize({ width, height });
    if (this.#plot && rem() !== this.#rem) this.#draw(); // on a larger screen all letters are larger
  }

  #onCursor = ({ cursor, posToVal }) => {
    const { left } = cursor;
    const end = (lines) => Math.max(0, ...lines.map(({ xs }) => xs.at(-1) ?? 0));
    // Beyond the end of the race that runs there is nothing to read: its newest values are.
    const furthest = end(this.#lines.filter(({ kind }) => kind === 'training')) || end(this.#lines);
    const x = Math.min(posToVal(left, 'x'), furthest);
    this.at = left >= 0 && this.#lines.length > 0 ? { left, x } : null;
  };

  #onKey = (event) => {
    const moves = { ArrowLeft: -0.02, ArrowRight: 0.02, PageDown: -0.1, PageUp: 0.1 };
    if (!Object.hasOwn(moves, event.key) && !['Home', 'End'].includes(event.key)) return;
    event.preventDefault();
    if (this.#timer) this.#draw(); // what is read is what was chosen before
    const width = this.#plot.over.clientWidth;
    const ends = { Home: 0, End: width };
    this.#moveTo(ends[event.key] ?? (this.at?.left ?? width) + moves[event.key] * width);
  };

  /** Puts the cursor at a pixel from the left. */
  #moveTo(left) {
    const last = this.#plot.over.clientWidth - 1;
    this.#plot.setCursor({ left: Math.min(Math.max(left, 0), last), top: 1 });
  }

  #share() {
    return this.at ? this.at.left / this.#plot.over.clientWidth : 0;
  }

  /** The lines that have a value there, by race. */
  #read() {
    const read = this.#lines.map((line) => ({ ...line, value: valueAt(line, this.at.x) }));
    return byRace(read.filter(({ value }) => value !== null));
  }

  #format(value) {
    return this.#chart.y === 'error' ? percent(value) : count(value);
  }

  #name({ activation, kind }) {
    return t('race.line', { activation, kind });
  }

  #where() {
    const x = Math.round(this.at.x * 100) / 100;
    return t(`race.at.${this.#chart.x}`, { x });
  }

  #spoken() {
    const races = this.#read().map(({ race, lines }) => {
      const values = lines.map((line) => `${this.#name(line)} ${this.#format(line.value)}`).join(', ');
      return race ? t('race.told', { race: nameOf(race), lines: values }) : values;
    });
    return [this.#where(), ...races].join('; ');
  }

  #readOut() {
    const right = this.#share() > 0.5;
    const left = this.#plot.over.offsetLeft + this.at.left;
    const place = right ? `right: ${this.clientWidth - left + 12}px` : `left: ${left + 12}px`;
    return html`<div class="read" style=${place} aria-hidden="true">
      <p>${this.#where()}</p>
      ${this.#read().map(
        ({ race, lines }) =>
          html`${race ? html`<p>${nameOf(race)}</p>` : nothing}
            <ul>
              ${lines.map(
                (line) =>
                  html`<li class=${line.kind}>
                    ${lineSample(line.activation, line)}<span>${this.#name(line)}</span>
                    <strong>${this.#format(line.value)}</strong>
                  </li>`,
              )}
            </ul>`,
      )}
    </div>`;
  }

  /** A custom property of the chart, as it is now. */
  colour = (name) => this.#colours[name];

  /** The canvas as it is, for a picture. */
  get canvas() {
    return this.#plot.ctx.canvas;
  }
}

/** The size of the page's letters, in pixels. */
const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

customElements.define('race-chart', RaceChart);
