// The size of what a window makes of its input (section 3.5 of the paper).

/** What can be tried. */
export const LIMITS = {
  input: { min: 1, max: 256 },
  kernel: { min: 1, max: 15 },
  stride: { min: 1, max: 8 },
  padding: { min: 0, max: 7 },
};

/**
 * @typedef {{ input: number, kernel: number, stride: number, padding: number,
 *             rounding: 'floor' | 'ceil' }} Window  padding: on each side
 *
 * @param {Window} window
 * @returns {{ exact: number, size: number, left: number } | { error: string }}
 *   exact: before rounding; left: input that no window reaches, negative where
 *   the last one overhangs. error: why there is none.
 */
export function outputSize({ input, kernel, stride, padding, rounding }) {
  const padded = input + 2 * padding;
  if (kernel > padded) return { error: 'kernel' };
  if (2 * padding > kernel) return { error: 'padding' }; // a window that sees nothing but padding
  const exact = (padded - kernel) / stride + 1;
  const size = Math[rounding](exact);
  return { exact, size, left: padded - kernel - (size - 1) * stride };
}
