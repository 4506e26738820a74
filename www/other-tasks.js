// The worker's other tasks, between two pieces of long work.

const { port1, port2 } = new MessageChannel();

/** Those who wait, in their order. */
const waiting = [];
port1.onmessage = () => waiting.shift()();

/** Lets in what the page asks: a processor without helpers waits for nothing by itself. */
export const otherTasks = () =>
  new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });
