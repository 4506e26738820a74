// Choosing a network: each with its published files, whether they are at hand,
// and what to do where their host does not let a page read them.
import { css, html, nothing } from 'lit';
import {
  isAtHand,
  keyOf,
  loadFile,
  loadPublished,
  removeStored,
  stopTask,
} from '../actions/models.js';
import { megabytes, percent, short, t } from '../i18n/index.js';
import { icon } from '../icons.js';
import { Dialog } from './dialog.js';

class ModelsDialog extends Dialog {
  static dialog = 'models';

  static styles = [
    Dialog.styles,
    css`
      li.model {
        padding: 1rem 0;
        border-top: 1px solid var(--line);
      }
      h3 {
        margin: 0;
        font-size: 1.15rem;
      }
      .loaded {
        display: flex;
        align-items: center;
        gap: 0.4em;
        min-height: 2.5rem;
        color: var(--accent-ink);
        font-weight: 600;
      }
      .facts,
      .note,
      .file .about {
        color: var(--muted);
        font-size: 0.9rem;
      }
      .file {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.5rem 1rem;
        margin-top: 0.6rem;
      }
      .about {
        flex: 1 1 14rem;
        overflow-wrap: anywhere;
      }
      .about strong {
        color: var(--ink);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }
      .drop {
        display: grid;
        gap: 0.5rem;
        justify-items: start;
        margin-top: 0.5rem;
        padding: 1.25rem;
        border: 2px dashed var(--line);
        border-radius: var(--radius);
      }
      .drop p:first-child {
        font-weight: 650;
      }
    `,
  ];

  title() {
    return t('models.title');
  }

  body() {
    const { models, stored } = this.state;
    const known = new Set(models.flatMap(({ weights }) => weights.map(keyOf)));
    const outdated = stored.filter(({ key }) => !known.has(key));
    return html`<ul>
        ${models.map((model) => this.#model(model))}
      </ul>
      ${outdated.map(
        ({ key, bytes }) =>
          html`<div class="file">
            <p class="about">${t('models.outdated', { size: megabytes(bytes) })}</p>
            ${this.#remove(key, megabytes(bytes))}
          </div>`,
      )}
      <div class="drop">
        <p>${t('models.drop')}</p>
        <p class="note">${t('models.drop-note')}</p>
        <input
          type="file"
          hidden
          @change=${({ target }) => {
            loadFile(target.files[0]);
            this.close();
          }}
        />
        <button
          class="button"
          @click=${() => this.renderRoot.querySelector('input').click()}
        >
          ${t('models.choose')}
        </button>
      </div>`;
  }

  #model(model) {
    const { title, year, parameters, accuracy, licence, source, weights } = model;
    const facts = [
      year,
      t('model.parameters', { count: short(parameters) }),
      accuracy && t('model.accuracy', { top5: percent(accuracy.top5 / 100) }),
      licence && t('models.licence', { licence }),
    ];
    return html`<li class="model">
      <h3>${title}</h3>
      <p class="facts">
        ${facts.filter(Boolean).join(' · ')} ·
        <a href=${source} target="_blank" rel="noreferrer">${t('models.paper')}</a>
      </p>
      ${weights.map((file) => this.#file(model, file))}
    </li>`;
  }

  #file(model, weights) {
    const { format, bytes, file, url, embedded, cors } = weights;
    const { task } = this.state;
    const size = megabytes(bytes);
    const busy = task?.file === file;
    const { model: present } = this.state;
    const { loaded, published } = present?.name === model.name ? present : {};
    const inUse = loaded && (published === file || loaded.hash === keyOf(weights));
    const stored = !embedded && isAtHand(weights);
    const place = embedded ? 'page' : stored ? 'stored' : cors ? 'address' : 'refused';
    return html`<div class="file">
      <p class="about">
        <strong>${t('models.format', { format })}, ${size}</strong>
        ${t(`models.${place}`, { host: url ? new URL(url).host : '', file })}
      </p>
      <div class="buttons">
        ${place === 'refused'
          ? html`<a class="button" href=${url} rel="noreferrer">${icon('download')} ${file}</a>`
          : busy
            ? html`<button class="button" @click=${stopTask}>
                ${icon('stop')} ${t('task.stop')}
              </button>`
            : inUse
              ? html`<span class="loaded">${icon('check')} ${t('models.loaded')}</span>`
              : html`<button
                class="button ${place === 'address' ? '' : 'primary'}"
                @click=${() => this.#load(model, weights)}
              >
                ${place === 'address'
                  ? html`${icon('download')} ${t('models.download', { size })}`
                  : t('models.use')}
              </button>`}
        ${stored ? this.#remove(keyOf(weights), file) : nothing}
      </div>
    </div>`;
  }

  #load(model, weights) {
    loadPublished(model.name, weights);
    this.close();
  }

  #remove(key, name) {
    return html`<button
      class="button quiet"
      aria-label=${t('models.remove', { name })}
      title=${t('models.remove', { name })}
      @click=${() => removeStored(key)}
    >
      ${icon('remove')}
    </button>`;
  }
}

customElements.define('models-dialog', ModelsDialog);
