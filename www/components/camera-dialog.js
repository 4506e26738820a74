// Takes a frame of the camera.
import { css, html } from 'lit';
import { addFrame, openCamera } from '../actions/sources.js';
import { t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { Dialog } from './dialog.js';

class CameraDialog extends Dialog {
  static dialog = 'camera';

  static styles = [
    Dialog.styles,
    css`
      video {
        display: block;
        width: 100%;
        max-height: 60svh;
        aspect-ratio: 4 / 3;
        background: var(--table);
      }
      .take {
        width: 100%;
        min-height: 3.25rem;
        margin-top: 1rem;
        font-size: 1.1rem;
      }
      p {
        margin-top: 0.5rem;
        color: var(--muted);
      }
    `,
  ];

  /** @type {MediaStream | null} */
  #stream = null;

  title() {
    return t('camera.title');
  }

  body() {
    return html`<video autoplay playsinline muted aria-label=${t('camera.picture')}></video>
      <button class="button primary take" @click=${this.#take}>${icon('camera')} ${t('camera.take')}</button>
      <p>${t('stage.privacy')}</p>`;
  }

  /** How often it was opened: the browser may ask longer than it is open. */
  #turn = 0;

  async opened() {
    const turn = (this.#turn += 1);
    const stream = await openCamera();
    const video = this.renderRoot.querySelector('video');
    const isOpen = turn === this.#turn && this.state.dialog === 'camera';
    if (stream && video && isOpen) {
      this.#stream = stream;
      video.srcObject = stream;
      return;
    }
    // Refused, or closed while the person was being asked.
    for (const track of stream?.getTracks() ?? []) track.stop();
    if (isOpen) this.close();
  }

  closed() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }

  #take = async () => {
    const video = this.renderRoot.querySelector('video');
    if (!video.videoWidth) return; // no frame has come yet
    await addFrame(video);
    this.close();
  };
}

customElements.define('camera-dialog', CameraDialog);
