// The page's end of the wire to worker.js, and the types of what comes over it
// (src/web.rs makes them).
import { wrap } from 'comlink';

/**
 * @typedef {object} DeviceInfo
 * @property {string} name
 * @property {string} vendor
 * @property {string} architecture
 * @property {'discrete' | 'integrated' | 'cpu' | 'unknown'} kind
 * @property {'cpu' | 'gpu'} preset       block sizes of the kernels
 * @property {boolean} timestamps
 * @property {number} maxBindingBytes
 * @property {number} maxBufferBytes
 *
 * @typedef {object} WeightsFile
 * @property {'safetensors' | 'pytorch' | 'onnx' | 'deep-compression'} format
 * @property {string | null} url
 * @property {string} file
 * @property {number} bytes
 * @property {{ kind: 'sha-256' | 'git blob', value: string } | null} hash
 * @property {boolean} embedded           served with the page
 * @property {boolean} cors               whether its host lets a page read it
 *
 * @typedef {object} LayerInfo
 * @property {string} name
 * @property {string} kind
 * @property {string[]} inputs
 * @property {number[]} shape             without the batch: [height, width, channels] or [features]
 * @property {number} parameters
 * @property {number} multiplyAdds
 * @property {number} [groups]
 * @property {number[]} [kernel]
 * @property {number[]} [stride]
 * @property {number[]} [padding]
 *
 * @typedef {object} ModelInfo
 * @property {string} name
 * @property {string} title
 * @property {number | null} year
 * @property {string | null} licence
 * @property {string | null} source
 * @property {{ top1: number, top5: number } | null} accuracy  percent
 * @property {number} parameters
 * @property {number} multiplyAdds
 * @property {{ width: number, height: number }} input
 * @property {boolean} labelled           the 1,000 ImageNet classes
 * @property {WeightsFile[]} weights
 * @property {LayerInfo[]} layers
 * @property {{ hash: string, format: string, bytes: number } | null} loaded
 *
 * @typedef {object} Classification
 * @property {{ index: number, label: string, probability: number }[]} top  best first
 * @property {{ width: number, height: number, rgba: Uint8Array }} crop     before normalisation
 * @property {{ preprocess: number, upload: number, gpu: number, readBack: number }} milliseconds
 */

const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });

/** @type {import('comlink').Remote<typeof import('./worker.js').api>} */
export const engine = wrap(worker);

/** Rejects if the worker's script cannot be loaded: no call would ever be answered. */
export const workerFailed = new Promise((_, reject) => {
  worker.addEventListener('error', (event) => {
    if (event instanceof ErrorEvent && event.message) return; // thrown later on, not at loading
    reject({ code: 'worker-failed' });
  });
});
workerFailed.catch(() => {});
