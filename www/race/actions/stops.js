// Ends what the race waits for: each kind has a signal of its own, and stopping one leaves all else.

/** @typedef {'reading' | 'opening' | 'searching'} Kind */

/** Of what began last. @type {Map<Kind, AbortController>} */
const controllers = new Map();

/** @param {Kind} kind @returns {AbortSignal} for what begins now */
export function signalOf(kind) {
  const controller = new AbortController();
  controllers.set(kind, controller);
  return controller.signal;
}

/** @param {...Kind} kinds */
export function stop(...kinds) {
  for (const kind of kinds) controllers.get(kind)?.abort();
}
