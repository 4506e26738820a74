// What Krizhevsky measured when he left out one thing, as he noted it in the
// configuration files of the original code, beside the network with all of it.
import { html } from 'lit';
import { percent, t } from '../i18n/index.js';

/** Errors on the validation set, ten views each: top 1, top 5; by number of the file. */
const RUNS = {
  145: [0.40664, 0.1821],
  147: [0.41058, 0.1851],
  148: [0.42034, 0.19362],
  150: [0.41828, 0.1933],
};
const BASELINE = 145;

/** @param {147 | 148 | 150} run what was left out */
export function ablation(run) {
  const difference = RUNS[run].map((error, place) => error - RUNS[BASELINE][place]);
  const row = (head, cells) => html`<tr>
    <th scope="row">${head}</th>
    ${cells.map((cell) => html`<td class="number">${cell}</td>`)}
  </tr>`;
  return html`<h3>${t('paper.ablation')}</h3>
    <div class="scroll" tabindex="0" role="group" aria-label=${t('paper.ablation')}>
      <table class="wrapping">
        <thead>
          <tr>
            <th scope="col">layers-*.cfg</th>
            <th scope="col" class="number">top-1</th>
            <th scope="col" class="number">top-5</th>
          </tr>
        </thead>
        <tbody>
          ${[BASELINE, run].map((number) =>
            row(
              t('paper.ablation.run', { run: number }),
              RUNS[number].map((error) => percent(error, 3)),
            ),
          )}
          ${row(
            t('paper.ablation.cost'),
            difference.map((error) => `+\u2009${percent(error, 3)}`),
          )}
        </tbody>
      </table>
    </div>`;
}
