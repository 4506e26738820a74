// The layer that gives each class its number.

const AFTER = new Set(['flatten', 'dropout', 'softmax']); // what may follow it

/** @param {import('../engine.js').LayerInfo[]} layers */
export function answerLayer(layers) {
  let layer = layers.at(-1);
  while (AFTER.has(layer.kind)) layer = layers.find(({ name }) => name === layer.inputs[0]);
  return layer;
}
