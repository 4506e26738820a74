// The worker's data sets, which the page names by numbers.
import { Dataset } from '../pkg/alexnet_live.js';
import { bytesOf, decompressed, readDataset } from './dataset-files.js';
import { numbered } from './numbered.js';
import digitImages from '../../datasets/mnist-5k/images.idx3-ubyte.gz?url';
import digitLabels from '../../datasets/mnist-5k/labels.idx1-ubyte.gz?url';

export const datasets = numbered('dataset');

/** Keeps a data set; what the page learns of it. */
function kept(dataset) {
  return { id: datasets.add(dataset), ...dataset.describe() };
}

/**
 * What the page calls of data sets; see www/engine.js for what comes back.
 *
 * @param {(progress?: Function, signal?: AbortSignal) => (...told: number[]) => boolean} reporting
 *   tells the page how far something is, and that whether to go on
 */
export const datasetCalls = (reporting) => ({
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
  async readDataset(files, options, progress, signal) {
    const goesOn = reporting(progress, signal);
    const entries = files.map((file) =>
      file instanceof File ? { path: file.webkitRelativePath || file.name, file } : file,
    );
    const report = (done, total) => {
      if (!goesOn(done, total)) throw { code: 'stopped' };
    };
    return kept(await readDataset(entries, options, report));
  },

  picture: (id, part, index) => datasets.get(id).picture(part, index),

  /** Runs that train with it keep their pictures. */
  closeDataset: (id) => datasets.take(id).free(),
});

/** A file of the page, unpacked; some servers unpack it themselves. */
async function unpacked(url) {
  const file = await (await fetch(url)).blob();
  return bytesOf(await decompressed(file, file.stream()));
}
