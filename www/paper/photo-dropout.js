// Masks drawn on the dropout layers of the loaded network, for the photo at hand.
import { html } from 'lit';
import { tellError } from '../actions/notices.js';
import { engine } from '../engine.js';
import { percent, t } from '../i18n/index.js';
import { getState } from '../store.js';
import { meanOf } from './answers-table.js';
import { cloud } from './dropout-drawing.js';
import { distance } from './dropout-network.js';
import './dropped-units.js';
import { PhotoWork, className, going, largest } from './photo-work.js';

const SHOWN = 5; // classes
const isDropout = ({ kind }) => kind === 'dropout';

export class PhotoDropout extends PhotoWork {
  #seed = 0;
  #masks = 64;

  get button() {
    return t('paper.dropout.masks', { count: this.#masks });
  }

  isPossible(layers) {
    return layers.some(isDropout);
  }

  whyNot(title) {
    return t('paper.dropout.why-not', { title });
  }

  async ask(progress) {
    this.#seed += 1;
    await engine.inspect('', progress);
    const { probabilities: scaled } = await engine.answer();
    const active = new Map();
    for (const { name } of getState().model.layers.filter(isDropout)) {
      active.set(name, Uint8Array.from(await engine.layerValues(name), (value) => value !== 0));
    }
    const answers = [];
    let off;
    while (answers.length < this.#masks) {
      going(progress, answers.length, this.#masks);
      const mask = await engine.dropOut(this.#seed, answers.length);
      answers.push(mask.probabilities);
      off = mask.off;
    }
    return { answers, scaled, active, off };
  }

  #more = async () => {
    const { result } = this;
    try {
      const { probabilities, off } = await engine.dropOut(this.#seed, result.answers.length);
      if (this.result !== result) return; // another photo or network has come
      this.result = { ...result, answers: [...result.answers, probabilities], off };
      this.host.requestUpdate();
    } catch (error) {
      if (error?.code !== 'device-lost') tellError(error);
    }
  };

  /** Of the likeliest class. */
  here() {
    if (!this.isDone) return t('paper.photo.untried');
    const { answers, scaled } = this.result;
    const mean = meanOf(answers);
    const [best] = largest(mean, 1);
    const own = answers.map((answer) => answer[best]);
    return t('paper.dropout.here', {
      name: className(best),
      count: answers.length,
      lowest: percent(Math.min(...own)),
      highest: percent(Math.max(...own)),
      mean: percent(mean[best]),
      scaled: percent(scaled[best]),
    });
  }

  /** How many masks are drawn at once. */
  options() {
    return this.host.slider(
      t('paper.dropout.how-many'),
      { min: 8, max: 256, step: 8, value: this.#masks },
      (masks) => {
        this.#masks = masks;
        this.host.requestUpdate();
      },
    );
  }

  show() {
    const { answers, scaled, active, off } = this.result;
    const mean = meanOf(answers);
    const shown = largest(mean, SHOWN);
    const pick = (probabilities) => shown.map((index) => probabilities[index]);
    const each = answers.map(pick);
    const strips = cloud({ answers: each, mean: pick(mean), scaled: pick(scaled) });
    return html`<div class="boards">
      <div class="sheets">
        <button class="button" @click=${this.#more}>${t('paper.dropout.one-more')}</button>
        ${off.map(
          ({ layer, units }) => html`<dropped-units .layer=${layer} .active=${active.get(layer)} .off=${units}></dropped-units>`,
        )}
      </div>
      <div class="answers">
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
                  <th scope="row">${className(index)}</th>
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
      </div>
    </div>`;
  }
}
