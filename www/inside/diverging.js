// The colours of signed numbers, as shaders/mosaic.wgsl draws them: orange at -1,
// light grey at 0, blue at 1.
const GREY = [232, 234, 235];
const ENDS = { negative: [245, 147, 34], positive: [8, 119, 189] };

/** @param {number} value of 1 @returns {[number, number, number]} */
export function diverging(value) {
  const end = value < 0 ? ENDS.negative : ENDS.positive;
  const share = Math.min(Math.abs(value), 1) || 0;
  return GREY.map((grey, colour) => Math.round(grey + share * (end[colour] - grey)));
}

/**
 * @param {ArrayLike<number>} values [height, width]; not a number stays transparent
 * @param {number} width
 * @param {number} scale where the colours end
 * @returns {{ rgba: Uint8ClampedArray, width: number, height: number }}
 */
export function divergingPicture(values, width, scale) {
  const rgba = new Uint8ClampedArray(values.length * 4);
  for (let at = 0; at < values.length; at += 1) {
    if (!Number.isNaN(values[at])) rgba.set([...diverging(values[at] / (scale || 1)), 255], at * 4);
  }
  return { rgba, width, height: values.length / width };
}

/** @param {ArrayLike<number>} values the largest absolute one of those that are numbers */
export function reach(values) {
  let most = 0;
  for (let at = 0; at < values.length; at += 1) most = Math.max(most, Math.abs(values[at]) || 0);
  return most;
}
