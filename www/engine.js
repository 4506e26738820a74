// The page's end of the wire to worker.js, and the types of what comes over it
// (src/web/ makes them).
import { wrap } from 'comlink';
import './signals.js';

/**
 * @typedef {object} DeviceInfo
 * @property {string} name
 * @property {'cpu' | 'gpu'} engine       what computes
 * @property {'discrete' | 'integrated' | 'software' | 'unknown' | 'processor'} kind
 * @property {'cpu' | 'gpu' | 'software'} preset  block sizes of the kernels
 * @property {{ cores: number, lanes: number } | null} processor  where it computes
 * @property {import('./store.js').PageError | null} passedOver  why the GPU was, where it was
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
 * @property {string[] | null} classes    of a network that was trained here
 * @property {WeightsFile[]} weights
 * @property {LayerInfo[]} layers
 * @property {{ hash: string, format: string, bytes: number } | null} loaded
 * @property {string | null} [published]  the published file that is loaded, as the page asked for it
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
 * @typedef {object} Cell                a value of a layer and what made it
 * @property {string} layer
 * @property {string} kind
 * @property {[number, number, number]} position  row, column, unit
 * @property {number} value
 * @property {Area | null} field          pixels of the crop that it depends on
 * @property {string[]} inputs            names of the layers that its layer reads
 * @property {number} input               which of them `x` is from
 * @property {Area} window                what was read there, padding included
 * @property {[number, number]} dilation  distance between rows, and columns, of the window
 * @property {number} firstChannel
 * @property {number} channels
 * @property {Float64Array} x             [rows, columns, channels]; 0 in the padding, NaN where a
 *   max pool hangs over; of an `add`, the value of each input
 * @property {Float64Array} weight        as x; none for layers without
 * @property {number} bias
 * @property {number} sum                 bias + x * weight; the largest of a max pool; the squares
 *   of a normalisation; the sum of exp(x - largest) of a softmax; else the sum of x
 * @property {number | null} winner       index in x, of a max pool
 * @property {number | null} divisor      of an average pool
 * @property {[number, number, number, number] | null} norm  size, alpha, beta, k
 *
 * @typedef {{ top: number, left: number, bottom: number, right: number }} Area
 *   bottom and right lie outside
 *
 * @typedef {object} Mosaic               what to draw of a layer's maps
 * @property {string} layer
 * @property {number[]} order             the unit of each tile, row by row
 * @property {number | number[]} scale    what all tiles, or each, are divided by: the colours end
 *   there
 * @property {number} columns             tiles in a row
 * @property {number} gap                 values between two tiles
 * @property {{ left: number, top: number, width: number, height: number }} view  in values; tile t
 *   stands at left = t % columns * (width of a map + gap), top likewise
 * @property {number} width               of the canvas, in pixels
 * @property {number} height
 *
 * What follows is about the picture that was classified last, in the loaded network
 * or in one with `changes`: words of `Changes` in src/inspect/variant.rs, such as
 * 'tanh plain-pools'; '' or none for the network as it is. Values are channels last.
 *
 * inspect(changes?, progress?(done, total), signal?): compiles what is not compiled yet
 * forgetChanges(changes): gives its memory back
 * layerValues(layer, changes?) -> Float32Array
 * mapValues(layer, unit, changes?) -> Float32Array: of one unit, [height, width]
 * layerStatistics(layer, changes?) -> { largest, mean }: of each unit's absolute values, and values
 * cell(layer, row, column, unit, changes?) -> Cell
 * layerParameter(name, first, count) -> Float32Array: of so many outputs, in file order
 * inputColours() -> of each channel of the input: 0 red, 1 green, 2 blue, -1 all
 * layerKernels(layer) -> LayerKernel[]
 * addCanvas(transferred OffscreenCanvas) -> id; removeCanvas(id); drawMosaic(id, Mosaic, changes?)
 * gradCam(layer, class, changes?) -> { height, width, map, weights: of each unit }
 * saliency(class, guided, changes?) -> Float32Array: d logit / d input
 * contributions(class) -> Cell: of the class's value where weights or places make it
 * answer(changes?) -> { logits, probabilities }
 * occlude({ classes, size, stride }, progress(done, total, { top, left, probabilities }))
 *   -> { rows, columns, probabilities: [rows, columns, classes], whole: without a patch }
 * maximise(layer, unit, { steps, rate, decay, blurEvery, from: 'noise' | 'picture' },
 *   progress({ step, activation, rgba, width, height })) -> the last of these; `rate` in bytes
 * features(transferred ImageBitmap) -> { layer, values }: of the last hidden layer, of any photo
 * dropOut(seed, step) -> { probabilities, off: { layer, units: 1 for an active one that is off }[] }
 * openPatch(transferred ImageBitmap, side = 256) -> { rgba, width, height }: to cut crops from
 * answerTo(patch, { left, top, mirror?, colour?: [red, green, blue] to add, in bytes })
 *   -> { rgba, width, height, probabilities }
 *
 * @typedef {object} LayerKernel
 * @property {string} shader              file in shaders/, without its ending
 * @property {string} entryPoint
 * @property {[string, number][]} constants
 * @property {[number, number, number]} workgroups
 *
 * @typedef {object} DatasetInfo
 * @property {number} id                  what the worker calls it
 * @property {string} name
 * @property {string[]} classes
 * @property {[number, number, number]} shape  height, width, channels
 * @property {number} training            number of pictures
 * @property {number} validation
 * @property {({ code: 'single-picture', class: string }
 *           | { code: 'unreadable-class', class: string }
 *           | { code: 'stray-picture', name: string }
 *           | { code: 'unused-folder', name: string, count: number }
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
const remote = wrap(worker);

/** Why no call will be answered any more. @type {import('./store.js').PageError | null} */
let broken = null;

