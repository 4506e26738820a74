// Output size = (input - kernel + padding) / stride + 1, to be tried; and why
// the paper says 224 where 227 is meant.
import { css, html, nothing, svg } from 'lit';
import { count, t } from '../i18n/index.js';
import { LIMITS, outputSize } from './output-size.js';
import { oneOf, record, whole } from './linked.js';
import { PaperStep } from './paper-step.js';

/** How each source has its first layer, and two layers of all. */
const EXAMPLES = {
  paper: { input: 224, kernel: 11, stride: 4, padding: 0, rounding: 'floor' },
  code: { input: 224, kernel: 11, stride: 4, padding: 0, rounding: 'ceil' },
  caffe: { input: 227, kernel: 11, stride: 4, padding: 0, rounding: 'floor' },
  torchvision: { input: 224, kernel: 11, stride: 4, padding: 2, rounding: 'floor' },
  pool1: { input: 55, kernel: 3, stride: 2, padding: 0, rounding: 'floor' },
  conv2: { input: 27, kernel: 5, stride: 1, padding: 2, rounding: 'floor' },
};

const ROWS = 9; // windows drawn at either end before the rest is left out
const LINE = 15; // height of a window's row

class OutputSizeStep extends PaperStep {
  static properties = {
    window: { state: true },
    refused: { state: true }, // a field and what was written into it, which cannot be
  };

  static linked = {
    window: record({
      ...Object.fromEntries(Object.entries(LIMITS).map(([name, { min, max }]) => [name, whole(min, max)])),
      rounding: oneOf('floor', 'ceil'),
    }),
  };

  static styles = [
    ...PaperStep.styles,
    css`
      .formula {
        font-size: clamp(1.15rem, 2.2vw, 1.9rem);
        font-weight: 600;
        font-variant-numeric: tabular-nums;
        letter-spacing: -0.01em;
        overflow-wrap: anywhere;
      }
      .formula b {
        color: var(--accent-ink);
      }
      .pair {
        display: grid;
        grid-template-columns: 1fr 4.2rem;
        gap: 0.1rem 0.6rem;
        align-items: center;
        flex: 1 1 11rem;
        max-width: 18rem;
        color: var(--muted);
        font-size: 0.85rem;
      }
      .pair label {
        grid-column: 1 / -1;
      }
      input[type='number'] {
        width: 100%;
        min-height: 2rem;
        padding: 0 0.4rem;
      }
      fieldset {
        display: flex;
        gap: 1rem;
        margin: 0;
        padding: 0;
        border: 0;
      }
      svg {
        display: block;
        width: 100%;
        max-height: 24rem;
      }
      .cells {
        fill: var(--line);
      }
      .padding {
        fill: none;
        stroke: var(--line);
      }
      .window {
        fill: var(--accent);
      }
      .window.over,
      .left {
        fill: var(--attention);
      }
      [role='status'] {
        display: grid;
        gap: 0.75rem;
      }
      .problem {
        padding: 0.7rem 0.9rem;
        border-left: 4px solid var(--attention);
        background: var(--wash);
      }
    `,
  ];

  constructor() {
    super();
    this.window = EXAMPLES.paper;
    this.refused = null;
  }

