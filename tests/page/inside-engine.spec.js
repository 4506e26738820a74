// Looking inside in the page's worker, on the processor, and where the GPU has a way of its own on it too.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from './support/inside.js';

test.setTimeout(600_000);

test('tells every value of the picture, and what made it', async ({ page }) => {
  const { count, unit, statistics, cell, parameter, kernels } = await page.evaluate(async () => {
    const maps = await engine.layerValues('conv1');
    const statistics = await engine.layerStatistics('conv1');
    return {
      count: maps.length,
      unit: [...maps.filter((_, index) => index % 64 === 3)],
      statistics: { largest: [...statistics.largest], mean: [...statistics.mean] },
      cell: await engine.cell('conv1', 5, 7, 3),
      parameter: [...(await engine.layerParameter('conv1.weight', 3, 1))],
      kernels: await engine.layerKernels('conv1'),
    };
  });
  expect(count).toBe(113 * 113 * 64);
  expect(statistics.largest[3]).toBe(Math.max(...unit.map(Math.abs)));
  const mean = unit.reduce((sum, value) => sum + value, 0) / unit.length;
  expect(statistics.mean[3]).toBeCloseTo(mean, 2);

  expect(Math.fround(cell.value)).toBe(unit[5 * 113 + 7]);
  expect(cell.sum).toBeCloseTo(cell.value, 3);
  const products = cell.x.map((x, index) => x * cell.weight[index]);
  expect(products.reduce((sum, product) => sum + product, cell.bias)).toBeCloseTo(cell.sum, 3);
  expect(cell.field).toEqual({ top: 10, left: 14, bottom: 13, right: 17 });
  // [3 channels, 3 rows, 3 columns] in files, channels last in a cell.
  expect(parameter[9 + 4]).toBe(cell.weight[4 * 3 + 1]);
  expect(kernels.map(({ shader, entryPoint }) => [shader, entryPoint])).toEqual([['conv2d', 'forward']]);
  expect(Object.fromEntries(kernels[0].constants).OUT_CHANNELS).toBe(64);
});

for (const kind of ['cpu', 'gpu']) {
  test(`draws a mosaic on a canvas, with the values of the ${kind}`, async ({ page }) => {
    await page.evaluate((kind) => openOn(kind), kind);
    const UNITS = [2, 40, 7];
    const PLACES = [[0, 0], [112, 3], [50, 60], [112, 112]];
    const { tiles, gap, fourth } = await page.evaluate(async ([UNITS, PLACES]) => {
      const canvas = document.createElement('canvas');
      document.body.append(canvas);
      const offscreen = canvas.transferControlToOffscreen();
      const id = await engine.addCanvas(transfer(offscreen, [offscreen]));
      const { largest } = await engine.layerStatistics('conv1');
      await engine.drawMosaic(id, {
        layer: 'conv1',
        order: UNITS,
        scale: UNITS.map((unit) => largest[unit]),
        columns: 2,
        gap: 1,
        view: { left: 0, top: 0, width: 227, height: 227 },
        width: 227,
        height: 227,
      });
      // What a worker draws comes to the page with one of the next frames.
      const shown = new OffscreenCanvas(227, 227).getContext('2d', { willReadFrequently: true });
      do {
        await new Promise(requestAnimationFrame);
        shown.drawImage(canvas, 0, 0);
      } while (shown.getImageData(0, 0, 1, 1).data[3] === 0);
      const pixel = (x, y) => [...shown.getImageData(x, y, 1, 1).data];
      const values = await engine.layerValues('conv1');
      const tiles = UNITS.map((unit, tile) =>
        PLACES.map(([x, y]) => ({
          value: values[(y * 113 + x) * 64 + unit] / largest[unit],
          found: pixel((tile % 2) * 114 + x, Math.floor(tile / 2) * 114 + y),
        })),
      );
      return { tiles, gap: pixel(113, 20), fourth: pixel(150, 150) };
    }, [UNITS, PLACES]);
    const expected = (value) => {
      const end = value < 0 ? [245, 147, 34] : [8, 119, 189];
      return [232, 234, 235].map((grey, c) => grey + Math.abs(value) * (end[c] - grey)).concat(255);
    };
    for (const { value, found } of tiles.flat()) {
      expected(value).forEach((byte, c) => expect(Math.abs(byte - found[c])).toBeLessThan(1.1));
    }
    expect(gap).toEqual([0, 0, 0, 0]); // between two tiles
    expect(fourth).toEqual([0, 0, 0, 0]); // there is no fourth
  });
}

