// The page's engine, in a worker as on the page (www/worker.js); ?engine=cpu or gpu.

import { calls } from '../worker.js';
import { inputs } from './alexnet.js';

const engine = new URL(import.meta.url).searchParams.get('engine');

/** Opens a session and loads the weights as the page loads a dropped file. */
export async function open() {
  const worker = new Worker(new URL('ours.worker.js', import.meta.url), { type: 'module' });
  const call = calls(worker);

  await call('open', engine);
  const weights = await (await fetch('/models/alexnet.safetensors')).blob();
  await globalThis.stage?.('before upload'); // memory.js listens
  const notes = await call('load', weights);
  await globalThis.stage?.('after upload');
  const images = inputs('HWC');
  const run = (index) => call('run', images[index % 2]);
  return { run, notes };
}
