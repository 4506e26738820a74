// An `AbortSignal` as an argument of a call to the worker: imported on both ends of the wire.
import { transferHandlers } from 'comlink';

transferHandlers.set('abort-signal', {
  canHandle: (value) => value instanceof AbortSignal,

  serialize(signal) {
    const { port1, port2 } = new MessageChannel();
    signal.addEventListener('abort', () => port1.postMessage('abort'), { once: true });
    return [{ aborted: signal.aborted, port: port2 }, [port2]];
  },

  deserialize({ aborted, port }) {
    const controller = new AbortController();
    if (aborted) controller.abort();
    port.onmessage = () => controller.abort();
    return controller.signal;
  },
});
