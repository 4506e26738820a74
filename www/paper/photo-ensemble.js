// The answers of all networks that were loaded in this visit about the photo at
// hand, and their average.
import { html } from 'lit';
import { engine } from '../engine.js';
import { list, percent, t } from '../i18n/index.js';
import { getState, selectedPhoto } from '../store.js';
import { meanOf } from './answers-table.js';
import { PhotoWork, className, largest } from './photo-work.js';

const SHOWN = 5; // classes

/**
 * By photo, then by the hash of the weights.
 * @type {Map<string, Map<string, { network: import('../engine.js').ModelInfo, probabilities: Float32Array }>>}
 */
const collected = new Map();

export class PhotoEnsemble extends PhotoWork {
  get button() {
    return t('paper.ensemble.ask', { title: getState().model?.title ?? '…' });
  }

  /** Only what answers with the same classes can be averaged. */
  isPossible() {
    return classesOf(getState().model) !== null;
  }

  whyNot(title) {
    return t('paper.ensemble.impossible', { title });
  }

  async ask(progress) {
    await engine.inspect('', progress);
    const { model: network } = getState();
    const { id } = selectedPhoto();
    const { probabilities } = await engine.answer();
    if (!collected.has(id)) collected.set(id, new Map());
    collected.get(id).set(network.loaded.hash, { network, probabilities });
    return true;
  }

  /** Of the photo in view, by all that answer with the classes of the loaded network. */
  get #answers() {
    const { model } = getState();
    const all = [...(collected.get(selectedPhoto()?.id)?.values() ?? [])];
    return all.filter(({ network }) => model && classesOf(network) === classesOf(model));
  }

  /** What the average gives the class that it is likeliest, once there is one. */
  here() {
    const each = this.#answers.map(({ probabilities }) => probabilities);
    if (each.length < 2) return t('paper.ensemble.untried');
    const mean = meanOf(each);
    const [best] = largest(mean, 1);
    const shares = each.map((probabilities) => percent(probabilities[best]));
    return t('paper.ensemble.here', { name: className(best), mean: percent(mean[best]), each: list(shares, each.length) });
  }

  render() {
    return html`${super.render()} ${this.#answers.length > 0 ? this.#table(this.#answers) : ''}`;
  }

  /** With the beginning of its weights' hash where another has the same title: both trained here. */
  #name({ title, loaded }, answers) {
    const isAlone = answers.filter(({ network }) => network.title === title).length === 1;
    return isAlone ? title : html`${title} <small>${loaded.hash.slice(0, 8)}</small>`;
  }

  #table(answers) {
    const mean = meanOf(answers.map(({ probabilities }) => probabilities));
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t('paper.photo')}>
        <table class="wrapping">
          <thead>
            <tr>
              <th scope="col">${t('paper.dropout.class')}</th>
              ${answers.map(({ network }) => html`<th scope="col" class="number">${this.#name(network, answers)}</th>`)}
              <th scope="col" class="number">${t('paper.ensemble.mean')}</th>
            </tr>
          </thead>
          <tbody>
            ${largest(mean, SHOWN).map(
              (index) => html`<tr>
                <th scope="row">${className(index)}</th>
                ${[...answers.map(({ probabilities }) => probabilities), mean].map(
                  (probabilities) => html`<td class="number">${percent(probabilities[index])}</td>`,
                )}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <p class="note">${t('paper.ensemble.more', { count: answers.length })}</p>`;
  }
}

/** What a network's classes are told by; null where they are not known. */
const classesOf = ({ labelled, classes }) => (labelled ? 'ImageNet' : (classes?.join('\n') ?? null));
