// A helper of the processor: a worker with a module and a memory of its own, which computes
// shares of large layers. It answers one request after the other.
import initialise, { Server } from './pkg/alexnet_live.js';

/**
 * One for each device that was opened: each numbers what it prepares from 0.
 * @type {Map<number, Server>}
 */
const servers = new Map();

const answers = {
  async open({ module }) {
    await initialise({ module_or_path: module });
  },
  ask({ server, text, bytes }) {
    if (!servers.has(server)) servers.set(server, new Server());
    return servers.get(server).answer(text, bytes);
  },
};

let last = Promise.resolve();

addEventListener('message', ({ data }) => {
  const work = async () => {
    try {
      const bytes = await answers[data.call](data);
      postMessage({ id: data.id, bytes }, bytes ? [bytes.buffer] : []);
    } catch (error) {
      postMessage({ id: data.id, error: error?.message ?? error?.code ?? String(error) });
    }
  };
  last = last.then(work);
});
