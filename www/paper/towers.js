// The wiring of AlexNet's two towers: what each half of a layer sees, and what
// that costs.

/** As in the paper; without communication; and with all communication. */
export const WIRINGS = ['paper', 'cut', 'joined'];

/**
 * @typedef {import('../network-outline.js').Stage} Stage
 * @typedef {(typeof WIRINGS)[number]} Wiring
 */

/**
 * @param {Stage[]} stages those with weights
 * @param {number} index
 * @param {Wiring} wiring
 * @returns {1 | 2} in how many halves that do not see each other the stage is computed
 */
export function groupsOf(stages, index, wiring) {
  // Both towers see the photo, and the answer is one.
  const hasChoice = index > 0 && index < stages.length - 1;
  if (!hasChoice || wiring === 'joined') return 1;
  return wiring === 'cut' ? 2 : stages[index].groups;
}

/**
 * @param {Stage} stage
 * @param {number} groups that it were computed in
 * @returns {{ parameters: number, multiplyAdds: number }}
 */
export function costOf(stage, groups) {
  const biases = stage.shape.at(-1);
  const share = stage.groups / groups; // of today's weights
  return {
    parameters: (stage.parameters - biases) * share + biases,
    multiplyAdds: stage.multiplyAdds * share,
  };
}

/**
 * @param {Stage[]} stages
 * @param {Wiring} wiring
 * @param {number} index
 * @param {0 | 1} tower
 * @returns {Set<string>} the halves that this one sees, itself or through others,
 *   with itself: `3.0` is the first tower's half of the fourth stage
 */
export function seenBy(stages, wiring, index, tower) {
  const seen = new Set([`${index}.${tower}`]);
  let towers = [tower];
  for (let at = index; at > 0; at -= 1) {
    if (groupsOf(stages, at, wiring) === 1) towers = [0, 1];
    for (const source of towers) seen.add(`${at - 1}.${source}`);
  }
  return seen;
}