  #set(patch) {
    this.window = { ...this.window, ...patch };
    this.refused = null;
  }

  render() {
    const { input, kernel, stride, padding, rounding } = this.window;
    const result = outputSize(this.window);
    const formula = `(${input} − ${kernel} + 2 × ${padding}) / ${stride} + 1`;
    return this.frame(
      'output-size',
      html`<div class="examples" role="group" aria-label=${t('paper.output-size.examples')}>
          ${Object.entries(EXAMPLES).map(
            ([name, example]) => html`<button
              class="button"
              aria-pressed=${same(example, this.window)}
              @click=${() => this.#set(example)}
            >
              ${t(`paper.output-size.example.${name}`)}
            </button>`,
          )}
        </div>
        <div class="controls">
          ${Object.keys(LIMITS).map((name) => this.#field(name))} ${this.#rounding(rounding)}
        </div>
        <div role="status">
          ${this.refused ? html`<p class="problem">${t('paper.output-size.refused', this.refused)}</p>` : nothing}
          ${result.error
            ? html`<p class="problem">${t('paper.output-size.error', { error: result.error, ...this.window })}</p>`
            : html`<p class="formula">
                  ${formula} = ${Number.isInteger(result.exact) ? nothing : `${count(result.exact)} → `}<b
                    >${count(result.size)}</b
                  >
                </p>
                <p class="note">${verdict(result, rounding)}</p>`}
        </div>
        ${result.error ? nothing : this.#drawing(result)}
        <h3>${t('paper.output-size.224')}</h3>
        <p class="note">${t('paper.output-size.why')}</p>`,
      t('paper.output-size.here', { size: result.size ?? 0 }),
    );
  }

  #field(name) {
    const { min, max } = LIMITS[name];
    const change = ({ target }) => {
      if (target.value === '') return; // being written
      const value = target.valueAsNumber;
      if (Number.isInteger(value) && value >= min && value <= max) this.#set({ [name]: value });
      else this.refused = { field: t(`paper.output-size.${name}`), written: target.value, min, max, kept: this.window[name] };
    };
    // What cannot be is put right when the field is left; why is still told.
    const settle = ({ target }) => (target.value = this.window[name]);
    return html`<div class="pair">
      <label for=${name}>${t(`paper.output-size.${name}`)}</label>
      <input
        type="range"
        aria-label=${t(`paper.output-size.${name}`)}
        min=${min}
        max=${max}
        .value=${String(this.window[name])}
        @input=${change}
      />
      <input
        id=${name}
        class="box"
        type="number"
        min=${min}
        max=${max}
        .value=${String(this.window[name])}
        @input=${change}
        @change=${settle}
      />
    </div>`;
  }

  #rounding(chosen) {
    return html`<fieldset>
      <legend class="visually-hidden">${t('paper.output-size.rounding')}</legend>
      ${['floor', 'ceil'].map(
        (rounding) => html`<label class="choice">
          <input
            type="radio"
            name="rounding"
            .checked=${rounding === chosen}
            @change=${() => this.#set({ rounding })}
          />
          ${t(`paper.output-size.${rounding}`)}
        </label>`,
      )}
    </fieldset>`;
  }

  /** A line of the input from the side, and under it the windows that make the outputs. */
  #drawing({ size, left }) {
    const { input, kernel, stride, padding } = this.window;
    const width = Math.max(input + 2 * padding, kernel + (size - 1) * stride);
    const shown = size <= 2 * ROWS ? [...Array(size).keys()] : ends(size);
    const place = (cell) => (cell / width) * 1000;
    const first = LINE + 12;
    const bottom = first + shown.length * LINE;
    return svg`<svg viewBox="0 0 1000 ${bottom + 4}" preserveAspectRatio="none" role="img"
      aria-label=${t('paper.output-size.drawing', { size, kernel, stride })}>
      <rect class="padding" x="0.5" y="0.5" width=${place(input + 2 * padding) - 1} height=${LINE - 1}></rect>
      <rect class="cells" x=${place(padding)} y="0" width=${place(input)} height=${LINE}></rect>
      ${left > 0
        ? svg`<rect class="left" x=${place(input + 2 * padding - left)} y="0" width=${place(left)} height=${LINE}></rect>`
        : nothing}
      ${shown.map((window, row) =>
        window === null
          ? nothing
          : svg`<rect class="window ${left < 0 && window === size - 1 ? 'over' : ''}"
              x=${place(window * stride)} y=${first + row * LINE} width=${place(kernel)}
              height=${LINE - 4}></rect>`,
      )}
    </svg>`;
  }
}

/** The first and the last windows, and a gap. */
function ends(size) {
  const first = Array.from({ length: ROWS }, (_, index) => index);
  return [...first, null, ...first.map((index) => size - ROWS + index)];
}

function verdict({ exact, left }, rounding) {
  if (Number.isInteger(exact)) return t('paper.output-size.fits');
  return t(`paper.output-size.${rounding}.verdict`, { count: Math.abs(left) });
}

const same = (a, b) => Object.keys(a).every((key) => a[key] === b[key]);

customElements.define('output-size-step', OutputSizeStep);
