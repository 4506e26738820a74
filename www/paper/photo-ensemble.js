// The answers of all networks that were loaded in this visit about the photo at
// hand, and their average.
import { html } from 'lit';
import { openDialog } from '../actions/settings.js';
import { engine } from '../engine.js';
import { percent, t } from '../i18n/index.js';
import { labelOf } from '../i18n/labels.js';
import { getState, selectedPhoto } from '../store.js';
import { PhotoWork, largest } from './photo-work.js';

const SHOWN = 5; // classes

/** By photo, then by the hash of the weights. @type {Map<string, Map<string, { title: string, probabilities: Float32Array }>>} */
const collected = new Map();

export class PhotoEnsemble extends PhotoWork {
  get button() {
    return t('paper.ensemble.ask', { title: getState().model?.title ?? '…' });
  }

  /** Only what answers with the same classes can be averaged. */
  isPossible() {
    return getState().model.labelled;
  }

  whyNot(title) {
    return t('paper.ensemble.impossible', { title });
  }

  async ask() {
    const { title, loaded } = getState().model;
    const { id } = selectedPhoto();
    const { probabilities } = await engine.answer();
    if (!collected.has(id)) collected.set(id, new Map());
    collected.get(id).set(loaded.hash, { title, probabilities });
    return true;
  }

  render() {
    const answers = [...(collected.get(selectedPhoto()?.id)?.values() ?? [])];
    return html`${super.render()} ${answers.length > 0 ? this.#answers(answers) : ''}`;
  }

  #answers(answers) {
    const mean = answers[0].probabilities.map(
      (_, index) => answers.reduce((sum, { probabilities }) => sum + probabilities[index], 0) / answers.length,
    );
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t('paper.photo')}>
        <table class="wrapping">
          <thead>
            <tr>
              <th scope="col">${t('paper.dropout.class')}</th>
              ${answers.map(({ title }) => html`<th scope="col" class="number">${title}</th>`)}
              <th scope="col" class="number">${t('paper.ensemble.mean')}</th>
            </tr>
          </thead>
          <tbody>
            ${largest(mean, SHOWN).map(
              (index) => html`<tr>
                <th scope="row">${labelOf({ index, label: String(index) }, true).name}</th>
                ${[...answers.map(({ probabilities }) => probabilities), mean].map(
                  (probabilities) => html`<td class="number">${percent(probabilities[index])}</td>`,
                )}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <div class="controls">
        <p class="note">${t('paper.ensemble.more', { count: answers.length })}</p>
        <button class="button" @click=${() => openDialog('models')}>${t('spine.change')}</button>
      </div>`;
  }
}
