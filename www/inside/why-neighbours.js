// Which photos look alike to the network, beside which do in their pixels: Figure 4 of
// the paper, with the photos on the page.
import { css, html, nothing } from 'lit';
import { transfer } from 'comlink';
import { addSample, select } from '../actions/photos.js';
import { engine } from '../engine.js';
import { count, figure, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { decode } from '../image.js';
import { SAMPLES, findSample } from '../samples.js';
import { isAnswered, selectedPhoto } from '../store.js';
import { distance, pooled, thumbnail } from './distances.js';
import { WhyPanel } from './why-panel.js';

/** Fewer have no nearest. */
const LEAST = 3;

/**
 * Features by photo and weights, once they are computed.
 * @type {Map<string, { layer: string, units: number, values: Float32Array }>}
 */
const features = new Map();

const keyOf = ({ id, weights }) => `${id} ${weights}`;

class WhyNeighbours extends WhyPanel {
  static properties = { adding: { state: true } };

  static styles = [
    WhyPanel.styles,
    css`
      .query {
        display: grid;
        gap: 0.5rem;
      }
      .query > img {
        width: 100%;
        max-height: 50svh;
        object-fit: contain;
      }
      .strip {
        display: flex;
        flex-wrap: wrap;
        gap: 3px;
      }
      .strip button {
        width: 3.25rem;
        aspect-ratio: 1;
        opacity: 0.55;
      }
      .strip button:hover,
      .strip button:focus-visible,
      .strip button[aria-pressed='true'] {
        opacity: 1;
      }
      .strip button[aria-pressed='true'] {
        outline: 2px solid var(--on-table);
        outline-offset: -2px;
      }
      .strip button:focus-visible {
        outline: 3px solid #fff;
        outline-offset: 2px;
      }
      .strip img,
      li img {
        display: block;
        width: 100%;
        height: 100%;
        object-fit: cover;
      }
      .columns {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
        gap: 1.25rem 2rem;
      }
      ol {
        display: grid;
        gap: 0.5rem;
        margin-top: 0.5rem;
      }
      li {
        display: grid;
        grid-template-columns: 3.5rem minmax(0, 1fr) auto;
        align-items: center;
        gap: 0.15rem 0.75rem;
        font-size: 0.9rem;
      }
      li img {
        grid-row: span 2;
        aspect-ratio: 1;
      }
      li .name {
        overflow-wrap: anywhere;
      }
      li .number {
        font-variant-numeric: tabular-nums;
        font-weight: 600;
      }
      .bar {
        grid-column: 2 / -1;
        height: 0.3rem;
        background: var(--wash);
      }
      .bar::before {
        content: '';
        display: block;
        width: calc(var(--share) * 100%);
        height: 100%;
        background: var(--accent);
      }
    `,
  ];

  /** Photos that the loaded network has answered. */
  get #photos() {
    return this.state.photos.filter((photo) => photo.result && isAnswered(photo));
  }

  get #missing() {
    return this.#photos.filter((photo) => !features.has(keyOf(photo)));
  }

  #compute = () => {
    const photos = this.#missing;
    const layers = this.layers;
    this.work.run('features', async (tell) => {
      for (const [done, photo] of photos.entries()) {
        if (!tell(done, photos.length)) return null;
        const { bitmap } = await decode(photo.blob);
        const { layer, values } = await engine.features(transfer(bitmap, [bitmap]));
        const units = layers.find(({ name }) => name === layer).shape.at(-1);
        features.set(keyOf(photo), { layer, units, values: pooled(values, units) });
      }
      return true;
    });
  };

  #addSamples = async () => {
    this.adding = true;
    for (const { name } of SAMPLES) await addSample(name, { inView: false });
    this.adding = false;
  };

  render() {
    const query = selectedPhoto();
    const { photos } = this.state;
    const isRunning = this.work.isRunning('features');
    const others = this.#photos.filter(({ id }) => id !== query.id);
    const own = features.get(keyOf(query));
    const enough = others.length + 1 >= LEAST;
    return this.frame(
      html`<div class="query">
        <img src=${query.url} alt=${t('stage.photo', { name: this.#nameOf(query) })} />
        <div class="strip" role="group" aria-label=${t('why.neighbours.query')}>
          ${photos.map(
            (photo) =>
              html`<button
                aria-label=${this.#nameOf(photo)}
                aria-pressed=${photo.id === query.id}
                @click=${() => select(photo.id)}
              >
                <img src=${photo.url} alt="" />
              </button>`,
          )}
        </div>
      </div>`,
      html`<div class="controls">
          ${SAMPLES.every(({ name }) => photos.some(({ sample }) => sample === name))
            ? nothing
            : html`<button class="button" ?disabled=${this.adding} @click=${this.#addSamples}>
                ${icon('plus')} ${t('why.neighbours.add', { count: SAMPLES.length })}
              </button>`}
          ${isRunning || this.#missing.length === 0 || !enough
            ? nothing
            : html`<button class="button primary" ?disabled=${!this.work.isPossible} @click=${this.#compute}>
                ${icon('play')} ${t('why.neighbours.start', { count: this.#missing.length })}
              </button>`}
        </div>
        ${enough ? nothing : html`<p class="note">${t('why.neighbours.few', { least: LEAST, count: others.length + 1 })}</p>`}
        ${this.going('features', this.#compute)}
        ${own && enough ? this.#columns(query, own, others) : nothing}
        <p class="note">${t('why.neighbours.how')}</p>`,
    );
  }

  #columns(query, own, others) {
    const compared = others.filter((photo) => features.has(keyOf(photo)));
    if (compared.length === 0) return nothing;
    const pixels = thumbnail(query.result.crop);
    const byFeatures = sorted(compared, (photo) => distance(own.values, features.get(keyOf(photo)).values));
    const byPixels = sorted(compared, (photo) => distance(pixels, thumbnail(photo.result.crop)));
    const first = ([{ photo }]) => this.#nameOf(photo);
    const same = byFeatures[0].photo === byPixels[0].photo ? 'yes' : 'no';
    const sentence = t('why.neighbours.result', { same, features: first(byFeatures), pixels: first(byPixels) });
    // Not before all are compared.
    return html`<p class="result" role="status" ?hidden=${this.#missing.length > 0}>${sentence}</p>
      <div class="columns">
        ${this.#column(t('why.neighbours.features', { layer: own.layer, units: count(own.units) }), byFeatures)}
        ${this.#column(t('why.neighbours.pixels', { count: count(pixels.length) }), byPixels)}
      </div>`;
  }

  #column(title, neighbours) {
    const farthest = neighbours.at(-1).apart;
    return html`<div>
      <h4>${title}</h4>
      <ol aria-label=${title}>
        ${neighbours.map(
          ({ photo, apart }) =>
            html`<li>
              <img src=${photo.url} alt="" />
              <span class="name">${this.#nameOf(photo)}</span>
              <span class="number">${figure(apart)}</span>
              <span class="bar" style="--share: ${farthest > 0 ? apart / farthest : 0}"></span>
            </li>`,
        )}
      </ol>
    </div>`;
  }

  #nameOf({ name, sample }) {
    return sample ? findSample(sample).alt[this.state.language] : name;
  }
}

/** The nearest first, each with how far it is. */
const sorted = (photos, apart) =>
  photos.map((photo) => ({ photo, apart: apart(photo) })).sort((one, other) => one.apart - other.apart);

customElements.define('why-neighbours', WhyNeighbours);
