// Several photos: a contact sheet, each with what the network calls it.
import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { clearPhotos, removePhoto, select } from '../actions/photos.js';
import { describeError } from '../describe-error.js';
import { percent, t } from '../i18n/index.js';
import { labelOf } from '../i18n/labels.js';
import { icon } from '../icons.js';
import { findSample } from '../samples.js';
import { isAnswered } from '../store.js';
import { Component } from './component.js';

class PhotoGallery extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        display: block;
        padding: 1rem var(--gutter) 1.5rem;
        border-top: 1px solid var(--line);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin-bottom: 0.5rem;
      }
      h2 {
        font-size: 1.05rem;
        font-weight: 700;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(9.5rem, 44%), 1fr));
        gap: 1rem 0.75rem;
      }
      li {
        position: relative;
        min-width: 0;
      }
      .photo {
        display: block;
        width: 100%;
        text-align: left;
      }
      img {
        display: block;
        width: 100%;
        aspect-ratio: 4 / 3;
        object-fit: cover;
        background: var(--table);
      }
      [aria-pressed='true'] img {
        outline: 4px solid var(--accent);
      }
      .line {
        display: flex;
        justify-content: space-between;
        gap: 0.5rem;
        margin-top: 0.35rem;
        font-weight: 600;
        line-height: 1.25;
      }
      .line span:first-child {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .percent {
        font-variant-numeric: tabular-nums;
      }
      .bar {
        display: block;
        height: 0.25rem;
        margin-top: 0.25rem;
        background: linear-gradient(var(--accent) 0 0) 0 / calc(var(--share) * 100%) 100% no-repeat
          var(--wash);
      }
      .open {
        color: var(--muted);
        font-weight: 450;
      }
      .remove {
        position: absolute;
        top: 0.35rem;
        right: 0.35rem;
        display: grid;
        place-items: center;
        width: 2rem;
        height: 2rem;
        border-radius: 50%;
        background: #000000b0;
        color: #fff;
        opacity: 0;
      }
      li:hover .remove,
      .remove:focus-visible {
        opacity: 1;
      }
      @media (hover: none) {
        .remove {
          opacity: 1;
        }
      }
    `,
  ];

  render() {
    const { photos } = this.state;
    const answered = photos.filter(isAnswered).length;
    return html`<header>
        <h2>${t('gallery.title', { answered, count: photos.length })}</h2>
        <button class="button" @click=${clearPhotos}>${icon('remove')} ${t('gallery.clear')}</button>
      </header>
      <ul>
        ${repeat(
          photos,
          ({ id }) => id,
          (photo) => this.#card(photo),
        )}
      </ul>`;
  }

  #card(photo) {
    const { id, url, name, sample } = photo;
    const shown = sample ? findSample(sample).alt[this.state.language] : name;
    return html`<li>
      <button
        class="photo"
        title=${shown}
        aria-pressed=${id === this.state.selected}
        @click=${() => select(id)}
      >
        <img src=${url} alt=${shown} loading="lazy" decoding="async" />
        ${this.#answer(photo)}
      </button>
      <button
        class="remove"
        aria-label=${t('gallery.remove', { name: shown })}
        @click=${() => removePhoto(id)}
      >
        ${icon('close')}
      </button>
    </li>`;
  }

  #answer({ status, result, error }) {
    if (status === 'failed') {
      return html`<span class="line open">${describeError(error).sentence}</span>`;
    }
    if (!result) return html`<span class="line open">${t(`gallery.${status}`)}</span>`;
    const [best] = result.top;
    const { name, beside } = labelOf(best, this.state.model.labelled);
    return html`<span class="line">
        <span>${name}</span><span class="percent">${percent(best.probability, 0)}</span>
      </span>
      <span class="bar" style="--share: ${best.probability}"></span>
      ${beside ? html`<span class="open" lang="en">${beside}</span>` : nothing}`;
  }
}

customElements.define('photo-gallery', PhotoGallery);
