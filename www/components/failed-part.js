// What stands in the place of a part of the page that could not be drawn.
import { html } from 'lit';
import { t } from '../i18n/index.js';
import { getState } from '../store.js';

// Before the messages are there.
const WITHOUT_MESSAGES = {
  sentence: ({ reason }) => `This part of the page could not be drawn: ${reason}`,
  again: () => 'Try again',
};

/**
 * @param {unknown} error what was thrown
 * @param {() => void} tryAgain
 */
export function failedPart(error, tryAgain) {
  const reason = String(error?.message ?? error?.code ?? error);
  const say = (name, values) =>
    getState().language ? t(`part.failed.${name}`, values) : WITHOUT_MESSAGES[name](values);
  return html`<div class="failed-part" role="alert">
    <span>${say('sentence', { reason })}</span>
    <button class="button" @click=${tryAgain}>${say('again')}</button>
  </div>`;
}
