// The left half: the start button, and the pictures that no line trains with,
// each with what the line in view says it is.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { count, megabytes, percent, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { pause, play, step } from './actions/run.js';
import { stopReading } from './actions/data.js';
import { reset } from './actions/recover.js';
import './pixel-picture.js';
import { hasBegun, lanesInRace } from './state.js';

/** Bytes of the GPU's memory that are said before a race takes them. */
const MUCH = 0.75e9;

class RaceStage extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        --focus: #fff;
        display: flex;
        flex-direction: column;
        gap: 1.25rem;
        min-width: 0;
        padding: clamp(1rem, 2vw, 2rem) var(--gutter);
        background: var(--table);
        color: var(--on-table);
      }
      @media (min-width: 56rem) {
        :host {
          padding-right: clamp(1.25rem, 2.5vw, 2.5rem);
        }
      }
      .controls {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 0.75rem;
      }
      .play {
        display: grid;
        place-items: center;
        width: 4.5rem;
        height: 4.5rem;
        border-radius: 50%;
        background: #0877bd;
        color: #fff;
        font-size: 1.6rem;
        transition: background 150ms;
      }
      .play:hover {
        background: #1087d2;
      }
      .play:disabled {
        background: #3a434b;
        cursor: default;
      }
      .button {
        border-color: #ffffff40;
        background: none;
        color: var(--on-table);
      }
      .button:disabled {
        opacity: 0.45;
        cursor: default;
      }
      h2 {
        font-size: clamp(2rem, 3.4vw, 3.1rem);
        font-weight: 750;
        line-height: 1;
        letter-spacing: -0.035em;
      }
      .lead {
        max-width: 30rem;
        color: var(--on-table-muted);
        text-wrap: pretty;
      }
      .epoch {
        margin-left: auto;
        text-align: right;
        line-height: 1.2;
        font-variant-numeric: tabular-nums;
      }
      .epoch strong {
        display: block;
        font-size: 1.6rem;
        font-weight: 750;
        letter-spacing: -0.02em;
      }
      .epoch span {
        color: var(--on-table-muted);
        font-size: 0.8rem;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(max(5.6rem, 17%), 1fr));
        gap: 0.75rem 0.5rem;
      }
      li {
        min-width: 0;
        font-size: 0.75rem;
        line-height: 1.35;
      }
      .guess {
        --bar: #66727c;
        display: flex;
        flex-wrap: wrap; /* the share goes below as long a name as "automobile" */
        justify-content: space-between;
        column-gap: 0.15rem;
        margin-top: 0.15rem;
        color: var(--on-table-muted);
        line-height: 1.25;
      }
      .guess:first-of-type {
        margin-top: 0.3rem;
        color: var(--on-table);
        font-weight: 600;
      }
      .guess .name {
        max-width: 100%;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .guess .share {
        margin-left: auto;
        white-space: nowrap;
      }
      .guess i {
        flex: 0 0 100%;
        height: 0.2rem;
        background: linear-gradient(var(--bar) 0 0) left / max(1px, calc(var(--share) * 100%)) no-repeat;
      }
      .right {
        --bar: #3fa3e6;
      }
      .wrong {
        --bar: var(--attention);
      }
      .verdict {
        display: inline-block;
        width: 1.05em;
      }
      .caption {
        color: var(--on-table-muted);
        font-size: 0.85rem;
      }
      progress {
        width: 100%;
        height: 0.4rem;
        accent-color: #3fa3e6;
      }
      @media (max-width: 55.99rem) {
        ul {
          grid-auto-flow: column;
          grid-template-columns: none;
          grid-auto-columns: 5.6rem;
          overflow-x: auto;
        }
      }
    `,
  ];

  render() {
    const { race, gpu } = this.state;
    const { playing, data } = race;
    const begun = hasBegun();
    const usable = gpu.status !== 'unavailable' && lanesInRace().length > 0;
    return html`${begun ? nothing : this.#invitation()}
      <div class="controls">
        <button
          class="play"
          aria-label=${t(playing ? 'race.pause' : 'race.play')}
          title=${t(playing ? 'race.pause' : 'race.play')}
          ?disabled=${!usable}
          @click=${() => (playing ? pause() : play())}
        >
          ${icon(playing ? 'pause' : 'play')}
        </button>
        <button class="button" ?disabled=${!usable || data.status === 'reading'} @click=${step}>
          ${icon('step')} ${t('race.step')}
        </button>
        <button class="button" ?disabled=${!begun} @click=${reset}>
          ${icon('reset')} ${t('race.reset')}
        </button>
        ${begun ? this.#epoch() : nothing}
      </div>
      ${begun ? nothing : this.#memory()}
      ${data.status === 'reading' ? this.#reading(data) : this.#pictures()}
      <p class="visually-hidden" role="status">${this.#spoken()}</p>`;
  }

  #invitation() {
    const { info } = this.state.race.data;
    const values = { count: info?.training ?? 4000, classes: info?.classes.length ?? 10 };
    return html`<h2>${t('race.title')}</h2>
      <p class="lead">${t('race.lead', values)}</p>`;
  }

  /** Said beforehand: what not every GPU has. */
  #memory() {
    const bytes = (this.state.race.estimate?.bytes ?? 0) * lanesInRace().length;
    if (bytes < MUCH) return nothing;
    return html`<p class="caption" role="status">${t('race.memory', { size: megabytes(bytes) })}</p>`;
  }

  #epoch() {
    const { lanes, shown, settings } = this.state.race;
    const reached = lanes[shown].curve?.reached ?? 0;
    return html`<p class="epoch">
      <strong>${count(Math.round(reached * 100) / 100)}</strong>
      <span>${t('race.of-epochs', { epochs: settings.epochs })}</span>
    </p>`;
  }

  #reading({ done, total }) {
    return html`<div>
      <p>${t('race.reading', { known: total > 0 ? 'yes' : 'no', share: percent(total > 0 ? done / total : 0, 0) })}</p>
      <progress
        aria-label=${t('race.reading.name')}
        max=${total || 1}
        value=${total > 0 ? done : nothing}
      ></progress>
      <button class="button" @click=${stopReading}>${icon('stop')} ${t('task.stop')}</button>
    </div>`;
  }

  #pictures() {
    const { pictures, predictions, shown } = this.state.race;
    if (pictures.length === 0) return nothing;
    const answered = new Map(predictions.map((answer) => [answer.index, answer.probabilities]));
    const caption = predictions.length > 0 ? 'race.pictures.answers' : 'race.pictures';
    return html`<p class="caption">${t(caption, { activation: shown })}</p>
      <ul>
        ${pictures.map((picture) => this.#picture(picture, answered.get(picture.index)))}
      </ul>`;
  }

  #picture(picture, probabilities) {
    const { classes } = this.state.race.pictured;
    const truth = classes[picture.label];
    if (!probabilities) {
      return html`<li>
        <pixel-picture .picture=${picture} .label=${truth}></pixel-picture>
        <p class="guess"><span class="name">${truth}</span></p>
      </li>`;
    }
    const best = [...probabilities.keys()]
      .sort((a, b) => probabilities[b] - probabilities[a])
      .slice(0, 3);
    const right = best[0] === picture.label;
    return html`<li>
      <pixel-picture .picture=${picture} .label=${truth}></pixel-picture>
      ${best.map(
        (index, place) => html`<p
          class="guess ${index === picture.label ? 'right' : place === 0 ? 'wrong' : ''}"
        >
          <span class="name" title=${classes[index]}
            >${place === 0
              ? html`<span class="verdict" aria-label=${t(right ? 'race.right' : 'race.wrong', { truth })}
                  >${right ? '✓' : '✗'}</span
                >`
              : nothing}${classes[index]}</span
          >
          <span class="share">${percent(probabilities[index], 0)}</span>
          <i style="--share: ${probabilities[index]}"></i>
        </p>`,
      )}
    </li>`;
  }

  /** What a screen reader is told: begin and end, not each step. */
  #spoken() {
    const { playing } = this.state.race;
    const opening = lanesInRace().some(({ status }) => status === 'opening');
    if (opening) return t('race.spoken.preparing');
    if (playing) return t('race.spoken.running');
    return hasBegun() ? t('race.spoken.paused') : '';
  }
}

customElements.define('race-stage', RaceStage);