test('what is left of the device before takes nothing from the present one', async ({ page }) => {
  await page.evaluate(() => openOn('cpu'));
  await page.workers()[0].evaluate(async () => {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 100)); // its memory is given back in a task of its own
  });
  const { top } = await page.evaluate(() => classify('navy'));
  expect(top).toHaveLength(5);
});

test('opening a layer computes nothing of the network, and compiles nothing', async ({ page }) => {
  await page.evaluate(async () => {
    await openOn('gpu');
    const canvas = document.createElement('canvas').transferControlToOffscreen();
    const id = await engine.addCanvas(transfer(canvas, [canvas]));
    /** Every map of a layer, each on its own scale. */
    globalThis.openLayer = async (layer, height) => {
      const { largest: scale } = await engine.layerStatistics(layer);
      const columns = 16;
      const view = { left: 0, top: 0, width: columns * height, height: (scale.length / columns) * height };
      const mosaic = { layer, order: [...scale.keys()], scale: [...scale], columns, gap: 1 };
      await engine.drawMosaic(id, { ...mosaic, view, width: 1000, height: 250 });
    };
  });
  const [worker] = page.workers();
  await worker.evaluate(() => {
    globalThis.calls = {};
    const count = (owner, names) => {
      for (const name of names) {
        const method = owner.prototype[name];
        owner.prototype[name] = function (...values) {
          globalThis.calls[name] = (globalThis.calls[name] ?? 0) + 1;
          return method.apply(this, values);
        };
      }
    };
    count(GPUComputePassEncoder, ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect']);
    const pipelines = ['createComputePipeline', 'createRenderPipeline'];
    count(GPUDevice, ['createShaderModule', ...pipelines.flatMap((name) => [name, `${name}Async`])]);
  });
  /** How often `work`, which runs on the page, called what of these. */
  const callsOf = async (work) => {
    await worker.evaluate(() => (globalThis.calls = {}));
    await page.evaluate(work);
    return worker.evaluate(() => globalThis.calls);
  };

  const network = await callsOf(() => classify('navy'));
  expect(network.dispatchWorkgroups).toBeGreaterThan(30);
  await page.evaluate(async () => {
    await engine.inspect();
    await openLayer('conv1', 114); // compiles what draws
  });
  expect(await callsOf(() => openLayer('fire6/expand3x3', 15))).toEqual({});
  await page.evaluate(() => openOn('cpu'));
});

test('looks at the picture that was classified last, of the network loaded last', async ({ page }) => {
  const { first, second, after } = await page.evaluate(async () => {
    const conv = async () => (await engine.layerValues('conv1'))[(56 * 113 + 56) * 64];
    const first = await conv();
    await classify('green');
    const second = await conv();
    await loadNetwork();
    const after = await engine.layerValues('conv1').catch((error) => error.code);
    return { first, second, after };
  });
  expect(first).not.toBe(second);
  expect(after).toBe('no-picture');
});

const golden = JSON.parse(
  readFileSync(fileURLToPath(new URL('../golden/inside_page.json', import.meta.url)), 'utf8'),
);

/** Within a share of the largest of what is expected. */
function expectClose(found, expected, share) {
  expect(found.length).toBe(expected.length);
  const allowed = share * Math.max(...expected.map(Math.abs));
  found.forEach((value, index) => {
    expect(Math.abs(value - expected[index])).toBeLessThan(allowed);
  });
}

test('explains the answer as PyTorch does', async ({ page }) => {
  const { top, fire2, fire9, saliency, guided, answer, cell } = await page.evaluate(async (best) => {
    const { top } = await classifySample('chelsea');
    const cam = async (layer) => {
      const { map, ...rest } = await engine.gradCam(layer, best);
      return { map: [...map], ...rest };
    };
    const { logits, probabilities } = await engine.answer();
    return {
      top,
      fire2: await cam('fire2/concat'),
      fire9: await cam('fire9/concat'),
      saliency: [...(await engine.saliency(best, false))],
      guided: [...(await engine.saliency(best, true))],
      answer: { logit: logits[best], probability: probabilities[best] },
      cell: await engine.contributions(best),
    };
  }, golden.class);
  expect(top[0].index).toBe(golden.class);
  expect(answer.logit).toBeCloseTo(golden.logit, 1);
  expect(answer.probability).toBeCloseTo(golden.probability, 2);
  // The photo is resized to within a byte of Pillow's.
  expectClose(fire9.map, golden['fire9/concat'].map, 0.03);
  const [height, width] = golden['fire2/concat'].shape;
  expect([fire2.height, fire2.width, fire2.map.length]).toEqual([height, width, height * width]);
  const sum = fire2.map.reduce((a, b) => a + b);
  expect(Math.abs(sum / golden['fire2/concat'].sum - 1)).toBeLessThan(0.05);
  const row = saliency.slice((113 * 227 + 100) * 3, (113 * 227 + 110) * 3);
  expectClose(row, golden.saliency.row, 0.1);
  expect(guided).not.toEqual(saliency);
  // The class is the mean of its map.
  expect(cell.kind).toBe('avg_pool2d');
  expect(cell.x.reduce((a, b) => a + b) / cell.divisor).toBeCloseTo(answer.logit, 2);
});

test('covers the photo piece by piece, and can be stopped', async ({ page }) => {
  const { result, told, stopped } = await page.evaluate(async () => {
    const { top } = await classify('crimson');
    const classes = [top[0].index, top[1].index];
    const told = [];
    const hear = proxy((done, total, place) => told.push([done, total, place.top, place.left]));
    const result = await engine.occlude({ classes, size: 400, stride: 114 }, hear);
    const stop = proxy(() => false);
    const stopped = await engine
      .occlude({ classes, size: 40, stride: 20 }, stop)
      .catch((error) => error.code);
    return {
      result: { ...result, probabilities: [...result.probabilities] },
      told,
      top,
      stopped,
    };
  });
  expect(stopped).toBe('stopped');
  expect([result.rows, result.columns]).toEqual([2, 2]);
  expect(told.map(([done, total]) => [done, total])).toEqual([[1, 4], [2, 4], [3, 4], [4, 4]]);
  expect(told[0].slice(2)).toEqual([-143, -143]);
  // 400 pixels cover all of it, wherever they lie: another answer, four times the same.
  const [first] = result.probabilities;
  expect(result.probabilities.filter((_, index) => index % 2 === 0)).toEqual([first, first, first, first]);
  expect(first).not.toBeCloseTo(result.whole[0], 4);
});

test('on one core, where no helper is waited for, it is stopped as soon', async ({ page }) => {
  const { told, code, processor } = await page.evaluate(async () => {
    const { wrap } = await import(`${location.origin}/comlink.js`);
    const module = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const oneCore = module("Object.defineProperty(navigator, 'hardwareConcurrency', { value: 1 });");
    const worker = new Worker(module(`import '${oneCore}'; import '${workerScript}';`), { type: 'module' });
    const usual = engine;
    try {
      globalThis.engine = wrap(worker);
      const { processor } = await engine.open({ engine: 'cpu' });
      await loadNetwork();
      const { top } = await classify('crimson');
      let told = 0;
      const hear = proxy(() => (told += 1) < 1);
      const options = { classes: [top[0].index], size: 40, stride: 20 };
      const code = await engine.occlude(options, hear).catch((error) => error.code);
      return { told, code, processor };
    } finally {
      globalThis.engine = usual;
      worker.terminate();
    }
  });
  expect(processor.cores).toBe(1);
  expect(code).toBe('stopped');
  expect(told).toBeLessThan(4); // of 144
});

test('excites a map by gradient ascent', async ({ page }) => {
  const told = await page.evaluate(async () => {
    const told = [];
    const hear = proxy(({ step, activation, rgba, width, height }) =>
      told.push({ step, activation, bytes: rgba.length, size: [width, height] }),
    );
    const options = { steps: 4, rate: 4, decay: 0.001, blurEvery: 3, from: 'noise' };
    await engine.maximise('fire3/squeeze1x1', 5, options, hear);
    return told;
  });
  expect(told.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4]);
  expect(told[0]).toMatchObject({ bytes: 227 * 227 * 4, size: [227, 227] });
  expect(told[4].activation).toBeGreaterThan(told[0].activation);
});

