// The loaded network asked about crops of the photo at hand: the ten of the
// paper's test and their mean, or one with the colours that were drawn.
import { html } from 'lit';
import { transfer } from 'comlink';
import { engine } from '../engine.js';
import { decode } from '../image.js';
import { percent, t } from '../i18n/index.js';
import { getState, selectedPhoto } from '../store.js';
import { answersTable, meanOf } from './answers-table.js';
import { CROP } from './crop-sheet.js';
import { PhotoWork, className, going, largest } from './photo-work.js';
import { SIDE } from './square.js';

const COMPARED = 3; // classes
const PLACES = { centre: [0.5, 0.5], northwest: [0, 0], northeast: [1, 0], southwest: [0, 1], southeast: [1, 1] };

/** The picture to crop from, and what is left and right of a crop together. */
async function openPatch() {
  const { bitmap } = await decode(selectedPhoto().blob);
  const { width } = getState().model.input;
  // As much larger than the crop as in the paper; 227 pixels too are cut from 256.
  const side = width >= CROP && width < SIDE ? SIDE : Math.ceil((width * SIDE) / CROP);
  const patch = await engine.openPatch(transfer(bitmap, [bitmap]), side);
  return { patch, spare: side - width };
}

export class TenCrops extends PhotoWork {
  get button() {
    return t('paper.augmentation.ten');
  }

  async ask(progress) {
    await engine.inspect('', progress);
    const { patch, spare } = await openPatch();
    const answers = [];
    for (const mirror of [false, true]) {
      for (const [place, share] of Object.entries(PLACES)) {
        going(progress, answers.length, 10);
        const [left, top] = share.map((part) => Math.floor(part * spare));
        const answer = await engine.answerTo(patch, { left, top, mirror });
        answers.push({ place, mirror, picture: answer, probabilities: answer.probabilities });
      }
    }
    return { answers, mean: meanOf(answers.map(({ probabilities }) => probabilities)) };
  }

  /** The centre's answer beside the mean. */
  here() {
    if (!this.isDone) return t('paper.augmentation.untried');
    const { answers, mean } = this.result;
    const [best] = largest(mean, 1);
    const shares = answers.map(({ probabilities }) => probabilities[best]);
    return t('paper.augmentation.here', {
      name: className(best),
      centre: percent(shares[0]),
      lowest: percent(Math.min(...shares)),
      highest: percent(Math.max(...shares)),
      mean: percent(mean[best]),
    });
  }

  show() {
    const { answers, mean } = this.result;
    const rows = answers.map(({ place, mirror, ...answer }) => ({
      head: t('paper.augmentation.place', { place, mirror: mirror ? 'yes' : 'no' }),
      ...answer,
    }));
    rows.push({ head: t('paper.augmentation.mean'), probabilities: mean, isMean: true });
    return html`${answersTable({ label: t('paper.augmentation.ten-answers'), rows, classes: largest(mean, COMPARED) })}
      <p class="note">${t('paper.augmentation.ten-note')}</p>`;
  }
}

/** One crop, and after it was asked about once every other that is chosen. */
export class ChosenCrop extends PhotoWork {
  heading = false;

  #chosen;
  #asking = false;

  /**
   * @param {import('./paper-step.js').PaperStep} host
   * @param {() => { left: number, top: number, mirrored: boolean, colour: number[] }} chosen
   *   of a crop of 224 in 256 pixels
   */
  constructor(host, chosen) {
    super(host);
    this.#chosen = chosen;
  }

  get button() {
    return t('paper.augmentation.ask');
  }

  async ask(progress) {
    await engine.inspect('', progress);
    return this.#answer(await openPatch());
  }

  async #answer({ patch, spare }) {
    const chosen = this.#chosen();
    const [left, top] = [chosen.left, chosen.top].map((place) => Math.floor((place / (SIDE - CROP)) * spare));
    const answer = (colour) => engine.answerTo(patch, { left, top, mirror: chosen.mirrored, colour });
    const plain = (await answer()).probabilities;
    const isShifted = chosen.colour.some((added) => added !== 0);
    const shifted = isShifted ? (await answer(chosen.colour)).probabilities : null;
    return { patch, spare, of: JSON.stringify(chosen), plain, shifted };
  }

  /** For the host, once it is drawn: another crop may be chosen by now. */
  async follow() {
    if (!this.isDone || this.#asking || this.result.of === JSON.stringify(this.#chosen())) return;
    this.#asking = true;
    const { result } = this;
    // Another photo or network may come meanwhile: then nobody waits for this.
    const next = await this.#answer(result).catch(() => null);
    this.#asking = false;
    if (this.result === result) this.result = next;
    this.host.requestUpdate();
  }

  show() {
    const { plain, shifted } = this.result;
    const rows = [{ head: t('paper.augmentation.noise', { noise: 'no' }), probabilities: plain }];
    if (shifted) rows.push({ head: t('paper.augmentation.noise', { noise: 'yes' }), probabilities: shifted });
    return answersTable({ label: t('paper.augmentation.ask'), rows, classes: largest(plain, COMPARED) });
  }
}
