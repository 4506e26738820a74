// The WebAssembly module, compiled once for the worker and its helpers.
import address from './pkg/alexnet_live_bg.wasm?url';

/** @returns {Promise<WebAssembly.Module>} */
export async function compileModule() {
  const url = new URL(address, import.meta.url);
  try {
    return await WebAssembly.compileStreaming(fetch(url));
  } catch {
    // A server that gives another type than application/wasm.
    const response = await fetch(url);
    return WebAssembly.compile(await response.arrayBuffer());
  }
}
