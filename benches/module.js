// The page's module, started as www/worker.js does.
import start from '/www/pkg/alexnet_live.js';
import { startHelpers } from '/www/helpers.js';

/** @returns {Promise<() => Promise<Function[]>>} what starts the processor's helpers */
export async function startModule() {
  const module = await WebAssembly.compileStreaming(fetch('/www/pkg/alexnet_live_bg.wasm'));
  await start({ module_or_path: module });
  return async () => (await startHelpers(module)).map((ask) => ask());
}
