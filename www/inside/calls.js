// The worker's looks inside: the loaded network and what it would be with changes,
// with the picture that was classified last.
import { Inspection } from '../pkg/alexnet_live.js';
import { pixels } from '../pixels.js';
import { numbered } from '../training/numbered.js';
import { cellOf } from './cell.js';
import { explainCalls } from './explain.js';
import { draw, drawPixels, pixelsOf } from './mosaic.js';
import { coloursOf } from './numbers.js';
import { STATISTICS, VALUE } from './reading.js';

/**
 * @typedef {object} Network
 * @property {Inspection} inspection
 * @property {object | null} of        the crop that its values are of
 * @property {object | null} dropped   the same, while neurons are switched off
 * @property {Map<string, object>} statistics  of layers, as far as asked for
 */

/**
 * What the page calls; see www/engine.js for what comes back. Every call first
 * computes what is not there yet, so that the page need not order anything.
 *
 * @param {() => import('../pkg/alexnet_live.js').Session} opened
 * @param {(work: () => unknown) => Promise<unknown>} inTurn
 * @param {(progress?: Function, signal?: AbortSignal) => (...told: unknown[]) => boolean} reporting
 */
export function insideCalls(opened, inTurn, reporting) {
  /** What the network saw of the picture classified last, and its layers. */
  let crop = null;
  let layers = [];
  /** @type {Map<string, Network>} by their changes: the loaded network has none */
  const networks = new Map();
  const canvases = numbered('canvas');

  /** A network with every value of a picture; neurons may be off if `dropped`. */
  async function looking(changes = '', report = reporting(), seen = crop, dropped = false) {
    if (!seen) throw { code: 'no-picture' };
    if (!networks.has(changes)) {
      const inspection = await Inspection.open(opened(), changes, report);
      networks.set(changes, { inspection, of: null, dropped: null, statistics: new Map() });
    }
    const network = networks.get(changes);
    if (network.of !== seen || (network.dropped && !dropped)) {
      look(network, network.inspection.normalise(seen.rgba, seen.width, seen.height));
      network.of = seen;
    }
    return network;
  }

  /** Lets a network look at any input. */
  function look(network, x) {
    network.of = network.dropped = null;
    network.statistics.clear();
    network.inspection.look(x);
  }

  /** Of each unit of a layer the largest absolute value, and the mean. */
  async function statisticsOf({ inspection, statistics }, layer) {
    if (!statistics.has(layer)) {
      const pairs = await inspection.read(layer, STATISTICS);
      const every = (start) => pairs.filter((_, index) => index % 2 === start);
      statistics.set(layer, { largest: every(0), mean: every(1) });
    }
    return statistics.get(layer);
  }

  const layersOf = () => layers;
  const layerOf = (name) => layers.find((layer) => layer.name === name) ?? { name };

  /** Calls take the changes of the network last. */
  const asked = (ask) => (...rest) =>
    inTurn(async () => ask(await looking(rest[ask.length - 1]), ...rest));

  const { features, openPatch, ...explain } = explainCalls({
    asked,
    layersOf,
    layerOf,
    look,
    looking,
    opened,
    inTurn,
    reporting,
  });

  return {
    /** For the worker: the picture that was classified. */
    saw(picture) {
      crop = picture;
    },

    /** For the worker: another network or device takes the place of this one. */
    forget(info) {
      for (const { inspection } of networks.values()) inspection.free();
      networks.clear();
      crop = null;
      layers = info?.layers ?? [];
    },

    calls: {
      inspect: (changes, progress, signal) =>
        inTurn(async () => {
          await looking(changes, reporting(progress, signal));
        }),
      forgetChanges: (changes) =>
        inTurn(() => {
          networks.get(changes)?.inspection.free();
          networks.delete(changes);
        }),

      layerValues: asked(({ inspection }, layer) => inspection.read(layer, VALUE)),
      mapValues: asked(async ({ inspection }, layer, unit) => {
        const units = layerOf(layer).shape.at(-1);
        const values = await inspection.read(layer, VALUE);
        return values.filter((_, index) => index % units === unit);
      }),
      layerStatistics: asked(statisticsOf),
      cell: asked(async ({ inspection }, layer, y, x, unit) =>
        cellOf(layerOf(layer), [y, x, unit], await inspection.cell(layer, y, x, unit)),
      ),
      layerParameter: asked(({ inspection }, name, first, count) =>
        inspection.parameter(name, first, count),
      ),
      inputColours: asked(({ inspection }) =>
        coloursOf((...probe) => inspection.normalise(...probe)).map(({ colour }) => colour),
      ),
      layerKernels: asked(({ inspection }, layer) => inspection.kernels(layer)),

      addCanvas: (canvas) => canvases.add(canvas),
      removeCanvas: (id) => void canvases.take(id),
      drawMosaic: asked(async ({ inspection }, id, mosaic) => {
        const canvas = canvases.get(id);
        const device = inspection.gpu();
        if (!device) return drawPixels(canvas, mosaic, await pixelsOf(inspection, mosaic));
        const x = inspection.buffer(mosaic.layer);
        const isSoftware =
          opened().device().kind === 'software' || device.adapterInfo?.isFallbackAdapter;
        return draw(device, x, layerOf(mosaic.layer).shape, canvas, mosaic, isSoftware);
      }),

      ...explain,
      features: (bitmap) => features(pixels(bitmap)),
      openPatch: (bitmap, side = 256) => openPatch(pixels(bitmap), side),
    },
  };
}
