// Masks drawn on the dropout layers of the loaded network, for the photo at hand.
import { html } from 'lit';
import { engine } from '../engine.js';
import { percent, t } from '../i18n/index.js';
import { labelOf } from '../i18n/labels.js';
import { getState } from '../store.js';
import { cloud } from './dropout-drawing.js';
import { distance } from './dropout-network.js';
import { PhotoWork, largest } from './photo-work.js';

const MASKS = 64;
const SHOWN = 5; // classes

export class PhotoDropout extends PhotoWork {
  #seed = 0;

  get button() {
    return t('paper.dropout.masks', { count: MASKS });
  }

  isPossible(layers) {
    return layers.some(({ kind }) => kind === 'dropout');
  }

  async ask(progress) {
    this.#seed += 1;
    const { probabilities: scaled } = await engine.answer();
    const answers = [];
    const mean = new Float32Array(scaled.length);
    for (let mask = 0; mask < MASKS; mask += 1) {
      if (!progress(mask, MASKS)) throw { code: 'stopped' };
      const { probabilities } = await engine.dropOut(this.#seed, mask);
      answers.push(probabilities);
      probabilities.forEach((share, index) => (mean[index] += share / MASKS));
    }
    return { answers, mean, scaled };
  }

  show() {
    const { answers, mean, scaled } = this.result;
    const shown = largest(mean, SHOWN);
    const pick = (probabilities) => shown.map((index) => probabilities[index]);
    const each = answers.map(pick);
    const strips = cloud({ answers: each, mean: pick(mean), scaled: pick(scaled) });
    const { labelled } = getState().model;
    return html`<div class="answers">
      <table class="wrapping">
        <thead>
          <tr>
            <th scope="col">${t('paper.dropout.class')}</th>
            <th scope="col" class="number">${t('paper.dropout.lowest')}</th>
            <th scope="col" class="number">${t('paper.dropout.highest')}</th>
            ${['mean', 'scaled'].map(
              (column) =>
                html`<th scope="col" class="number ${column}">${t('paper.dropout.column', { column, all: '' })}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${shown.map((index, at) => {
            const own = each.map((answer) => answer[at]);
            const cells = [Math.min(...own), Math.max(...own), mean[index], scaled[index]];
            return html`<tr>
                <th scope="row">${labelOf({ index, label: String(index) }, labelled).name}</th>
                ${cells.map((share) => html`<td class="number">${percent(share)}</td>`)}
              </tr>
              <tr class="drawn" aria-hidden="true">
                <td colspan="5">${strips[at]}</td>
              </tr>`;
          })}
        </tbody>
      </table>
      <p class="note">
        ${t('paper.dropout.apart', { distance: percent(distance(Array.from(mean), scaled)), count: each.length })}
      </p>
    </div>`;
  }
}