test('switches neurons off, changes layers, and knows the way back', async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const numbers = async (answer) => [...(await answer).probabilities];
    const whole = await numbers(engine.answer());
    const drops = [];
    for (const step of [0, 1, 0]) {
      const { probabilities, off } = await engine.dropOut(7, step);
      const share = off[0].units.reduce((a, b) => a + b, 0) / off[0].units.length;
      drops.push({ probabilities: [...probabilities], layer: off[0].layer, share });
    }
    const again = await numbers(engine.answer());
    const changed = await numbers(engine.answer('tanh'));
    const relu = await engine.layerStatistics('fire9/relu_squeeze1x1');
    const tanh = await engine.layerStatistics('fire9/relu_squeeze1x1', 'tanh');
    await engine.forgetChanges('tanh');
    const unknown = await engine.answer('louder').catch((error) => [error.code, error.name]);
    return {
      whole,
      drops,
      again,
      changed,
      unknown,
      relu: Math.max(...relu.largest),
      tanh: Math.max(...tanh.largest),
    };
  });
  expect(seen.again).toEqual(seen.whole);
  const [first, second, third] = seen.drops;
  expect(first.probabilities).not.toEqual(seen.whole);
  expect(first.probabilities).not.toEqual(second.probabilities);
  expect(first.probabilities).toEqual(third.probabilities);
  expect(first.layer).toBe('drop9');
  expect(first.share).toBeGreaterThan(0.01); // few of its units are active
  expect(first.share).toBeLessThan(0.51);
  expect(seen.changed).not.toEqual(seen.whole);
  expect(seen.tanh).toBeLessThanOrEqual(1);
  expect(seen.relu).toBeGreaterThan(1);
  expect(seen.unknown[0]).toBe('unknown');
});

