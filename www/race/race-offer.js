// Offers: to go on with the race of an earlier visit; and, where settings were
// changed that a running race cannot take, to start over with them.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { count, list, t } from '../i18n/index.js';
import { takeBack } from './actions/change.js';
import { discard, reset, resume } from './actions/recover.js';
import { pendingFields } from './settings.js';
import { hasBegun } from './state.js';

class RaceOffer extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        position: sticky;
        top: 0;
        z-index: 2;
        display: block;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1rem;
        padding: 0.6rem var(--gutter);
        background: var(--wash);
        border-block: 1px solid var(--line);
      }
      p {
        flex: 1 1 20rem;
      }
    `,
  ];

  render() {
    const { kept, settings, started } = this.state.race;
    const pending = hasBegun() ? pendingFields(settings, started) : [];
    return html`${kept && !hasBegun() ? this.#resume(kept) : nothing}
    ${pending.length > 0 ? this.#restart(pending) : nothing}`;
  }

  #resume({ time, lines, info }) {
    const positions = Object.entries(lines).map(([activation, { checkpoint }]) =>
      t('race.kept.line', {
        activation,
        epochs: count(checkpoint.position.epoch),
      }),
    );
    const { lang } = document.documentElement;
    const when = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' }).format(time);
    return html`<div role="region" aria-label=${t('race.kept.label')}>
      <p>${t('race.kept', { when, dataset: info.name, lines: list(positions) })}</p>
      <button class="button primary" @click=${resume}>${t('race.kept.resume')}</button>
      <button class="button" @click=${discard}>${t('race.kept.forget')}</button>
    </div>`;
  }

  #restart(pending) {
    const names = list(pending.map((field) => t(`race.field.${field}`)));
    return html`<div role="region" aria-label=${t('race.pending.label')}>
      <p>${t('race.pending', { names })}</p>
      <button class="button primary" @click=${reset}>${t('race.pending.restart')}</button>
      <button class="button" @click=${takeBack}>${t('race.pending.keep')}</button>
    </div>`;
  }
}

customElements.define('race-offer', RaceOffer);
