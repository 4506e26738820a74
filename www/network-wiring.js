// How the stages of a network are wired: in one or two towers, to the stage before, and
// in branches within.
import { IN_PLACE } from './inside/towers.js';

/**
 * @typedef {import('./network-outline.js').Stage} Stage
 * @typedef {import('./engine.js').LayerInfo} LayerInfo
 *
 * @typedef {'line' | 'fork' | 'own' | 'cross' | 'meet'} Wiring
 *   one to one; one to two towers; each tower to itself; each to both; two towers to one
 *
 * @typedef {object} Branches
 * @property {LayerInfo[]} before    the last convolutions before they part, two at most: a squeeze
 * @property {{ length: number, last: LayerInfo[] }[]} branches  convolutions of each, and the last
 *   of them, two at most; none where the input goes by as it is
 * @property {'concat' | 'add'} join
 */

/**
 * @param {Stage[]} stages
 * @param {number} index of the stage that reads
 * @returns {Wiring}
 */
export function wiringOf(stages, index) {
  const { towers, layers } = stages[index];
  const before = stages[index - 1]?.towers ?? 1; // the photo is one
  if (towers === 1) return before === 2 ? 'meet' : 'line';
  if (before === 1) return 'fork';
  const [entry] = layers;
  return entry.groups === 2 || IN_PLACE.has(entry.kind) ? 'own' : 'cross';
}

/** By the layers of a stage. @type {WeakMap<LayerInfo[], Branches | null>} */
const known = new WeakMap();

/**
 * @param {{ layers: LayerInfo[] }} stage
 * @returns {Branches | null} null without branches; the same for the same layers
 */
export function branchesOf({ layers }) {
  if (!known.has(layers)) known.set(layers, findBranches(layers));
  return known.get(layers);
}

/**
 * A layer on the longest way to it within the stage, which goes through the layer before.
 *
 * @typedef {object} Place
 * @property {Place | null} before
 * @property {number} depth        layers on the way
 * @property {LayerInfo[]} last    the last convolutions on the way, two at most
 * @property {number} convolutions  on the way
 * @property {number} leading      inputs of the join that it leads to
 */

function findBranches(layers) {
  const join = layers.findLast(({ kind }) => kind === 'concat' || kind === 'add');
  if (!join) return null;
  const places = placesOf(layers);
  // Where the ways to the join part is the deepest layer that leads to all of its inputs.
  const ends = join.inputs.map((name) => places.get(name) ?? null);
  for (const end of ends) if (end) end.leading += 1;
  const ordered = [...places.values()];
  for (const { before, leading } of [...ordered].reverse()) if (before) before.leading += leading;
  const common = ordered
    .filter(({ leading }) => leading === ends.length)
    .reduce((one, other) => (one && one.depth > other.depth ? one : other), null);
  return {
    before: common?.last ?? [],
    branches: ends.map((end) => {
      const length = (end?.convolutions ?? 0) - (common?.convolutions ?? 0);
      return { length, last: length > 0 ? end.last.slice(-length) : [] };
    }),
    join: join.kind,
  };
}

/** @returns {Map<string, Place>} of each layer, in the order of computation */
function placesOf(layers) {
  const places = new Map();
  for (const layer of layers) {
    const inputs = layer.inputs.map((name) => places.get(name)).filter(Boolean);
    const before = inputs.reduce((one, other) => (one && one.depth >= other.depth ? one : other), null);
    const [last, convolutions] = [before?.last ?? [], before?.convolutions ?? 0];
    const counts = layer.kind === 'conv2d';
    places.set(layer.name, {
      before,
      depth: (before?.depth ?? 0) + 1,
      last: counts ? [...last.slice(-1), layer] : last,
      convolutions: convolutions + (counts ? 1 : 0),
      leading: 0,
    });
  }
  return places;
}
