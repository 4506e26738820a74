// Looking inside a stage of the network with the photo in view: what each of its
// layers makes of it. Fetched when a stage is first opened.
import { css, html, nothing } from 'lit';
import { proxy } from 'comlink';
import { goToCell, setLayer, setUnit } from '../actions/inside.js';
import { lookInside } from '../actions/classify.js';
import { pageError } from '../actions/notices.js';
import { Component } from '../components/component.js';
import { describeError } from '../describe-error.js';
import { engine } from '../engine.js';
import { percent, t } from '../i18n/index.js';
import { outline } from '../network-outline.js';
import { isAnswered, selectedPhoto } from '../store.js';
import { insideStyles } from './styles.js';
import { answerLayer } from './answer-layer.js';
import './class-contributions.js';
import './large-map.js';
import './layer-code.js';
import './layer-filters.js';
import './map-mosaic.js';

/** Layers that change no number of a picture that is classified. */
const SAME = new Set(['dropout', 'flatten']);

class InsideView extends Component {
  static properties = {
    stage: { attribute: false },
    network: { attribute: false },
    page: { state: true },
    seen: { state: true }, // the photo, once the network has looked at it
    progress: { state: true },
    error: { state: true },
  };

  static styles = [
    Component.styles,
    insideStyles,
    css`
      :host {
        gap: 1rem;
      }
      .choosing {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        justify-content: space-between;
        gap: 0.75rem 2rem;
      }
      .layers .button {
        display: grid;
        justify-items: start;
        gap: 0;
        padding-block: 0.3em;
        line-height: 1.25;
      }
      .layers small {
        color: var(--muted);
        font-size: 0.85em;
        font-weight: 400;
      }
      .page {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1rem;
      }
      progress {
        width: min(20rem, 100%);
        height: 0.5rem;
        accent-color: var(--accent);
      }
    `,
  ];

  /** What was looked at last: photo, its answer's weights, model, device. */
  #asked = [];
  #stopping = new AbortController();

  constructor() {
    super();
    this.seen = this.progress = this.error = null;
    this.page = 'maps';
  }

  updated() {
    this.#look();
  }

  async #look() {
    const { gpu, model, task, photos } = this.state;
    const photo = selectedPhoto();
    // The engine is free to look once nothing is left to be classified.
    if (gpu.status !== 'ready' || task || !photo?.result || !photos.every(isAnswered)) return;
    const asking = [photo.id, photo.weights, model, gpu.device];
    if (asking.every((part, index) => part === this.#asked[index])) return;
    this.#asked = asking;
    this.error = null;
    this.progress = 0;
    const { signal } = (this.#stopping = new AbortController());
    const isLast = () => this.#asked === asking;
    let ended = false; // what is told of the progress may come late
    try {
      const tell = proxy((done, total) => isLast() && !ended && (this.progress = done / total));
      await lookInside(() => isLast() && engine.inspect('', tell, signal));
      if (isLast()) this.seen = { crop: selectedPhoto().result.crop, network: model };
    } catch (error) {
      if (isLast() && error?.code !== 'device-lost') this.error = pageError(error);
    }
    ended = true;
    if (isLast()) this.progress = null;
  }

  #stop = () => {
    this.#asked = [...this.#asked]; // what comes of it is not waited for
    this.error = { code: 'stopped' };
    this.progress = null;
    this.#stopping.abort();
  };

  #again = () => {
    this.#asked = [];
    this.requestUpdate();
  };

  /** To the cell of another layer that a sum is made of. */
  #go = ({ detail }) => {
    const has = ({ layers }) => layers.some(({ name }) => name === detail.layer);
    this.page = 'maps';
    goToCell(outline(this.network.layers).find(has).name, detail);
  };

  render() {
    if (this.progress !== null && (!this.seen || this.progress > 0)) return this.#waiting();
    if (this.error) return this.#failed();
    if (this.seen?.network !== this.network) return nothing;
    const layers = this.stage.layers.filter(({ kind }) => !SAME.has(kind));
    const layer = layers.find(({ name }) => name === this.state.layer) ?? layers[0];
    const isAnswer = answerLayer(this.network.layers) === layer;
    const pages = [
      'maps',
      ...(isAnswer ? ['logit'] : []),
      ...(layer.parameters > 0 ? ['filters'] : []),
      'code',
    ];
    const page = pages.includes(this.page) ? this.page : 'maps';
    return html`<div class="choosing">
        ${layers.length > 1 ? this.#layers(layers, layer) : nothing}
        ${this.#pages(layer, pages, page)}
      </div>
      <div class="page" @go=${this.#go}>${this.#page(layer, page)}</div>`;
  }

  #waiting() {
    return html`<div class="controls" role="status">
      <span>${t('inside.waiting', { share: percent(this.progress, 0) })}</span>
      <progress aria-label=${t('inside.progress')} .value=${this.progress}></progress>
      <button class="button" @click=${this.#stop}>${t('task.stop')}</button>
    </div>`;
  }

  #failed() {
    const { sentence, advice } = describeError(this.error);
    return html`<div class="controls" role="status">
      <span>${sentence} ${advice ?? nothing}</span>
      <button class="button" @click=${this.#again}>${t('inside.again')}</button>
    </div>`;
  }

  #layers(layers, chosen) {
    return html`<div class="choices layers" role="group" aria-label=${t('detail.layers')}>
      ${layers.map(
        ({ name, kind }) => html`<button
          class="button"
          aria-pressed=${name === chosen.name}
          @click=${() => setLayer(name)}
        >
          ${t('layer.kind', { kind })} <small>${name.slice(name.lastIndexOf('/') + 1)}</small>
        </button>`,
      )}
    </div>`;
  }

  #pages(layer, pages, chosen) {
    const isMap = layer.shape.length === 3 && layer.shape[0] > 1;
    const names = isMap ? {} : { maps: 'values' };
    if (layer.kind === 'linear') names.filters = 'weights';
    return html`<div class="choices" role="group" aria-label=${t('inside.page')}>
      ${pages.map(
        (page) => html`<button
          class="button"
          aria-pressed=${page === chosen}
          @click=${() => (this.page = page)}
        >
          ${t(`inside.page.${names[page] ?? page}`)}
        </button>`,
      )}
    </div>`;
  }

  #page(layer, page) {
    const { layers } = this.network;
    const { seen } = this;
    const unit = this.state.unit < layer.shape.at(-1) ? this.state.unit : null;
    const choose = (event) => setUnit(layer.name, event.detail);
    if (page === 'code') return html`<layer-code .layer=${layer}></layer-code>`;
    if (page === 'logit') {
      return html`<class-contributions .network=${this.network} .seen=${seen}></class-contributions>`;
    }
    if (page === 'filters') {
      return html`<layer-filters
        .layer=${layer}
        .layers=${layers}
        .seen=${seen}
        @choose=${({ detail }) => {
          setUnit(layer.name, detail);
          this.page = 'maps';
        }}
      ></layer-filters>`;
    }
    return html`<map-mosaic
        .layer=${layer}
        .layers=${layers}
        .seen=${seen}
        .unit=${unit}
        @choose=${choose}
      ></map-mosaic>
      ${unit === null
        ? nothing
        : html`<large-map
            .layer=${layer}
            .layers=${layers}
            .unit=${unit}
            .seen=${seen}
            @close=${() => setUnit(layer.name, null)}
          ></large-map>`}`;
  }
}

customElements.define('inside-view', InsideView);
