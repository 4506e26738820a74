// AlexNet in its two towers, as in Figure 2: what each half of a layer sees, and
// what becomes of it when the towers do not communicate.
import { css, html, nothing, svg } from 'lit';
import { count, percent, short, t } from '../i18n/index.js';
import { drawing } from '../components/stage-drawing.js';
import { outline } from '../network-outline.js';
import { ablation } from './ablations.js';
import { oneOf, record, whole } from './linked.js';
import { PaperStep } from './paper-step.js';
import { PhotoVariants } from './photo-variants.js';
import { WIRINGS, costOf, groupsOf, seenBy } from './towers.js';
import { towersStyles } from './towers-step.styles.js';

const NETWORK = 'alexnet';
const TOWERS = [0, 1];

class TowersStep extends PaperStep {
  static properties = { wiring: { state: true }, looked: { state: true } };

  static linked = {
    wiring: oneOf(...WIRINGS),
    looked: record({ index: whole(0, 7), tower: oneOf(0, 1, null) }), // of AlexNet's eight stages
  };

  static styles = [...PaperStep.styles, towersStyles];

  #photoWork = new PhotoVariants(this, {
    variants: { cut: 'towers-apart', first: 'first-tower', second: 'second-tower' },
    applies: ({ groups }) => groups === 2,
    maps: { layers: (layers) => layers.filter(({ kind }) => kind === 'relu'), towers: true },
  });

  constructor() {
    super();
    this.wiring = 'paper';
    this.looked = { index: 2, tower: 0 }; // conv3, where the towers meet
  }

  render() {
    const network = this.state.models.find(({ name }) => name === NETWORK);
    if (!network) return this.frame('towers', nothing);
    const stages = outline(network.layers).filter(({ parameters }) => parameters > 0);
    const { index, tower } = this.looked;
    const seen = seenBy(stages, this.wiring, index, tower);
    return this.frame(
      'towers',
      html`<fieldset class="controls">
          <legend class="visually-hidden">${t('paper.towers.wiring')}</legend>
          ${WIRINGS.map(
            (wiring) => html`<label class="choice">
              <input
                type="radio"
                name="wiring"
                .checked=${wiring === this.wiring}
                @change=${() => (this.wiring = wiring)}
              />
              ${t('paper.towers.wired', { wiring })}
            </label>`,
          )}
        </fieldset>
        <div class="towers" style="--stages: ${stages.length + 1}">
          ${this.#lines(stages, seen, 'across')} ${this.#lines(stages, seen, 'down')}
          ${TOWERS.map((tower) => html`<b class="head gpu${tower + 1}">GPU ${tower + 1}</b>`)}
          ${this.#photo(network)}
          ${stages.slice(0, -1).map((stage, at) => TOWERS.map((half) => this.#half(stages, at, half, seen)))}
          ${this.#half(stages, stages.length - 1, null, seen)}
        </div>
        <p class="sees">${this.#sentence(stages, index, tower)}</p>
        <div class="scroll" tabindex="0" role="group" aria-label=${t('paper.towers.table')}>
          ${this.#table(stages)}
        </div>
        ${ablation(150)} ${this.#photoWork.render()}`,
      html`${this.#saved(stages)} <p role="status">${this.#photoWork.here()}</p>`,
    );
  }

  #photo({ input }) {
    const shape = [input.height, input.width, 3];
    return html`<div class="node shared photo">
      ${drawing({ shape, groups: 1 }, input.height)}
      <span class="label"><b>${t('spine.input')}</b> <span>${broken(shape)}</span></span>
    </div>`;
  }

  /** A tower's half of a stage, or (`tower` null) the answer, which both share. */
  #half(stages, at, tower, seen) {
    const stage = stages[at];
    const half = tower ?? 0;
    const look = () => (this.looked = { index: at, tower: half });
    const { index, tower: chosen } = this.looked;
    const shape = halfShape(stage, tower);
    const classes = [
      'node',
      tower === null ? 'shared' : `gpu${tower + 1}`,
      stage.kind,
      seen.has(`${at}.${half}`) ? 'lit' : '',
    ];
    return html`<button
      class=${classes.join(' ')}
      style="--stage: ${at + 2}"
      aria-current=${index === at && chosen === half}
      aria-label=${this.#sentence(stages, at, half)}
      @pointerenter=${look}
      @focus=${look}
      @click=${look}
    >
      ${drawing({ shape, groups: 1 }, 227)}
      <span class="label"><b>${stage.name}</b> <span>${broken(shape)}</span></span>
    </button>`;
  }

  /** Every connection between the halves of one stage and those of the next. */
  #lines(stages, seen, direction) {
    const last = stages.length - 1;
    // Along, a cell for each stage; across, the middles of the towers and of what they share.
    const middle = [21, 79];
    const place = (at, tower) => [at + 1.5, at < 0 || at === last ? 50 : middle[tower]];
    const point = ([along, across]) =>
      direction === 'across' ? `${along} ${across}` : `${across} ${along}`;
    const lines = stages.flatMap((_, at) => {
      const targets = at === last ? [0] : TOWERS;
      const sources = at === 0 ? [0] : TOWERS;
      return targets.flatMap((to) =>
        sources.map((from) => {
          const crosses = at > 0 && at < last && from !== to;
          if (crosses && groupsOf(stages, at, this.wiring) === 2) return nothing;
          const lit = seen.has(`${at}.${to}`) && (at === 0 || seen.has(`${at - 1}.${from}`));
          const path = `M${point(place(at - 1, from))}L${point(place(at, to))}`;
          return svg`<path class="${crosses ? 'crossing' : ''} ${lit ? 'lit' : ''}" d=${path}></path>`;
        }),
      );
    });
    const box = direction === 'across' ? `0 0 ${stages.length + 1} 100` : `0 0 100 ${stages.length + 1}`;
    return html`<svg class="lines ${direction}" viewBox=${box} preserveAspectRatio="none" aria-hidden="true">
      ${lines}
    </svg>`;
  }

  #sentence(stages, at, tower) {
    const stage = stages[at];
    const groups = groupsOf(stages, at, this.wiring);
    const kernel = stage.layers[0].kernel;
    const joined = costOf(stage, 1).parameters - stage.shape.at(-1);
    const inward = joined / stage.shape.at(-1) / groups; // weights of one kernel or unit
    return t('paper.towers.sees', {
      name: stage.name,
      tower: at === stages.length - 1 ? 'none' : tower + 1,
      maps: halfShape(stage, at === stages.length - 1 ? null : tower).at(-1),
      kind: stage.kind,
      kernel: kernel ? [...kernel, inward / (kernel[0] * kernel[1])].join(' × ') : count(inward),
      from: at === 0 ? 'photo' : groups === 2 ? 'own' : 'both',
    });
  }

  #table(stages) {
    const rows = stages.map((stage, at) => ({
      stage,
      groups: groupsOf(stages, at, this.wiring),
      cost: costOf(stage, groupsOf(stages, at, this.wiring)),
      joined: costOf(stage, 1),
    }));
    const cells = (cost, joined) =>
      ['parameters', 'multiplyAdds'].map((field) => {
        const write = field === 'parameters' ? count : short;
        return html`<td class="number ${cost[field] < joined[field] ? 'saved' : ''}">${write(cost[field])}</td>
          <td class="number all">${write(joined[field])}</td>`;
      });
    const of = (name) => total(rows.map((row) => row[name]));
    return html`<table>
      <thead>
        <tr>
          <th scope="col" rowspan="2">${t('detail.layer')}</th>
          <th scope="col" rowspan="2">${t('paper.towers.groups')}</th>
          <th scope="colgroup" colspan="2" class="number">${t('detail.parameters')}</th>
          <th scope="colgroup" colspan="2" class="number">${t('detail.multiply-adds')}</th>
        </tr>
        <tr>
          ${['own', 'all', 'own', 'all'].map(
            (which) => html`<th scope="col" class="number">${t('paper.towers.column', { which })}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ stage, groups, cost, joined }) => html`<tr>
            <th scope="row">${stage.name}</th>
            <td>${groups}</td>
            ${cells(cost, joined)}
          </tr>`,
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">${t('paper.parameters.total')}</th>
          <td></td>
          ${cells(of('cost'), of('joined'))}
        </tr>
      </tfoot>
    </table>`;
  }

  /** What the wiring spares, against one in which everything sees everything. */
  #saved(stages) {
    const joined = total(stages.map((stage) => costOf(stage, 1)));
    const own = total(stages.map((stage, at) => costOf(stage, groupsOf(stages, at, this.wiring))));
    const spared = (field) => joined[field] - own[field];
    const values = {
      wiring: this.wiring,
      parameters: short(spared('parameters')),
      parameterShare: percent(spared('parameters') / joined.parameters),
      work: short(spared('multiplyAdds')),
      workShare: percent(spared('multiplyAdds') / joined.multiplyAdds),
    };
    return html`<span role="status">${t('paper.towers.saved', values)}</span>`;
  }
}

/** What one tower has of a stage's output. */
function halfShape({ shape }, tower) {
  const channels = tower === null ? shape.at(-1) : shape.at(-1) / 2;
  return shape.length === 3 ? [shape[0], shape[1], channels] : [channels];
}

const total = (costs) => ({
  parameters: costs.reduce((sum, { parameters }) => sum + parameters, 0),
  multiplyAdds: costs.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0),
});

/** A shape that breaks before its channels, if at all. */
const broken = ([height, width, channels]) =>
  channels ? html`<span>${height} × ${width}</span> <span>× ${channels}</span>` : height;

customElements.define('towers-step', TowersStep);
