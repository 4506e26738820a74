// Where the network looked, by one pass backwards: Grad-CAM, gradient, guided gradient.
import { html } from 'lit';
import { engine } from '../engine.js';
import { figure, t } from '../i18n/index.js';
import './heat-map.js';
import { strongest } from './overlay.js';
import { WhyPanel } from './why-panel.js';

/** Share of the pixels that may be beyond the end of a gradient's scale: a few are far larger. */
const BEYOND = 0.005;

class WhyGradients extends WhyPanel {
  static properties = { layer: { state: true }, smooth: { state: true } };

  /** Convolutions that have a map, each with what its activation makes of it. */
  get #targets() {
    const { layers } = this;
    return layers
      .filter(({ kind, shape }) => kind === 'conv2d' && shape.length === 3 && shape[0] > 1)
      .map(({ name, shape }) => ({
        name,
        shape,
        read: layers.find(({ kind, inputs }) => kind === 'relu' && inputs[0] === name)?.name ?? name,
      }));
  }

  get #target() {
    const targets = this.#targets;
    return targets.find(({ name }) => name === this.layer) ?? targets.at(-1);
  }

  get #question() {
    const { way, answer } = this;
    return `${way} ${answer.index} ${way === 'grad-cam' ? this.#target?.name : ''}`;
  }

  updated() {
    const { work } = this;
    const question = this.#question;
    const isOpen = !work.result(question) && !work.error(question) && !work.isRunning(question);
    if (isOpen && work.isPossible && this.#isKnown) this.#ask();
  }

  /** Not for a network without convolutions. */
  get #isKnown() {
    return this.way !== 'grad-cam' || this.#target !== undefined;
  }

  #ask = () => {
    const { way, answer } = this;
    const target = this.#target;
    const [height, width, channels] = this.layers.find(({ kind }) => kind === 'input').shape;
    this.work.run(this.#question, async () => {
      if (way === 'grad-cam') {
        const { height: rows, width: columns, map } = await engine.gradCam(target.read, answer.index);
        return scaled({ rows, columns, values: map, end: Math.max(...map) });
      }
      const gradient = await engine.saliency(answer.index, way === 'guided');
      const values = strengths(gradient, channels);
      const end = values.toSorted()[Math.floor((1 - BEYOND) * (values.length - 1))];
      return scaled({ rows: height, columns: width, values, end });
    });
  };

  render() {
    if (!this.#isKnown) return this.frame('', html`<p class="note">${t('why.no-maps')}</p>`);
    const { way } = this;
    const question = this.#question;
    const map = this.work.result(question);
    const sentence = map ? this.#sentence(map) : '';
    return this.frame(
      html`<heat-map
        .crop=${this.crop}
        .map=${map && { ...map, smooth: way !== 'grad-cam' || (this.smooth ?? true) }}
        .legend=${map && { low: '0', high: t(`why.${way}.high`, { value: figure(map.end, 2) }) }}
        label=${t('why.map', { way: t(`why.${way}.short`), sentence })}
      ></heat-map>`,
      html`${way === 'grad-cam' ? this.#controls() : ''} ${this.going(question, this.#ask)}
        <p class="result" role="status" ?hidden=${!sentence}>${sentence}</p>
        <p class="note">${t(`why.${way}.how`)}</p>`,
    );
  }

  #controls() {
    const name = ({ name, shape }) => [name, `${name} (${shape[0]} × ${shape[1]} × ${shape[2]})`];
    return html`<div class="controls">
      ${this.choice(t('why.layer'), this.#targets.map(name), this.#target.name, (layer) => (this.layer = layer))}
      <label class="choice">
        <input
          type="checkbox"
          .checked=${this.smooth ?? true}
          @change=${(event) => (this.smooth = event.target.checked)}
        />
        ${t('why.smooth')}
      </label>
    </div>`;
  }

  #sentence(map) {
    const { name } = this.answer;
    const place = map.end > 0 && strongest(map);
    if (!place) return t('why.nothing', { name });
    const { region, index, row, column } = place;
    return t(`why.${this.way}.result`, {
      name,
      region,
      layer: this.#target?.name,
      value: figure(map.values[index], 2),
      row,
      rows: map.rows,
      column,
      columns: map.columns,
    });
  }
}

/** With shares of the end of the scale. */
const scaled = (map) => ({ ...map, shares: map.values.map((value) => (map.end > 0 ? value / map.end : 0)) });

/** Of each pixel, the largest of its channels' absolute gradients (Simonyan et al. 2013). */
function strengths(gradient, channels) {
  const values = new Float32Array(gradient.length / channels);
  gradient.forEach((value, index) => {
    const pixel = Math.floor(index / channels);
    values[pixel] = Math.max(values[pixel], Math.abs(value));
  });
  return values;
}

customElements.define('why-gradients', WhyGradients);
