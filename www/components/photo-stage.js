// The left half. Without a photo: an invitation among the samples. With one:
// the photo, whole, and the ways to another.
import { css, html, nothing } from 'lit';
import { addSample, removePhoto } from '../actions/photos.js';
import { shape } from '../describe-error.js';
import { t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { SAMPLES, findSample } from '../samples.js';
import { selectedPhoto } from '../store.js';
import { Component } from './component.js';
import './photo-sources.js';
import './picture-crop.js';

class PhotoStage extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        --focus: #fff;
        display: grid;
        min-width: 0;
        background: var(--table);
        color: var(--on-table);
      }

      /* The first screen: a wall of pictures with one blank place. */
      .wall {
        display: grid;
        grid-template-columns: repeat(4, minmax(0, 1fr));
        grid-auto-rows: minmax(5rem, 1fr);
        gap: 2px;
      }
      .invitation {
        grid-column: span 4;
        display: flex;
        flex-direction: column;
        justify-content: center;
        gap: 0.75rem;
        padding: 1.25rem;
      }
      h2 {
        font-size: clamp(2rem, 3.8vw, 3.4rem);
        font-weight: 750;
        line-height: 1;
        letter-spacing: -0.035em;
        text-wrap: balance;
        word-break: keep-all; /* Chinese breaks where its messages have a zero-width space */
      }
      .privacy {
        display: flex;
        gap: 0.5em;
        color: var(--on-table-muted);
        font-size: 0.9rem;
      }
      .privacy .icon {
        margin-top: 0.15em;
      }
      .tile {
        position: relative;
        overflow: hidden;
      }
      .tile img {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        object-fit: cover;
        transition: scale 400ms;
      }
      .tile:hover img {
        scale: 1.06;
      }
      .tile:focus-visible {
        outline-offset: -5px;
      }
      .tile.wide {
        grid-column: span 2;
      }
      @media (min-width: 56rem) {
        .invitation {
          grid-column: span 2;
          grid-row: span 2;
          padding-left: var(--gutter);
        }
      }

      /* A photo in view. */
      .view {
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto;
        min-height: 0;
        position: relative;
      }
      .remove {
        position: absolute;
        z-index: 1;
        top: 0.4rem;
        right: calc(var(--gutter) - 0.6rem);
        display: grid;
        place-items: center;
        width: 2.25rem;
        height: 2.25rem;
        border-radius: 50%;
        color: var(--on-table-muted);
      }
      .remove:hover {
        background: #ffffff20;
        color: var(--on-table);
      }
      @media (max-width: 56rem) {
        .remove {
          top: 1.3rem;
          right: auto;
          left: calc(var(--gutter) + 0.3rem);
          background: #000000b0;
          color: #fff;
        }
      }
      .pictures {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(4.75rem, 25%);
        align-items: center;
        gap: 1rem;
        min-height: min(18rem, 54vw);
        padding: 1rem var(--gutter) 0.5rem;
      }
      .photo {
        position: relative;
        height: 100%;
      }
      .photo img {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        object-fit: contain;
      }
      .crop {
        color: var(--on-table-muted);
        font-size: 0.8rem;
        line-height: 1.3;
        text-wrap: balance;
      }
      .crop span {
        display: inline-block;
      }
      picture-crop,
      .blank {
        aspect-ratio: 1;
        margin-bottom: 0.5rem;
        outline: 1px solid #ffffff30;
      }
      .blank {
        outline-style: dashed;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1rem;
        padding: 0.5rem var(--gutter);
      }
      .strip {
        display: flex;
        flex: 1 1 14.5rem;
        max-width: 28rem;
        margin-left: auto;
        gap: 3px;
      }
      @media (min-width: 80rem) {
        .strip {
          max-width: 21rem;
        }
      }
      .strip button {
        flex: 1 1 2rem;
        min-width: 0;
        aspect-ratio: 1;
        opacity: 0.55;
        transition: opacity 150ms;
      }
      .strip button:hover {
        opacity: 0.85;
      }
      .strip button[aria-pressed='true'] {
        opacity: 1;
        outline: 2px solid var(--on-table);
        outline-offset: -2px;
      }
      .strip button:focus-visible {
        opacity: 1;
        outline: 3px solid #fff;
        outline-offset: 2px;
      }
      .strip img {
        display: block;
        width: 100%;
        height: 100%;
        object-fit: cover;
      }
    `,
  ];

  render() {
    const photo = selectedPhoto();
    return photo ? this.#view(photo) : this.#wall();
  }

  #wall() {
    const { language } = this.state;
    return html`<div class="wall">
      <div class="invitation">
        <h2>${t('stage.title')}</h2>
        <photo-sources></photo-sources>
        <p class="privacy">${icon('lock')} ${t('stage.privacy')}</p>
      </div>
      ${SAMPLES.map(
        ({ name, url, alt }) => html`<button
          class="tile ${name === 'rocket' ? 'wide' : ''}"
          aria-label=${t('stage.sample', { name: alt[language] })}
          @click=${() => addSample(name)}
        >
          <img src=${url} alt="" />
        </button>`,
      )}
    </div>`;
  }

  #view({ id, url, name, sample, result }) {
    const { language } = this.state;
    const shown = sample ? findSample(sample).alt[language] : name;
    const remove = t('gallery.remove', { name: shown });
    return html`<div class="view">
      <button class="remove" aria-label=${remove} title=${remove} @click=${() => removePhoto(id)}>
        ${icon('close')}
      </button>
      <div class="pictures">
        <div class="photo"><img src=${url} alt=${t('stage.photo', { name: shown })} /></div>
        <figure class="crop">
          ${result
            ? html`<picture-crop .crop=${result.crop}></picture-crop>`
            : html`<div class="blank"></div>`}
          <figcaption>
            <span>${t('stage.crop')}</span>
            ${result ? html`<span>${shape([result.crop.width, result.crop.height])}</span>` : nothing}
          </figcaption>
        </figure>
      </div>
      <div class="bar">
        <photo-sources compact></photo-sources>
        <div class="strip" role="group" aria-label=${t('stage.samples')}>
          ${SAMPLES.map(
            (candidate) => html`<button
              aria-label=${t('stage.sample', { name: candidate.alt[language] })}
              aria-pressed=${candidate.name === sample}
              @click=${() => addSample(candidate.name)}
            >
              <img src=${candidate.url} alt="" />
            </button>`,
          )}
        </div>
      </div>
    </div>`;
  }
}

customElements.define('photo-stage', PhotoStage);
