// The worker's data sets, which the page names by numbers.
import { Collector, Dataset } from '../pkg/alexnet_live.js';
import { pixels } from '../pixels.js';
import { readDataset } from './dataset-files.js';
import { numbered } from './numbered.js';
import digitImages from '../../datasets/mnist-5k/images.idx3-ubyte.gz?url';
import digitLabels from '../../datasets/mnist-5k/labels.idx1-ubyte.gz?url';

export const datasets = numbered('dataset');
const collectors = numbered('collector');

/** Keeps a data set; what the page learns of it. */
function kept(dataset) {
  return { id: datasets.add(dataset), ...dataset.describe() };
}

/**
 * What the page calls of data sets; see www/engine.js for what comes back.
 *
 * @param {() => AbortSignal} stoppable for what begins and can be stopped
 */
export const datasetCalls = (stoppable) => ({
  /** The 5,000 digits that come with the page. */
  async digits() {
    const files = await Promise.all([digitImages, digitLabels].map(unpacked));
    return kept(Dataset.digits(...files));
  },

  /**
   * Reads files that a person chose; see dataset-files.js.
   *
   * @param {(File | { path: string, file: File })[]} files
   * @param {import('./dataset-files.js').Options} options
   */
  async readDataset(files, options, progress) {
    const signal = stoppable();
    const entries = files.map((file) =>
      file instanceof File ? { path: file.webkitRelativePath || file.name, file } : file,
    );
    const report = (done, total) => {
      if (signal.aborted) throw { code: 'stopped' };
      progress(done, total);
    };
    return kept(await readDataset(entries, options, report));
  },

  /** Begins a data set of pictures that come one by one. */
  openCollector: (classes, { height, width, channels }) =>
    collectors.add(new Collector(classes, height, width, channels)),

  /** Adds a picture: a blob to decode, or a bitmap, transferred and closed here. */
  async collect(id, label, picture) {
    const bitmap = picture instanceof Blob ? await createImageBitmap(picture) : picture;
    const { rgba, width, height } = pixels(bitmap);
    collectors.get(id).add(label, rgba, width, height);
  },

  finishCollector: (id, { name, validationShare, seed }) =>
    kept(collectors.take(id).finish(name, validationShare, seed)),

  picture: (id, part, index) => datasets.get(id).picture(part, index),

  /** Runs that train with it keep their pictures. */
  closeDataset: (id) => datasets.take(id).free(),
});

/** A file of the page, unpacked; some servers unpack it themselves. */
async function unpacked(url) {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
