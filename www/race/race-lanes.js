// The lanes: each activation with its switch, where it is, how fast, how long
// it has still to go, and its learning rate. The chart's legend at the same time.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { describeError } from '../describe-error.js';
import { count, duration, percent, short, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { setLine, show } from './actions/run.js';
import { lineSample } from './line-sample.js';
import './rate-field.js';

class RaceLanes extends Component {
  static styles = [
    Component.styles,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr));
        gap: 1rem clamp(1rem, 2vw, 2rem);
      }
      li {
        display: grid;
        gap: 0.5rem;
        align-content: start;
        min-width: 0;
        padding-top: 0.6rem;
        border-top: 2px solid var(--line);
      }
      li.shown {
        border-top-color: var(--ink);
      }
      .head {
        display: flex;
        align-items: center;
        gap: 0.5rem;
      }
      .head svg {
        flex: none;
        width: 2.5rem;
      }
      h3 {
        flex: 1;
        margin: 0;
        font-size: 1.05rem;
        font-weight: 700;
      }
      h3 button {
        font-weight: inherit;
        text-align: left;
      }
      h3 button:hover {
        text-decoration: underline;
      }
      .small {
        display: grid;
        place-items: center;
        width: 2.25rem;
        height: 2.25rem;
        border-radius: var(--radius);
        color: var(--muted);
      }
      .small:hover {
        color: var(--ink);
        background: var(--wash);
      }
      .value {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 0.6rem;
        min-height: 2.2rem;
        font-variant-numeric: tabular-nums;
      }
      .value strong {
        font-size: 1.7rem;
        font-weight: 750;
        line-height: 1.2;
        letter-spacing: -0.03em;
      }
      .value span,
      .pace {
        color: var(--muted);
        font-size: 0.85rem;
      }
      .pace {
        min-height: 1.45em;
        font-variant-numeric: tabular-nums;
      }
      .off {
        opacity: 0.75;
      }
      .note {
        padding-left: 0.75rem;
        border-left: 0.3rem solid var(--attention);
        font-size: 0.9rem;
      }
    `,
  ];

  render() {
    const { lanes, shown } = this.state.race;
    return html`<ul aria-label=${t('race.lanes')}>
      ${Object.values(lanes).map((lane) => this.#lane(lane, shown))}
    </ul>`;
  }

  #lane(lane, shown) {
    const { activation, status, held } = lane;
    const name = t('race.activation', { activation });
    const off = status === 'off';
    return html`<li class="${off ? 'off' : ''} ${activation === shown ? 'shown' : ''}">
      <div class="head">
        ${lineSample(activation)}
        <h3>
          ${off
            ? name
            : html`<button
                title=${t('race.lane.show', { name })}
                aria-pressed=${activation === shown}
                @click=${() => show(activation)}
              >
                ${name}
              </button>`}
        </h3>
        ${off
          ? this.#switch(activation, 'go', 'plus', t('race.lane.add', { name }))
          : html`${held
              ? this.#switch(activation, 'go', 'play', t('race.lane.go', { name }))
              : this.#switch(activation, 'hold', 'pause', t('race.lane.hold', { name }))}
            ${this.#switch(activation, 'off', 'close', t('race.lane.remove', { name }))}`}
      </div>
      ${off ? nothing : this.#body(lane)}
    </li>`;
  }

  #switch(activation, wanted, picture, label) {
    return html`<button
      class="small"
      aria-label=${label}
      title=${label}
      @click=${() => setLine(activation, wanted)}
    >
      ${icon(picture)}
    </button>`;
  }

  #body(lane) {
    const { activation, curve, error, stuck } = lane;
    const last = curve?.last;
    const { y } = this.state.race.chart;
    const value = last && (y === 'error' ? percent(last.error) : count(round(last.loss)));
    return html`<p class="value">
        <strong>${value ?? '–'}</strong>
        <span>${t(`race.axis.${y}`)}</span>
      </p>
      <p class="pace">${this.#pace(lane)}</p>
      <rate-field .activation=${activation}></rate-field>
      ${error ? html`<p class="note">${describe(error)}</p>` : nothing}
      ${stuck && !error && this.state.race.dataset ? html`<p class="note">${this.#stuck()}</p>` : nothing}`;
  }

  /** What it is doing, or how fast and how long still. */
  #pace(lane) {
    const { status, held, checkpoint, compiling, position, curve } = lane;
    if (status === 'opening') {
      const { done, total } = compiling;
      return t('race.lane.opening', { known: total > 0 ? 'yes' : 'no', share: percent(done / (total || 1), 0) });
    }
    if (held) return t('race.lane.held');
    const kept = checkpoint?.position.step === curve?.next;
    if (status === 'paused' && kept) return t('race.lane.kept');
    if (status === 'done') return t('race.lane.done', { seconds: duration(lane.seconds * 1000) });
    if (!position?.imagesPerSecond || !curve.last) {
      return t(status === 'running' ? 'race.lane.begins' : 'race.lane.ready');
    }
    const speed = t('race.lane.speed', { speed: short(position.imagesPerSecond) });
    if (status !== 'running') return speed;
    const { settings, lanes } = this.state.race;
    const sharing = Object.values(lanes).filter((other) => other.status === 'running').length;
    const images = (settings.epochs - curve.last.epochs) * curve.images;
    const left = Math.max(0, (images / position.imagesPerSecond) * sharing);
    return `${speed} · ${t('race.lane.left', { time: span(left) })}`;
  }

  #stuck() {
    const classes = this.state.race.dataset.classes.length;
    return t('race.stuck', { classes, loss: round(Math.log(classes)) });
  }
}

const round = (value) => Number(value.toPrecision(3));

const describe = (error) => {
  const { sentence, advice } = describeError(error);
  return advice ? `${sentence} ${advice}` : sentence;
};

/** Seconds as a person says them: 40 s, 12 min, 3 h. */
function span(seconds) {
  if (seconds < 90) return t('race.seconds', { count: Math.round(seconds) });
  if (seconds < 5400) return t('race.minutes', { count: Math.round(seconds / 60) });
  return t('race.hours', { count: Math.round(seconds / 360) / 10 });
}

customElements.define('race-lanes', RaceLanes);
