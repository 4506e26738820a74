// Random numbers that come again: the same seed draws the same picture.

/**
 * Marsaglia's xorshift of 32 bits.
 *
 * @param {number} seed not 0
 * @returns {() => number} from 0 to 1
 */
export function randomFrom(seed) {
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * @param {() => number} random
 * @returns {number} of the normal distribution, by Box and Muller
 */
export const normal = (random) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
