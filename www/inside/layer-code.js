// The kernels that compute a layer, to read: their WGSL, their constants, and the
// grid that they run on.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import { engine } from '../engine.js';
import { fetchFile } from '../fetch-file.js';
import { count, t } from '../i18n/index.js';
import { latest } from './latest.js';
import { insideStyles } from './styles.js';

const shaders = import.meta.glob('../../shaders/*.wgsl', { query: '?url', import: 'default', eager: true });

class LayerCode extends Component {
  static properties = {
    layer: { attribute: false },
    kernels: { state: true }, // { layer, all: LayerKernel[], code: by shader }
  };

  static styles = [
    Component.styles,
    insideStyles,
    css`
      .kernel {
        display: grid;
        gap: 1rem 2rem;
        grid-template-columns: minmax(0, 1fr);
      }
      pre {
        margin: 0;
        padding: 1rem;
        max-height: 32rem;
        overflow: auto;
        border: 1px solid var(--line);
        background: var(--wash);
        font:
          0.8rem/1.5 ui-monospace,
          'SF Mono',
          Consolas,
          'Liberation Mono',
          monospace;
        tab-size: 4;
      }
      .comment {
        color: var(--muted);
      }
      .side {
        display: grid;
        align-content: start;
        gap: 0.6rem;
      }
      .constants {
        max-height: 24rem;
        overflow-y: auto;
      }
      @media (min-width: 62rem) {
        .kernel {
          grid-template-columns: minmax(15rem, 0.3fr) minmax(0, 1fr);
        }
      }
    `,
  ];

  constructor() {
    super();
    this.kernels = null;
  }

  willUpdate(changed) {
    if (changed.has('layer')) this.#read(this.layer);
  }

  #read = latest(this, async (layer) => {
    const all = await engine.layerKernels(layer.name);
    const code = {};
    for (const { shader } of all) {
      const file = `${shader}.wgsl`;
      code[shader] ??= await (await fetchFile(shaders[`../../shaders/${file}`], file)).text();
    }
    this.kernels = { layer, all, code };
  });

  render() {
    if (this.kernels?.layer !== this.layer) return nothing;
    const { all, code } = this.kernels;
    if (all.length === 0) return html`<p class="note">${t('inside.code.none')}</p>`;
    return all.map(({ shader, ...kernel }) => this.#kernel(shader, kernel, code[shader]));
  }

  #kernel(shader, { entryPoint, constants, workgroups }, code) {
    const [x, y, z] = workgroups;
    const size = Object.fromEntries(constants);
    const title = `${shader}.wgsl, ${entryPoint}`;
    return html`<section class="kernel">
      <div class="side">
        <h4>${title}</h4>
        <p class="note">
          ${t('inside.code.grid', { x: count(x), y: count(y), z: count(z), all: count(x * y * z), entryPoint })}
        </p>
        <div class="scroll constants" tabindex="0" role="group" aria-label=${t('inside.code.constants')}>
          <table>
            <thead>
              <tr>
                <th scope="col">${t('inside.code.constants')}</th>
                <th scope="col" class="number">${t('inside.code.value')}</th>
              </tr>
            </thead>
            <tbody>
              ${Object.entries(size).map(
                ([name, value]) =>
                  html`<tr>
                    <td>${name}</td>
                    <td class="number">${value}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </div>
      <pre tabindex="0" aria-label=${title}><code translate="no">${coloured(code)}</code></pre>
    </section>`;
  }
}

/** Comments stand back behind the code. */
function coloured(code) {
  return code
    .split(/(\/\/.*)/)
    .map((part) => (part.startsWith('//') ? html`<span class="comment">${part}</span>` : part));
}

customElements.define('layer-code', LayerCode);