test('answers to other crops of the photo, and compares photos by their features', async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const { top } = await classify('crimson');
    const patch = await engine.openPatch(transferred('crimson'));
    const view = async (view) => [...(await engine.answerTo(patch, view)).probabilities];
    const middle = await view({ left: 14, top: 14 });
    const corner = await view({ left: 0, top: 0, mirror: true });
    const reddish = await view({ left: 14, top: 14, colour: [30, 0, 0] });
    const features = async (colour) => {
      const { layer, values } = await engine.features(transferred(colour));
      return { layer, values: [...values] };
    };
    const crimson = await features('crimson');
    const green = await features('green');
    const [, ...rest] = [await engine.answer(), await features('crimson')];
    return {
      top,
      size: [patch.width, patch.height, patch.rgba.length],
      middle,
      corner,
      reddish,
      crimson,
      green,
      again: rest[0],
    };
  });
  expect(seen.size).toEqual([256, 256, 256 * 256 * 4]);
  for (const { index, probability } of seen.top) expect(seen.middle[index]).toBeCloseTo(probability, 3);
  expect(seen.corner).not.toEqual(seen.middle);
  expect(seen.reddish).not.toEqual(seen.middle);
  expect(seen.crimson).toEqual(seen.again);
  expect(seen.crimson.values.length).toBe(seen.green.values.length);
  expect(seen.green.values).not.toEqual(seen.crimson.values);
});
