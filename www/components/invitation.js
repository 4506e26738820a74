// A button that loads the network that this page is about.
import { html, nothing } from 'lit';
import { isAtHand, loadPublished, preferredWeights } from '../actions/models.js';
import { megabytes, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { getState } from '../store.js';

const INVITED = 'alexnet';

/** @param {import('../engine.js').ModelInfo} network the one that is there: no button where it is that one */
export function invitation({ name }) {
  const { models, task } = getState();
  const model = models.find((candidate) => candidate.name === INVITED);
  const weights = model && preferredWeights(model);
  if (!weights || name === INVITED || task) return nothing;
  const values = { model: model.title, size: megabytes(weights.bytes) };
  return html`<button class="button primary" @click=${() => loadPublished(INVITED, weights)}>
    ${icon('download')} ${t(isAtHand(weights) ? 'spine.load' : 'spine.get', values)}
  </button>`;
}
