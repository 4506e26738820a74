// A network as a person counts it: conv1, pool1, ... fc8. The layers of a fire
// module or a residual block are one stage, and an activation, a normalisation
// or a dropout belongs to the stage before it.
import { towersOf } from './inside/towers.js';

/**
 * @typedef {import('./engine.js').LayerInfo} LayerInfo
 *
 * @typedef {object} Stage
 * @property {string} name      as the papers number them: layers with weights count
 * @property {'conv' | 'fc' | 'pool' | 'fire' | 'block' | 'other'} kind
 * @property {number[]} shape   of its output, before it is flattened
 * @property {number} groups    of its convolution: AlexNet's two towers
 * @property {1 | 2} towers     that its maps or units are in
 * @property {LayerInfo[]} layers
 * @property {number} parameters
 * @property {number} multiplyAdds
 */

const COMPANIONS = new Set([
  'relu',
  'sigmoid',
  'tanh',
  'local_response_norm',
  'dropout',
  'flatten',
  'concat',
  'add',
  'softmax',
]);

/** Of each network that was asked about. @type {WeakMap<LayerInfo[], Stage[]>} */
const known = new WeakMap();

/**
 * @param {LayerInfo[]} layers in the order of computation
 * @returns {Stage[]} the same for the same layers: it is asked for at each draw
 */
export function outline(layers) {
  if (!known.has(layers)) known.set(layers, stagesOf(layers));
  return known.get(layers);
}

function stagesOf(layers) {
  const runs = [];
  const parts = partsOf(layers);
  for (const [index, layer] of layers.entries()) {
    if (layer.kind === 'input') continue;
    const block = blockOf(layer.name);
    const last = runs.at(-1);
    const isWithin = parts[index] === parts[index - 1] || (block && block === last?.block);
    const isCompanion = COMPANIONS.has(layer.kind);
    // A companion before all stages belongs to the first: a `flatten` of the picture, most often.
    if (last && (isCompanion || isWithin || last.isOpen)) last.layers.push(layer);
    else runs.push({ block, layers: [layer] });
    runs.at(-1).isOpen = isCompanion && (!last || last.isOpen);
  }
  const names = new Set();
  let number = 0;
  const stages = runs.map(({ layers: members }) => {
    const parameters = sum(members, 'parameters');
    const kind = kindOf(members);
    if (parameters > 0) number += 1;
    const name = unusedName(kind === 'other' ? members[0].name : `${kind}${number}`, names);
    return {
      name,
      kind,
      shape: (members.findLast(({ kind }) => kind !== 'flatten') ?? members.at(-1)).shape,
      groups: largest(members, ({ groups }) => groups ?? 1),
      towers: largest(members, (layer) => towersOf(layers, layer)),
      layers: members,
      parameters,
      multiplyAdds: sum(members, 'multiplyAdds'),
    };
  });
  // A fully connected layer sees both towers and stands half on either, as in the paper's
  // Figure 2: the data cannot tell. The answer is one.
  const last = stages.findLastIndex(({ parameters }) => parameters > 0);
  for (const [index, stage] of stages.entries()) {
    if (stage.kind === 'fc' && index < last && stages[index - 1]?.towers === 2) stage.towers = 2;
  }
  return stages;
}

/**
 * Layers between which more than one value is on its way are of one part: branches,
 * and what goes around them.
 *
 * @returns {number[]} the part of each layer
 */
function partsOf(layers) {
  const places = new Map(layers.map(({ name }, index) => [name, index]));
  const lastRead = layers.map(() => 0);
  for (const [index, { inputs }] of layers.entries()) {
    for (const name of inputs) if (places.has(name)) lastRead[places.get(name)] = index;
  }
  let part = 0;
  let furthest = 0; // reader of what was made before the layer before this one
  return layers.map((_, index) => {
    if (furthest < index) part += 1;
    furthest = Math.max(furthest, lastRead[index - 1] ?? 0);
    return part;
  });
}

/** A layer may be called as a stage is numbered. */
function unusedName(wanted, names) {
  let name = wanted;
  for (let time = 2; names.has(name); time += 1) name = `${wanted}-${time}`;
  names.add(name);
  return name;
}

const largest = (layers, measure) =>
  layers.reduce((most, layer) => Math.max(most, measure(layer)), 1);

const sum = (layers, field) => layers.reduce((total, layer) => total + layer[field], 0);

/** The module that a layer belongs to: `features.3.squeeze` and `fire2/squeeze1x1` say it. */
function blockOf(name) {
  const [, dotted] = name.match(/^(.*\.\d+)\.[^.]+$/) ?? [];
  return dotted ?? (name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : null);
}

function kindOf(layers) {
  const kinds = layers.map(({ kind }) => kind);
  const convolutions = kinds.filter((kind) => kind === 'conv2d').length;
  if (convolutions > 1 && kinds.includes('concat')) return 'fire';
  if (convolutions > 1 && kinds.includes('add')) return 'block';
  if (convolutions > 0) return 'conv';
  if (kinds.includes('linear')) return 'fc';
  return kinds.some((kind) => kind.endsWith('_pool2d')) ? 'pool' : 'other';
}
