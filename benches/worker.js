// Both ends of the wire to a worker that holds the page's engine.

/** @param {Worker} worker @returns a function that calls one of its methods by name */
export const calls = (worker) => (...message) =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data: { value, error } }) => (error ? reject(new Error(error)) : resolve(value));
    worker.onerror = ({ message: error }) => reject(new Error(error || 'the worker did not start'));
    worker.postMessage(message);
  });

/** In the worker: answers `[method, ...arguments]`, one at a time. */
export function answer(methods) {
  addEventListener('message', async ({ data: [method, ...values] }) => {
    try {
      postMessage({ value: await methods[method](...values) });
    } catch (error) {
      postMessage({ error: error.message ?? JSON.stringify(error) });
    }
  });
}
