// What the race has come to, in one sentence and one number, beside the paper's.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { count, t } from '../i18n/index.js';
import { round } from './chart-options.js';
import { PAPER_RATIO } from './curve.js';

class RaceVerdict extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        display: block;
        flex: 1 1 22rem;
        min-width: 0;
      }
      .ratio {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 1rem;
      }
      strong {
        color: var(--accent-ink);
        font-size: clamp(2.1rem, 4.4vw, 4rem);
        font-weight: 750;
        line-height: 1.05;
        letter-spacing: -0.035em;
        font-variant-numeric: tabular-nums;
      }
      .paper {
        color: var(--muted);
        font-size: 0.95rem;
      }
      h2 {
        max-width: 30ch;
        font-size: clamp(1.3rem, 2vw, 1.75rem);
        font-weight: 650;
        line-height: 1.15;
        letter-spacing: -0.02em;
        text-wrap: balance;
      }
      .lead {
        max-width: 36rem;
        margin-top: 0.35rem;
        color: var(--muted);
        text-wrap: pretty;
      }
    `,
  ];

  render() {
    const { lanes, settings } = this.state.race;
    const unit = 'epochs';
    const [relu, tanh, sigmoid] = ['relu', 'tanh', 'sigmoid'].map((name) => lanes[name].curve);
    const first = relu?.crossing?.[unit];
    if (!first) return this.#question();
    const other = [tanh, sigmoid].find((curve) => curve?.last);
    const name = other === tanh ? 'tanh' : 'sigmoid';
    if (!other) return this.#sentence('race.verdict.alone', { epochs: round(first) });
    const second = other.crossing?.[unit];
    const ratio = (second ?? other.last[unit]) / first;
    const values = { activation: name, epochs: count(fine(first)), other: count(fine(second ?? other.last[unit])) };
    const third = sigmoid?.last && name === 'tanh' ? (sigmoid.crossing ?? sigmoid.last)[unit] / first : null;
    const open = !second;
    if (open && ratio < 1) return this.#sentence('race.verdict.ahead', values);
    return html`<p class="ratio">
        <strong>${open ? '> ' : ''}${times(round(ratio))}</strong>
        <span class="paper">${t('race.verdict.paper', { times: times(PAPER_RATIO) })}</span>
      </p>
      <p class="lead" role=${open ? nothing : 'status'}>
        ${t(open ? 'race.verdict.open' : 'race.verdict.done', values)}
        ${third === null
          ? nothing
          : t('race.verdict.sigmoid', {
              open: sigmoid.crossing ? 'no' : 'yes',
              ratio: count(round(third)),
            })}
        ${!open && settings.initializer === 'modern' ? t('race.verdict.initializer') : nothing}
      </p>`;
  }

  #question() {
    return html`<h2>${t('race.question')}</h2>
      <p class="lead">${t('race.question.lead', { ratio: PAPER_RATIO })}</p>`;
  }

  #sentence(key, values) {
    return html`<h2 role="status">${t(key, values)}</h2>
      <p class="lead">${t('race.question.lead', { ratio: PAPER_RATIO })}</p>`;
  }
}

const times = (ratio) => t('race.ratio', { ratio: count(ratio) });

/** Epochs with as many digits as tell two lines apart. */
const fine = (epochs) => Number(epochs.toPrecision(2));

customElements.define('race-verdict', RaceVerdict);
