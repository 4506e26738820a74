// A grid of buttons or fields is one stop of the tab key; arrow keys move in it.

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Handles a key pressed in one of the cells, which are the elements of the
 * event's `currentTarget` that have `data-cell`, row by row.
 *
 * @param {KeyboardEvent} event
 * @param {number} columns
 * @returns {number | null} the cell that has the focus now, if the key moved it
 */
export function moveInGrid(event, columns) {
  const step = STEPS[event.key];
  if (!step) return null;
  const cells = [...event.currentTarget.querySelectorAll('[data-cell]')];
  const at = cells.indexOf(event.target);
  const [x, y] = [(at % columns) + step[0], Math.floor(at / columns) + step[1]];
  if (x < 0 || x >= columns || y < 0 || y >= cells.length / columns) return null;
  event.preventDefault();
  cells[y * columns + x].focus();
  return y * columns + x;
}
