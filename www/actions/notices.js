// Messages to the visitor. Each stays until it is dismissed.
import { getState, nextId, setState } from '../store.js';

/** @param {Omit<Partial<import('../store.js').Notice>, 'id'>} notice */
function add(notice) {
  const id = nextId();
  const full = { id, kind: 'info', error: null, message: null, values: {}, action: null, ...notice };
  // The same once more replaces the old one.
  const others = getState().notices.filter(
    ({ error, message }) =>
      (error?.code ?? message) !== (full.error?.code ?? full.message) ||
      error?.name !== full.error?.name,
  );
  setState({ notices: [...others, full] });
  return id;
}

/**
 * Tells of an error, once, here. What the visitor stopped is no error.
 *
 * @param {unknown} error what was thrown
 * @param {import('../store.js').Notice['action']} action
 */
export function tellError(error, action = null) {
  if (error?.code === 'stopped') return;
  const known = typeof error?.code === 'string';
  if (!known) console.error(error);
  add({
    kind: 'error',
    error: known ? error : { code: 'unexpected', reason: String(error?.message ?? error) },
    action,
  });
}

/**
 * @param {string} message key
 * @param {object} [values]
 * @param {import('../store.js').Notice['action']} action
 * @returns {string} id
 */
export const tell = (message, values = {}, action = null) => add({ message, values, action });

/** @param {string} id */
export const dismiss = (id) =>
  setState({ notices: getState().notices.filter((notice) => notice.id !== id) });
