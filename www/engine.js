// The page's end of the wire to worker.js, and the types of what comes over it
// (src/web/ makes them).
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
 *
 * @typedef {object} LayerCheck
 * @property {string} name
 * @property {string} kind
 * @property {string | null} activation   computed by the same kernel
 * @property {number} largestDifference   from the reference; passes up to the tolerance
 * @property {number} tolerance
 *
 * @typedef {object} DatasetInfo
 * @property {number} id                  what the worker calls it
 * @property {string} name
 * @property {string[]} classes
 * @property {[number, number, number]} shape  height, width, channels
 * @property {number} training            number of pictures
 * @property {number} validation
 * @property {({ code: 'single-picture', class: string }
 *           | { code: 'broken-picture', name: string, reason: string })[]} notes
 *
 * @typedef {{ loss: number, error: number }} Evaluation  error: a share
 *
 * @typedef {object} TrainingState
 * @property {number} step                steps done
 * @property {{ training: Evaluation, validation: Evaluation | null }[]} epochs
 * @property {number} stepsPerEpoch
 * @property {boolean} stuck              the loss stays at ln(classes)
 * @property {number | null} imagesPerSecond
 *
 * @typedef {object} TrainingReport       of what a run did since the last one
 * @property {number} id
 * @property {{ step: number, samples: number, loss: number, error: number }[]} steps
 * @property {TrainingState['epochs']} epochs  those that ended
 * @property {TrainingState} state
 * @property {import('./store.js').PageError} [error]  it plays no more
 *
 * @typedef {object} Insight
 * @property {{ name: string, saturated: number | null, dead: number | null,
 *              gradientNorm: number, weightNorm: number,
 *              histogram: { low: number, high: number, counts: number[] } }[]} layers
 * @property {{ width: number, height: number, count: number, rgba: Uint8Array } | null} filters
 *
 * @typedef {object} RateSearch
 * @property {number | null} rate         null when all diverged
 * @property {{ rate: number, losses: number[], diverged: boolean }[]} trials
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
