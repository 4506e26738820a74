// One thing at a time that the engine is asked about the photo in view: how far it
// is, how to stop it, and what came of it, kept for as long as that can be shown.
import { proxy } from 'comlink';
import { lookInside } from '../actions/classify.js';
import { pageError } from '../actions/notices.js';
import { engine } from '../engine.js';
import { getState, isAnswered, selectedPhoto } from '../store.js';

const MOST_KEPT = 24;

export class Work {
  /** @type {{ stage: 'compile' | 'compute', done: number, total: number } | null} of what runs */
  progress = null;

  #host;
  #running = null;
  /** @type {Map<string, { value?: any, error?: import('../store.js').PageError }>} */
  #outcomes = new Map();

  /** @param {import('lit').ReactiveControllerHost} host drawn again whenever something has changed */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate() {
    // Another photo or network: nobody waits for this any more.
    if (this.#running && this.#running.photo !== photoKey()) this.stop();
  }

  hostDisconnected() {
    this.stop();
  }

  /** @param {string} question @returns {any} what came of it, for the photo in view */
  result(question) {
    return this.#outcomes.get(keyOf(question))?.value ?? null;
  }

  /** @param {string} question @returns {import('../store.js').PageError | null} why nothing came of it */
  error(question) {
    return this.#outcomes.get(keyOf(question))?.error ?? null;
  }

  /** @param {string} question whether that is what runs */
  isRunning(question) {
    return this.#running?.key === keyOf(question);
  }

  /** Whether the photo in view can be asked about now. */
  get isPossible() {
    const { gpu, task } = getState();
    const photo = selectedPhoto();
    return gpu.status === 'ready' && !task && photo !== null && isAnswered(photo);
  }

  /**
   * Asks the engine, in place of what it was asked before.
   *
   * @param {string} question
   * @param {(tell: (done: number, total: number) => boolean, keep: (value: any) => void) => Promise<any>} ask
   *   `tell` is false once nobody wants to know; `keep` shows what there is so far
   */
  async run(question, ask) {
    const running = { key: keyOf(question), photo: photoKey() };
    this.#running = running;
    this.progress = { stage: 'compile', done: 0, total: 0 };
    const isWanted = () => running === this.#running && running.photo === photoKey();
    const telling = (stage) => (done, total) => {
      if (isWanted()) {
        this.progress = { stage, done, total };
        this.#host.requestUpdate();
      }
      return isWanted();
    };
    const keep = (value) => {
      if (isWanted()) this.#keep(running.key, { value });
    };
    this.#outcomes.delete(running.key);
    this.#host.requestUpdate();
    try {
      await lookInside(async () => {
        if (!isWanted()) return;
        await engine.inspect('', proxy(telling('compile')));
        if (!telling('compute')(0, 0)) return;
        keep(await ask(telling('compute'), keep));
      });
    } catch (error) {
      if (isWanted() && error?.code !== 'stopped') this.#fail(running.key, error);
    }
    if (running === this.#running) this.stop();
  }

  /** Ends what runs; what it has shown so far stays. */
  stop() {
    if (!this.#running) return;
    this.#running = this.progress = null;
    this.#host.requestUpdate();
  }

  #keep(key, outcome) {
    this.#outcomes.delete(key);
    this.#outcomes.set(key, outcome);
    if (this.#outcomes.size > MOST_KEPT) this.#outcomes.delete(this.#outcomes.keys().next().value);
    this.#host.requestUpdate();
  }

  #fail(key, error) {
    this.#keep(key, { error: pageError(error) });
  }
}

/** The photo in view, and the weights that answered. */
function photoKey() {
  const photo = selectedPhoto();
  return `${photo?.id} ${photo?.weights}`;
}

const keyOf = (question) => `${photoKey()} ${question}`;
