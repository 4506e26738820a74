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
 * @property {LayerInfo[]} before    convolutions before they part: a squeeze
 * @property {LayerInfo[][]} branches  convolutions of each; none where the input goes by as it is
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

/**
 * @param {{ layers: LayerInfo[] }} stage
 * @returns {Branches | null} null without branches
 */
export function branchesOf({ layers }) {
  const join = layers.findLast(({ kind }) => kind === 'concat' || kind === 'add');
  if (!join) return null;
  const members = new Map(layers.map((layer) => [layer.name, layer]));
  // What leads to the join, within the stage; through a join in between, the longest way.
  const way = (name) => {
    const layer = members.get(name);
    if (!layer) return [];
    const ways = layer.inputs.map(way);
    return [...ways.reduce((one, other) => (other.length > one.length ? other : one)), layer];
  };
  const ways = join.inputs.map(way);
  let common = 0;
  while (ways.every((one) => one[common] && one[common] === ways[0][common])) common += 1;
  const convolutions = (some) => some.filter(({ kind }) => kind === 'conv2d');
  return {
    before: convolutions(ways[0].slice(0, common)),
    branches: ways.map((one) => convolutions(one.slice(common))),
    join: join.kind,
  };
}