/** Rejects a call that is under way, for each. @type {Set<(error: unknown) => void>} */
const underWay = new Set();

function breakDown(error) {
  broken ??= error;
  for (const reject of underWay) reject(broken);
}

/**
 * What a call answers, or why none will be answered any more.
 *
 * @template T
 * @param {() => Promise<T>} call
 * @returns {Promise<T>}
 */
const answered = (call) =>
  new Promise((resolve, reject) => {
    if (broken) return reject(broken);
    underWay.add(reject);
    call()
      .catch((error) => {
        if (error?.name === 'RuntimeError') breakDown({ code: 'crashed', reason: error.message });
        throw broken ?? error;
      })
      .then(resolve, reject)
      .finally(() => underWay.delete(reject));
  });

/**
 * What the worker does for the page. What takes `progress` (a function behind Comlink's `proxy`)
 * ends with { code: 'stopped' } once that returns false; what takes `signal`, once it is given.
 */
export const engine = {
  // The device and the network: see worker.js.
  open: (options) => answered(() => remote.open(options)),
  lost: () => answered(() => remote.lost()),
  destroy: () => answered(() => remote.destroy()),
  models: () => answered(() => remote.models()),
  load: (model, file, published, progress, signal) => answered(() => remote.load(model, file, published, progress, signal)),
  classify: (bitmap) => answered(() => remote.classify(bitmap)),
  profile: () => answered(() => remote.profile()),
  verify: (progress, signal) => answered(() => remote.verify(progress, signal)),
  download: (url, key, bytes, progress, signal) => answered(() => remote.download(url, key, bytes, progress, signal)),
  keep: (key, file) => answered(() => remote.keep(key, file)),
  stored: () => answered(() => remote.stored()),
  openStored: (key) => answered(() => remote.openStored(key)),
  removeStored: (key) => answered(() => remote.removeStored(key)),

  // Looking inside: see inside/calls.js and inside/explain.js.
  inspect: (changes, progress, signal) => answered(() => remote.inspect(changes, progress, signal)),
  forgetChanges: (changes) => answered(() => remote.forgetChanges(changes)),
  layerValues: (layer, changes) => answered(() => remote.layerValues(layer, changes)),
  mapValues: (layer, unit, changes) => answered(() => remote.mapValues(layer, unit, changes)),
  layerStatistics: (layer, changes) => answered(() => remote.layerStatistics(layer, changes)),
  cell: (layer, row, column, unit, changes) => answered(() => remote.cell(layer, row, column, unit, changes)),
  layerParameter: (name, first, count) => answered(() => remote.layerParameter(name, first, count)),
  inputColours: () => answered(() => remote.inputColours()),
  layerKernels: (layer) => answered(() => remote.layerKernels(layer)),
  addCanvas: (canvas) => answered(() => remote.addCanvas(canvas)),
  removeCanvas: (id) => answered(() => remote.removeCanvas(id)),
  drawMosaic: (id, mosaic, changes) => answered(() => remote.drawMosaic(id, mosaic, changes)),
  gradCam: (layer, index, changes) => answered(() => remote.gradCam(layer, index, changes)),
  saliency: (index, guided, changes) => answered(() => remote.saliency(index, guided, changes)),
  contributions: (index) => answered(() => remote.contributions(index)),
  answer: (changes) => answered(() => remote.answer(changes)),
  occlude: (options, progress) => answered(() => remote.occlude(options, progress)),
  maximise: (layer, unit, options, progress) => answered(() => remote.maximise(layer, unit, options, progress)),
  features: (bitmap) => answered(() => remote.features(bitmap)),
  dropOut: (seed, step) => answered(() => remote.dropOut(seed, step)),
  openPatch: (bitmap, side) => answered(() => remote.openPatch(bitmap, side)),
  answerTo: (patch, options) => answered(() => remote.answerTo(patch, options)),

  // Datasets: see training/datasets.js.
  digits: () => answered(() => remote.digits()),
  readDataset: (files, options, progress, signal) => answered(() => remote.readDataset(files, options, progress, signal)),
  fetchCifar10: (images, progress, signal) => answered(() => remote.fetchCifar10(images, progress, signal)),
  picture: (dataset, part, index) => answered(() => remote.picture(dataset, part, index)),
  closeDataset: (dataset) => answered(() => remote.closeDataset(dataset)),

  // Training: see training/runs.js.
  trainableNetworks: () => answered(() => remote.trainableNetworks()),
  trainingSettings: (network, activation) => answered(() => remote.trainingSettings(network, activation)),
  estimateTraining: (settings, dataset) => answered(() => remote.estimateTraining(settings, dataset)),
  readCheckpoint: (file) => answered(() => remote.readCheckpoint(file)),
  openTraining: (settings, dataset, checkpoint, progress, signal) => answered(() => remote.openTraining(settings, dataset, checkpoint, progress, signal)),
  playTraining: (run, report) => answered(() => remote.playTraining(run, report)),
  pauseTraining: (run) => answered(() => remote.pauseTraining(run)),
  stepTraining: (run) => answered(() => remote.stepTraining(run)),
  changeTraining: (run, settings) => answered(() => remote.changeTraining(run, settings)),
  insight: (run) => answered(() => remote.insight(run)),
  predictions: (run, indices) => answered(() => remote.predictions(run, indices)),
  confusion: (run) => answered(() => remote.confusion(run)),
  checkpoint: (run) => answered(() => remote.checkpoint(run)),
  trainedModel: (run) => answered(() => remote.trainedModel(run)),
  closeTraining: (run) => answered(() => remote.closeTraining(run)),
  findRate: (settings, dataset, rates, steps, progress, signal) => answered(() => remote.findRate(settings, dataset, rates, steps, progress, signal)),
};

// Either its script cannot be loaded, or the module's program has ended in the middle of what it
// did (a panic): its promises never settle then.
worker.addEventListener('error', (event) => {
  const crashed = event instanceof ErrorEvent && event.message;
  breakDown(crashed ? { code: 'crashed', reason: event.message } : { code: 'worker-failed' });
});

// What nobody in the worker waited for (worker.js); main.js tells of it.
worker.addEventListener('message', ({ data }) => {
  if (data?.uncaught) reportError(new Error(data.uncaught));
});
