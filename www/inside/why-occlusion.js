// Where the answer breaks: a grey patch slides over the picture, and at each place the
// network is asked again.
import { html } from 'lit';
import { proxy } from 'comlink';
import { engine } from '../engine.js';
import { count, percent, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { selectedPhoto } from '../store.js';
import './heat-map.js';
import { strongest } from './overlay.js';
import { WhyPanel } from './why-panel.js';

class WhyOcclusion extends WhyPanel {
  static properties = { size: { state: true }, stride: { state: true }, smooth: { state: true } };

  /** The patch as set, else a fifth of the picture, moved by a twelfth. */
  get #patch() {
    const { width } = this.crop;
    return { size: this.size ?? Math.round(width / 5), stride: this.stride ?? Math.round(width / 12) };
  }

  get #question() {
    const { size, stride } = this.#patch;
    return `${size} ${stride}`;
  }

  #start = () => {
    const { size, stride } = this.#patch;
    const { width, height } = this.crop;
    const { top } = selectedPhoto().result;
    const classes = top.map(({ index }) => index);
    const [rows, columns] = [height, width].map((side) => Math.ceil(side / stride));
    const seen = new Float32Array(rows * columns * classes.length).fill(NaN);
    const whole = top.map(({ probability }) => probability);
    this.work.run(this.#question, async (tell, keep) => {
      const show = (done, total, place) => {
        seen.set(place.probabilities, (done - 1) * classes.length);
        const patch = done < total ? { ...place, size } : null;
        keep({ classes, rows, columns, probabilities: seen, whole, done, patch });
        return tell(done, total);
      };
      const all = await engine.occlude({ classes, size, stride }, proxy(show));
      return { ...all, classes, done: rows * columns, patch: null };
    });
  };

  render() {
    const { work } = this;
    const question = this.#question;
    const result = work.result(question);
    const isRunning = work.isRunning(question);
    const map = result && this.#map(result);
    const sentence = map && !isRunning ? this.#sentence(map) : '';
    const values = { way: t('why.occlusion.short'), sentence };
    return this.frame(
      html`<heat-map
        .crop=${this.crop}
        .map=${map && { ...map, smooth: this.smooth ?? false, patch: isRunning ? map.patch : null }}
        .legend=${map && {
          low: t('why.occlusion.low', { share: percent(map.whole) }),
          high: t('why.occlusion.high', { share: percent(map.lowest) }),
        }}
        label=${t('why.map', values)}
      ></heat-map>`,
      html`${this.#controls(isRunning)} ${this.going(question, this.#start)}
        <p class="result" role="status" ?hidden=${!sentence}>${sentence}</p>
        <p class="note">${t('why.occlusion.how')}</p>`,
    );
  }

  #controls(isRunning) {
    const { size, stride } = this.#patch;
    const { width, height } = this.crop;
    const places = Math.ceil(width / stride) * Math.ceil(height / stride);
    const pixels = (value) => t('why.pixels', { count: count(value) });
    return html`<div class="controls">
      ${this.slider(
        t('why.occlusion.size'),
        { min: 8, max: Math.round(width / 2), step: 1, value: size, text: pixels(size) },
        (value) => (this.size = value),
      )}
      ${this.slider(
        t('why.occlusion.stride'),
        { min: 8, max: Math.round(width / 4), step: 1, value: stride, text: pixels(stride) },
        (value) => (this.stride = value),
      )}
      <label class="choice">
        <input
          type="checkbox"
          .checked=${this.smooth ?? false}
          @change=${(event) => (this.smooth = event.target.checked)}
        />
        ${t('why.smooth')}
      </label>
      ${isRunning
        ? ''
        : html`<button class="button primary" ?disabled=${!this.work.isPossible} @click=${this.#start}>
            ${icon('play')} ${t('why.occlusion.start', { count: places })}
          </button>`}
    </div>`;
  }

  /** The map of the class asked about. */
  #map({ classes, rows, columns, probabilities, whole: all, done, patch }) {
    const at = classes.indexOf(this.answer.index);
    const whole = all[at];
    const own = Array.from({ length: rows * columns }, (_, place) => probabilities[place * classes.length + at]);
    const lowest = Math.min(whole, ...own.filter((share) => !Number.isNaN(share)));
    const shares = own.map((share) => (whole > lowest ? (whole - share) / (whole - lowest) : 0 * share));
    return { rows, columns, shares, whole, lowest, done, patch };
  }

  #sentence(map) {
    const { name } = this.answer;
    const { rows, columns, whole, lowest, done } = map;
    const all = rows * columns;
    const part = done < all ? t('why.occlusion.stopped', { done: count(done), all: count(all) }) : '';
    const values = { name, part, whole: percent(whole), lowest: percent(lowest), rows, columns };
    if (lowest >= whole) return t('why.occlusion.nowhere', values);
    const { region, row, column } = strongest(map);
    return t('why.occlusion.result', { ...values, region, row, column });
  }
}

customElements.define('why-occlusion', WhyOcclusion);
