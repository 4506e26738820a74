import * as Comlink from 'comlink';

const engine = Comlink.wrap(new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }));
document.querySelector('#version').textContent = await engine.version();
