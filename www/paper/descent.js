// Gradient descent with momentum and weight decay, as section 5 of the paper
// writes it, in a valley that is steep across and flat along.

/** What the paper trains with. */
export const PAPER = { rate: 0.01, momentum: 0.9, decay: 0.0005 };

/** Curvature along and across: the loss is (a x² + b y²) / 2. */
export const VALLEY = [0.25, 8];

const START = [-5, 1.6];
const MOST = 200;
/** The distance from the bottom that counts as there. */
export const NEAR = 0.1;

/**
 * v := momentum v - decay rate w - rate gradient; w := w + v.
 *
 * @param {{ rate: number, momentum: number, decay: number }} settings
 * @returns {[number, number][]} the positions, until the bottom is near, the
 *   step has grown beyond the drawing, or 200 steps are done
 */
export function descend({ rate, momentum, decay }) {
  let [w, v] = [START, [0, 0]];
  const path = [w];
  while (path.length <= MOST && Math.hypot(...w) > NEAR && Math.hypot(...w) < 20) {
    v = v.map((velocity, axis) => momentum * velocity - decay * rate * w[axis] - rate * VALLEY[axis] * w[axis]);
    w = w.map((position, axis) => position + v[axis]);
    path.push(w);
  }
  return path;
}
