// Messages to the visitor. Each stays until it is dismissed.
import { getState, nextId, setState } from '../store.js';

/** Whether an unforeseen error is told by this notice already. */
const isSame = (standing, { error }) =>
  error?.code === 'unexpected' &&
  standing.error?.code === 'unexpected' &&
  standing.error.reason === error.reason;

/** @param {Omit<Partial<import('../store.js').Notice>, 'id'>} notice */
function add(notice) {
  const standing = getState().notices.find((other) => isSame(other, notice));
  // It would be drawn anew, and what failed while drawing would fail and be told again, for ever.
  if (standing) return standing.id;
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
 * @param {unknown} error what was thrown
 * @returns {import('../store.js').PageError} that, or what it is if nobody foresaw it
 */
export function pageError(error) {
  if (typeof error?.code === 'string') return error;
  console.error(error);
  return { code: 'unexpected', reason: String(error?.message ?? error) };
}

/** What can be done about some errors, if whoever tells of them knows no better. */
const ACTIONS = new Map([['crashed', { label: 'notice.reload', run: () => location.reload() }]]);

/**
 * Tells of an error, once, here. What the visitor stopped is no error.
 *
 * @param {unknown} thrown
 * @param {import('../store.js').Notice['action']} action
 */
export function tellError(thrown, action = null) {
  if (thrown?.code === 'stopped') return;
  const error = pageError(thrown);
  add({ kind: 'error', error, action: action ?? ACTIONS.get(error.code) ?? null });
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
