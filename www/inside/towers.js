// Which layers of a network stand in two towers, as in the paper's Figure 2.

/** Kinds that leave each channel where it is. */
export const IN_PLACE = new Set([
  'relu',
  'sigmoid',
  'tanh',
  'local_response_norm',
  'max_pool2d',
  'avg_pool2d',
  'dropout',
]);

/** Of each network that was asked about: names of the layers in two towers. */
const known = new WeakMap();

/**
 * @param {import('../engine.js').LayerInfo[]} layers
 * @param {import('../engine.js').LayerInfo} layer
 * @returns {1 | 2} 2 if its maps are of two towers: made so, or read so further on
 */
export function towersOf(layers, layer) {
  if (layer.shape.length < 3) return 1;
  if (!known.has(layers)) known.set(layers, namesInTowers(layers));
  return known.get(layers).has(layer.name) ? 2 : 1;
}

function namesInTowers(layers) {
  const made = new Set();
  for (const { name, kind, groups, inputs } of layers) {
    if (groups === 2 || (IN_PLACE.has(kind) && made.has(inputs[0]))) made.add(name);
  }
  const read = new Set();
  for (const { name, kind, groups, inputs } of [...layers].reverse()) {
    const passesOn = groups === 2 || (IN_PLACE.has(kind) && read.has(name));
    if (passesOn) for (const input of inputs) read.add(input);
  }
  return new Set([...made, ...read]);
}
