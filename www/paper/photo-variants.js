// What the loaded network answers when it is computed in another way than it
// was trained: another activation, towers cut apart, no normalisation, plain
// pooling; and what becomes of its maps.
import { html } from 'lit';
import { proxy } from 'comlink';
import { engine } from '../engine.js';
import { percent, t } from '../i18n/index.js';
import { PhotoMaps } from './photo-maps.js';
import { PhotoWork, className, going, largest } from './photo-work.js';

export class PhotoVariants extends PhotoWork {
  #variants;
  #isPossible;
  #maps;

  /**
   * @param {import('./paper-step.js').PaperStep} host
   * @param {object} wanted
   * @param {Record<string, string>} wanted.variants by name, the changes as the engine takes them
   * @param {(layer: import('../engine.js').LayerInfo) => boolean} wanted.applies to some layer of the network
   * @param {import('./photo-maps.js').Shown} wanted.maps
   */
  constructor(host, { variants, applies, maps }) {
    super(host);
    this.#variants = variants;
    this.#isPossible = (layers) => layers.some(applies);
    this.#maps = new PhotoMaps(host, maps);
  }

  isPossible(layers) {
    return this.#isPossible(layers);
  }

  /** The first variant is the one that the step is about. */
  get #name() {
    return Object.keys(this.#variants)[0];
  }

  get button() {
    return t('paper.photo.try', { name: this.#name });
  }

  whyNot(title) {
    return t('paper.photo.why-not', { name: this.#name, title });
  }

  release() {
    this.#maps.close();
  }

  async ask(progress) {
    const all = Object.entries(this.#variants);
    // Of all that is to be compiled, each network takes the same share.
    const part = (at) => (done, total) => progress(at + done / (total || 1), all.length + 1);
    await engine.inspect('', proxy(part(0)));
    const answers = { paper: (await engine.answer()).probabilities };
    try {
      for (const [at, [name, changes]] of all.entries()) {
        going(progress, at + 1, all.length + 1);
        await engine.inspect(changes, proxy(part(at + 1)));
        answers[name] = (await engine.answer(changes)).probabilities;
      }
      await this.#maps.open({ paper: '', ...this.#variants });
      going(progress, all.length + 1, all.length + 1);
    } catch (error) {
      this.release();
      for (const [, changes] of all) engine.forgetChanges(changes);
      throw error;
    }
    return answers;
  }

  /** What the first variant makes of what the network as it is guesses first. */
  here() {
    if (!this.isDone) return t('paper.photo.untried');
    const { paper, [this.#name]: changed } = this.result;
    const [named] = largest(paper, 1);
    const [first] = largest(changed, 1);
    return t('paper.photo.here', {
      name: this.#name,
      class: className(named),
      whole: percent(paper[named]),
      changed: percent(changed[named]),
      same: first === named ? 'yes' : 'no',
      first: className(first),
    });
  }

  show() {
    const answers = Object.entries(this.result).map(([name, probabilities]) => ({
      name,
      probabilities,
      first: largest(probabilities, 1)[0],
    }));
    const named = answers[0].first; // by the network as it is
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t('paper.photo')}>
        <table class="wrapping">
          <thead>
            <tr>
              <th scope="col">${t('paper.photo.network')}</th>
              <th scope="col">${t('paper.photo.first')}</th>
              <th scope="col" class="number"></th>
              <th scope="col" class="number">${className(named)}</th>
              <th scope="col" class="number">${t('paper.photo.place')}</th>
            </tr>
          </thead>
          <tbody>
            ${answers.map(
              ({ name, first, probabilities }) => html`<tr>
                <th scope="row">${t('paper.photo.variant', { name })}</th>
                <td>${className(first)}</td>
                <td class="number">${percent(probabilities[first])}</td>
                <td class="number">${percent(probabilities[named])}</td>
                <td class="number">${largest(probabilities, probabilities.length).indexOf(named) + 1}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${this.#maps.show()}`;
  }
}
