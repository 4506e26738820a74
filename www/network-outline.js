// A network as a person counts it: conv1, pool1, ... fc8. The layers of a fire
// module or a residual block are one stage, and an activation, a normalisation
// or a dropout belongs to the stage before it.

/**
 * @typedef {import('./engine.js').LayerInfo} LayerInfo
 *
 * @typedef {object} Stage
 * @property {string} name      as the papers number them: layers with weights count
 * @property {'conv' | 'fc' | 'pool' | 'fire' | 'block' | 'other'} kind
 * @property {number[]} shape   of its output, before it is flattened
 * @property {number} groups    of its convolution: AlexNet's two towers
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

/**
 * @param {LayerInfo[]} layers in the order of computation
 * @returns {Stage[]}
 */
export function outline(layers) {
  const runs = [];
  for (const layer of layers) {
    if (layer.kind === 'input') continue;
    const block = blockOf(layer.name);
    const last = runs.at(-1);
    const joins = last && (COMPANIONS.has(layer.kind) || (block && block === last.block));
    if (joins) last.layers.push(layer);
    else runs.push({ block, layers: [layer] });
  }
  let number = 0;
  return runs.map(({ layers: members }) => {
    const parameters = sum(members, 'parameters');
    const kind = kindOf(members);
    if (parameters > 0) number += 1;
    return {
      name: kind === 'other' ? members[0].name : `${kind}${number}`,
      kind,
      shape: members.findLast(({ kind }) => kind !== 'flatten').shape,
      groups: Math.max(...members.map(({ groups }) => groups ?? 1)),
      layers: members,
      parameters,
      multiplyAdds: sum(members, 'multiplyAdds'),
    };
  });
}

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
