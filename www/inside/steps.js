// The arrow keys over places that stand in rows.

/** Where each key goes: rows down, columns to the right. */
export const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** @returns {number} the place after a key, the same at an edge */
export function stepped(key, place, columns, count) {
  const [down, right] = STEPS[key];
  const column = (place % columns) + right;
  const next = place + down * columns + right;
  return column < 0 || column >= columns || next < 0 || next >= count ? place : next;
}
