// The network from the crop that it sees to the answer: each stage drawn to
// its shape and wired to the one before, above the line its share of the parameters,
// below it its share of the work, and of the time once that is measured.
import { css, html, nothing } from 'lit';
import { selectedPhoto } from '../store.js';
import { percent, t } from '../i18n/index.js';
import { labelOf } from '../i18n/labels.js';
import { outline } from '../network-outline.js';
import { toggleStage } from '../actions/inside.js';
import { DEFAULT_MODEL } from '../actions/models.js';
import { shareOf } from '../layer-arithmetic.js';
import { wiringOf } from '../network-wiring.js';
import { Component } from './component.js';
import { drawing, drawnBranches, wires } from './stage-drawing.js';
import { describeWiring } from './stage-wiring.js';
import { acrossStyles } from './network-spine.across.js';
import { spineStyles } from './network-spine.styles.js';
import './network-head.js';
import './picture-crop.js';
import './stage-detail.js';

class NetworkSpine extends Component {
  static styles = [Component.styles, spineStyles, acrossStyles];

  render() {
    const { model, models, profile, stage: chosen } = this.state;
    const network = model ?? models.find(({ name }) => name === DEFAULT_MODEL);
    if (!network) return nothing;
    const stages = outline(network.layers);
    const layerTimes = profile && profile !== 'running' ? timesOf(profile) : null;
    const times = layerTimes && stages.map((stage) => timeOf(stage, layerTimes));
    const largest = Math.max(
      ...stages.flatMap(({ parameters, multiplyAdds }) => [
        shareOf(parameters, network.parameters),
        shareOf(multiplyAdds, network.multiplyAdds),
      ]),
    );
    const stage = stages.find(({ name }) => name === chosen);
    return html`<network-head .network=${network}></network-head>
      <div class="network ${times ? 'timed' : ''}" style="--stages: ${stages.length}; --largest: ${largest}">
        ${this.#legend(times, profile)} ${this.#input(network)}
        <ol
          class=${stages.some(({ towers }) => towers === 2) ? 'towers' : ''}
          style="--rows: ${Math.ceil(stages.length / 2)}"
          aria-label=${t('spine.stages')}
        >
          ${stages.map((_, index) => this.#stage(stages, index, network, times?.[index], chosen))}
        </ol>
        ${this.#output(network)}
      </div>
      ${stage
        ? html`<stage-detail
            .stage=${stage}
            .wiring=${describeWiring(stages, stages.indexOf(stage))}
            .network=${network}
            .times=${layerTimes}
            .time=${times?.[stages.indexOf(stage)] ?? null}
          ></stage-detail>`
        : nothing}`;
  }

  #legend(times, profile) {
    return html`<div class="legend" aria-hidden="true">
      <span class="parameters">${t('spine.parameters')}</span>
      <span class="work">${t('spine.work')}</span>
      ${times
        ? html`<span class="time">${t('spine.time', { clock: profile.clock })}</span>`
        : nothing}
    </div>`;
  }

  #input({ input }) {
    const crop = selectedPhoto()?.result?.crop;
    return html`<div class="end input">
      ${crop
        ? html`<picture-crop .crop=${crop}></picture-crop>`
        : html`<span class="blank"></span>`}
      <p class="name">${t('spine.input')}</p>
      <p class="shape"><span>${input.height} × ${input.width}</span> <span>× 3</span></p>
    </div>`;
  }

  #output({ labelled }) {
    const best = selectedPhoto()?.result?.top[0];
    return html`<div class="end output">
      ${best
        ? html`<p class="answer">${labelOf(best, labelled).name}</p>
            <p class="share">${percent(best.probability)}</p>`
        : html`<p class="note">${t('spine.output')}</p>`}
    </div>`;
  }

  #stage(stages, index, network, time, chosen) {
    const stage = stages[index];
    const wiring = wiringOf(stages, index);
    const described = describeWiring(stages, index);
    const parameters = shareOf(stage.parameters, network.parameters);
    const work = shareOf(stage.multiplyAdds, network.multiplyAdds);
    const [height, width, channels] = stage.shape.length === 3 ? stage.shape : [];
    return html`<li class=${this.#classes(stages, index)}>
      ${wires(wiring)}
      ${wiring === 'fork' ? [1, 2].map((tower) => html`<span class="gpu gpu${tower}" aria-hidden="true">GPU ${tower}</span>`) : nothing}
      <button
        aria-expanded=${stage.name === chosen}
        aria-describedby=${described ? `wiring-${index}` : nothing}
        @click=${() => toggleStage(stage.name)}
      >
        ${drawing(stage, network.input.height)}
        <span class="name">${stage.name}</span>
        <span class="shape">
          ${height > 1
            ? html`<span>${height} × ${width}</span> <span>× ${channels}</span>`
            : stage.shape.at(-1)}
        </span>
        ${this.#bar('parameters', parameters)} ${this.#bar('work', work)}
        ${time ? this.#bar('time', time.share) : nothing}
      </button>
      ${described ? html`<span id=${`wiring-${index}`} hidden>${described}</span>` : nothing}
    </li>`;
  }

  /** Beside its kind: where lines lead to, and whether a second column begins with it. */
  #classes(stages, index) {
    const ends = [stages[index - 1], stages[index]].map((stage) => stage && drawnBranches(stage));
    return [
      stages[index].kind,
      index === Math.ceil(stages.length / 2) && 'top',
      ends[0] && 'from-edge',
      ends[1] && 'to-edge',
    ]
      .filter(Boolean)
      .join(' ');
  }

  #bar(measure, share) {
    const text = share === 0 ? '' : percent(share, share < 0.0995 ? 1 : 0);
    return html`<span class="measure ${measure}" style="--share: ${share}">
      <span class="visually-hidden">${text ? t(`spine.bar.${measure}`) : ''}</span>
      <span class="bar" ?hidden=${!text}></span><span class="value">${text}</span>
    </span>`;
  }
}

/**
 * @typedef {{ milliseconds: number, share: number }} Time
 *
 * @param {{ layers: { name: string, milliseconds: number }[] }} profile
 * @returns {Map<string, Time>} of each layer that has a kernel of its own
 */
function timesOf({ layers }) {
  const total = layers.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return new Map(layers.map(({ name, milliseconds }) => [name, { milliseconds, share: shareOf(milliseconds, total) }]));
}

/**
 * @param {import('../network-outline.js').Stage} stage
 * @param {Map<string, Time>} times of layers
 * @returns {Time}
 */
function timeOf({ layers }, times) {
  const own = layers.map(({ name }) => times.get(name)).filter(Boolean);
  const sum = (measure) => own.reduce((total, time) => total + time[measure], 0);
  return { milliseconds: sum('milliseconds'), share: sum('share') };
}

customElements.define('network-spine', NetworkSpine);
