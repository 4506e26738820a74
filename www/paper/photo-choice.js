// Which photo a step works on: those that are open, and the samples.
import { html } from 'lit';
import { addSample, select } from '../actions/photos.js';
import { t } from '../i18n/index.js';
import { SAMPLES, findSample } from '../samples.js';
import { getState } from '../store.js';

const MOST = 12; // of the visitor's own

export function photoChoice() {
  const { language, photos, selected } = getState();
  const own = photos.filter(({ sample }) => !sample).slice(-MOST);
  const isSample = photos.find(({ id }) => id === selected)?.sample;
  const button = (url, label, chosen, choose) => html`<button aria-pressed=${chosen} aria-label=${label} title=${label} @click=${choose}>
    <img src=${url} alt="" />
  </button>`;
  return html`<div class="choice-of-photo" role="group" aria-label=${t('paper.photo.choose')}>
    ${own.map(({ id, url, name }) => button(url, name, id === selected, () => select(id)))}
    ${SAMPLES.map(({ name, url }) =>
      button(url, findSample(name).alt[language], name === isSample, () => addSample(name)),
    )}
  </div>`;
}
