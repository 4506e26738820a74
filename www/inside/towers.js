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

/**
 * @param {import('../engine.js').LayerInfo[]} layers
 * @param {import('../engine.js').LayerInfo} layer
 * @returns {1 | 2} 2 if its maps are of two towers: made so, or read so further on
 */
export function towersOf(layers, layer) {
  if (layer.shape.length < 3) return 1;
  const made = (one) => {
    if (one.groups === 2) return true;
    return IN_PLACE.has(one.kind) && made(layers.find(({ name }) => name === one.inputs[0]));
  };
  const read = (one) =>
    layers.some(
      (reader) =>
        reader.inputs.includes(one.name) &&
        (reader.groups === 2 || (IN_PLACE.has(reader.kind) && read(reader))),
    );
  return made(layer) || read(layer) ? 2 : 1;
}
