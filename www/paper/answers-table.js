// Several answers of the loaded network, one below the other: what each guesses
// first, and what each gives to the classes that are compared.
import { html, nothing } from 'lit';
import { percent, t } from '../i18n/index.js';
import '../components/picture-crop.js';
import { className, largest } from './photo-work.js';

/** @param {Float32Array[]} answers @returns {Float32Array} */
export const meanOf = (answers) =>
  answers[0].map((_, index) => answers.reduce((sum, answer) => sum + answer[index], 0) / answers.length);

/**
 * @param {object} table
 * @param {string} table.label
 * @param {{ head: unknown, probabilities: Float32Array,
 *   picture?: { rgba: Uint8Array, width: number, height: number }, isMean?: boolean }[]} table.rows
 * @param {number[]} table.classes their indices
 */
export function answersTable({ label, rows, classes }) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${label}>
    <table class="wrapping answers-table" aria-label=${label}>
      <thead>
        <tr>
          <th scope="col">${t('paper.photo.seen')}</th>
          <th scope="col">${t('paper.photo.first')}</th>
          ${classes.map((index) => html`<th scope="col" class="number">${className(index)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ head, probabilities, picture, isMean }) => html`<tr class=${isMean ? 'mean' : nothing}>
            <th scope="row">${picture ? html`<picture-crop .crop=${picture}></picture-crop>` : nothing}${head}</th>
            <td>${className(largest(probabilities, 1)[0])}</td>
            ${classes.map((index) => {
              const share = probabilities[index];
              return html`<td class="number" style="--share: ${share}"><span class="share">${percent(share)}</span></td>`;
            })}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
