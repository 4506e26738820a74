// Where the inputs of a sum stand, in the maps that they come from.

/** Kinds that hand on what they read. */
const SAME = new Set(['dropout', 'flatten']);

/**
 * The maps that a fully connected layer reads, flattened.
 *
 * @param {import('../engine.js').LayerInfo[]} layers
 * @param {string[]} inputs
 * @returns {import('../engine.js').LayerInfo | null}
 */
export function mapsBehind(layers, inputs) {
  const of = (name) => layers.find((layer) => layer.name === name);
  let source = of(inputs[0]);
  while (source && SAME.has(source.kind) && source.shape.length < 3) source = of(source.inputs[0]);
  return source?.shape.length === 3 && source.shape[0] * source.shape[1] > 1 ? source : null;
}

/**
 * @param {import('../engine.js').Cell} cell with weights
 * @param {import('../engine.js').LayerInfo[]} layers
 * @returns {(at: number) => { channel: number, row: number | null, column: number | null,
 *   layer: string | null }} of an index of `x`: of a convolution the row and the column under
 *   the kernel; of a layer that reads flattened maps those in the map, and the layer of the map
 */
export function placesOf(cell, layers) {
  const { channels, firstChannel, x, window, dilation, kind, inputs } = cell;
  if (x.length > channels) {
    const columns = Math.ceil((window.right - window.left) / dilation[1]);
    return (at) => {
      const place = Math.floor(at / channels);
      const row = Math.floor(place / columns);
      return { channel: firstChannel + (at % channels), row, column: place % columns, layer: null };
    };
  }
  const maps = kind === 'linear' && layers ? mapsBehind(layers, inputs) : null;
  if (!maps) return (at) => ({ channel: firstChannel + at, row: null, column: null, layer: null });
  // Flattened as files have it: map by map, row by row, whatever the order in GPU memory.
  const [height, width] = maps.shape;
  return (at) => ({
    channel: Math.floor(at / (height * width)),
    row: Math.floor(at / width) % height,
    column: at % width,
    layer: maps.name,
  });
}
