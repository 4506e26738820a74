// How far the network is that is on its way to the GPU, and a button to stop it.
import { css, html, nothing } from 'lit';
import { stopTask } from '../actions/models.js';
import { megabytes, percent, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { Component } from './component.js';

class TaskProgress extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0.35rem 1rem;
        align-items: center;
      }
      .button {
        grid-area: 1 / 2 / 3;
      }
      progress {
        width: 100%;
        height: 0.5rem;
        appearance: none;
        border: 0;
        background: var(--line);
      }
      progress::-webkit-progress-bar {
        background: var(--line);
      }
      progress::-webkit-progress-value {
        background: var(--accent);
      }
      progress::-moz-progress-bar {
        background: var(--accent);
      }
      progress:indeterminate {
        background: linear-gradient(90deg, var(--line) 35%, var(--accent) 50%, var(--line) 65%) 0 0 /
          200% 100%;
        animation: run 1.4s linear infinite;
      }
      progress:indeterminate::-webkit-progress-bar {
        background: none;
      }
      progress:indeterminate::-moz-progress-bar {
        background: none;
      }
      @keyframes run {
        from {
          background-position: 200% 0;
        }
      }
    `,
  ];

  render() {
    const { task } = this.state;
    if (!task) return nothing;
    const { phase, stage, done, total, file } = task;
    const known = total > 0 ? 'yes' : 'no';
    const share = percent(total > 0 ? done / total : 0, 0);
    const values = { file, stage, known, share, done: megabytes(done), total: megabytes(total) };
    return html`<span>${t(`task.${phase}`, values)}</span>
      <progress
        aria-label=${t(`task.${phase}.name`)}
        max=${total || 1}
        value=${total > 0 ? done : nothing}
      ></progress>
      <button class="button" @click=${stopTask}>${icon('stop')} ${t('task.stop')}</button>`;
  }
}

customElements.define('task-progress', TaskProgress);
