// What the loaded network answers when it is computed in another way than it
// was trained: towers cut apart, no normalisation, plain pooling.
import { html } from 'lit';
import { engine } from '../engine.js';
import { percent, t } from '../i18n/index.js';
import { labelOf } from '../i18n/labels.js';
import { getState } from '../store.js';
import { PhotoWork, largest } from './photo-work.js';

export class PhotoVariants extends PhotoWork {
  #variants;
  #isPossible;

  /**
   * @param {import('./paper-step.js').PaperStep} host
   * @param {Record<string, string>} variants by name, the changes as the engine takes them
   * @param {(layer: import('../engine.js').LayerInfo) => boolean} applies to some layer of the network
   */
  constructor(host, variants, applies) {
    super(host);
    this.#variants = variants;
    this.#isPossible = (layers) => layers.some(applies);
  }

  isPossible(layers) {
    return this.#isPossible(layers);
  }

  get button() {
    return t('paper.photo.try', { name: Object.keys(this.#variants)[0] });
  }

  async ask(progress) {
    const answers = { paper: (await engine.answer()).probabilities };
    for (const [name, changes] of Object.entries(this.#variants)) {
      await engine.inspect(changes, progress);
      answers[name] = (await engine.answer(changes)).probabilities;
      await engine.forgetChanges(changes);
    }
    return answers;
  }

  show() {
    const { labelled } = getState().model;
    const answers = Object.entries(this.result).map(([name, probabilities]) => ({
      name,
      probabilities,
      first: largest(probabilities, 1)[0],
    }));
    const named = answers[0].first; // by the network as it is
    const label = (index) => labelOf({ index, label: String(index) }, labelled).name;
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t('paper.photo')}>
      <table class="wrapping">
        <thead>
          <tr>
            <th scope="col">${t('paper.photo.network')}</th>
            <th scope="col">${t('paper.photo.first')}</th>
            <th scope="col" class="number"></th>
            <th scope="col" class="number">${label(named)}</th>
            <th scope="col" class="number">${t('paper.photo.place')}</th>
          </tr>
        </thead>
        <tbody>
          ${answers.map(
            ({ name, first, probabilities }) => html`<tr>
              <th scope="row">${t('paper.photo.variant', { name })}</th>
              <td>${label(first)}</td>
              <td class="number">${percent(probabilities[first])}</td>
              <td class="number">${percent(probabilities[named])}</td>
              <td class="number">${largest(probabilities, probabilities.length).indexOf(named) + 1}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}
