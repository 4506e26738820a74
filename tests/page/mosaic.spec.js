// Mosaics drawn in both ways, held against arithmetic over the same values. The tests'
// browser plays its GPU on a processor and loses it as soon as a canvas is configured for it:
// such a canvas is played too, its texture is the device's.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, test } from './support/test.js';

const entry = fileURLToPath(new URL('../../www/inside/mosaic.js', import.meta.url));

test.beforeEach(async ({ page }) => {
  const { output } = (
    await build({
      configFile: false,
      logLevel: 'silent',
      build: { write: false, minify: false, lib: { entry, formats: ['es'], fileName: 'mosaic' } },
    })
  )[0];
  await page.route('**/mosaic-alone.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: output[0].code }),
  );
  await page.route('**/empty.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
  );
  await page.goto('./empty.html');
  await page.evaluate(async () => {
    const { draw } = await import(`${location.origin}/mosaic-alone.js`);
    const device = async () => (await navigator.gpu.requestAdapter()).requestDevice();
    // 4 rows, 6 columns, 3 units.
    const values = Float32Array.from({ length: 72 }, (_, index) => Math.sin(index * 1.7));
    const bufferOf = (device) => {
      const usage = GPUBufferUsage.STORAGE;
      const buffer = device.createBuffer({ size: values.byteLength, usage, mappedAtCreation: true });
      new Float32Array(buffer.getMappedRange()).set(values);
      buffer.unmap();
      return buffer;
    };
    const mosaic = { order: [2, 0, 1], scale: [1, 0.8, 1.2], columns: 2, gap: 1 };
    const drawn = (device, canvas, options, isSoftware, shape = [4, 6, 3]) => {
      const view = { left: 0, top: 0, width: 13, height: 9 };
      return draw(device, bufferOf(device), shape, canvas, { ...mosaic, view, ...options }, isSoftware);
    };
    /** What stands on a canvas that was never shown. */
    const pixels = (canvas) => {
      const bitmap = canvas.transferToImageBitmap();
      const { width, height } = bitmap;
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      return [...context.getImageData(0, 0, width, height).data];
    };
    /** A canvas that hands out the GPU's textures, and what stands on the last of them. */
    const played = () => {
      const canvas = { width: 1, height: 1, configured: [] };
      const usage = GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC;
      const context = {
        configure: (settings) => canvas.configured.push(settings),
        getCurrentTexture() {
          const { device, format } = canvas.configured.at(-1);
          const size = [canvas.width, canvas.height];
          return (canvas.texture = device.createTexture({ size, format, usage }));
        },
      };
      canvas.getContext = (kind) => (kind === 'webgpu' ? context : null);
      canvas.read = async () => {
        const { device, format } = canvas.configured.at(-1);
        const { width, height } = canvas;
        const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
        const buffer = device.createBuffer({ size: 256 * height, usage });
        const encoder = device.createCommandEncoder();
        encoder.copyTextureToBuffer({ texture: canvas.texture }, { buffer, bytesPerRow: 256 }, [width, height]);
        device.queue.submit([encoder.finish()]);
        await buffer.mapAsync(GPUMapMode.READ);
        const padded = new Uint8Array(buffer.getMappedRange());
        const order = format.startsWith('bgra') ? [2, 1, 0, 3] : [0, 1, 2, 3];
        return Array.from({ length: width * height * 4 }, (_, at) => {
          const [row, column] = [Math.floor(at / (4 * width)), Math.floor(at / 4) % width];
          return padded[row * 256 + column * 4 + order[at % 4]];
        });
      };
      return canvas;
    };
    Object.assign(globalThis, { device, drawn, pixels, played, values: [...values] });
  });
});

/** The colour of a value on a scale that ends at 1. */
function colour(value) {
  const end = value < 0 ? [245, 147, 34] : [8, 119, 189];
  const share = Math.min(Math.abs(value), 1);
  return [232, 234, 235].map((grey, c) => grey + share * (end[c] - grey)).concat(255);
}

/** What a mosaic of so many pixels shows: means over the values that each pixel covers. */
function expected(values, { width, height }) {
  const [order, scale] = [[2, 0, 1], [1, 0.8, 1.2]];
  const pixel = (x, y) => {
    const [step, down] = [13 / width, 9 / height];
    const [column, row] = [Math.floor((x * step) / 7), Math.floor((y * down) / 5)];
    const [left, top] = [x * step - column * 7, y * down - row * 5];
    const tile = row * 2 + column;
    if (left >= 6 || top >= 4 || tile >= order.length) return [0, 0, 0, 0];
    const range = (first, by, size) => {
      const start = Math.floor(first);
      const end = Math.min(Math.max(Math.floor(first + by), start + 1), size);
      return Array.from({ length: end - start }, (_, at) => start + at);
    };
    const covered = range(top, down, 4).flatMap((r) => range(left, step, 6).map((c) => values[(r * 6 + c) * 3 + order[tile]]));
    return colour(covered.reduce((a, b) => a + b) / covered.length / scale[tile]);
  };
  return Array.from({ length: width * height }, (_, at) => pixel(at % width, Math.floor(at / width))).flat();
}

function expectPixels(found, wanted) {
  expect(found.length).toBe(wanted.length);
  const furthest = found.reduce((most, byte, at) => Math.max(most, Math.abs(byte - wanted[at])), 0);
  expect(furthest).toBeLessThan(1.6); // half a byte of rounding, and half of a browser's colours
}

// As many pixels as values, more, and fewer: then each is a mean.
const SIZES = [{ width: 13, height: 9 }, { width: 39, height: 27 }, { width: 4, height: 3 }];

for (const isSoftware of [true, false]) {
  test(`draws values and their means, ${isSoftware ? 'by way of the pixels' : 'on the GPU’s own canvas'}`, async ({ page }) => {
    for (const size of SIZES) {
      const [found, values] = await page.evaluate(
        async ([size, isSoftware]) => {
          const canvas = isSoftware ? new OffscreenCanvas(1, 1) : played();
          await drawn(await device(), canvas, size, isSoftware);
          return [isSoftware ? pixels(canvas) : await canvas.read(), values];
        },
        [size, isSoftware],
      );
      expectPixels(found, expected(values, size));
    }
  });
}

test('draws single values as a strip, row by row', async ({ page }) => {
  const [found, values] = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(1, 1);
    const view = { left: 0, top: 0, width: 16, height: 5 };
    const order = [...values.keys()]; // 72 in rows of 16: the last is not full
    const strip = { order, scale: 1, columns: 16, gap: 0, view, width: 32, height: 10 };
    await drawn(await device(), canvas, strip, true, [72]);
    return [pixels(canvas), values];
  });
  const wanted = Array.from({ length: 320 }, (_, at) => {
    const unit = Math.floor(at / 64) * 16 + Math.floor((at % 32) / 2);
    return unit < values.length ? colour(values[unit]) : [0, 0, 0, 0];
  });
  expectPixels(found, wanted.flat());
});

test('a canvas stays with its context, and goes on with another device', async ({ page }) => {
  const [size, larger] = SIZES;
  const { plain, own, configured, values } = await page.evaluate(
    async ([size, larger]) => {
      const [first, second] = [await device(), await device()];
      const plain = new OffscreenCanvas(1, 1);
      await drawn(first, plain, size, true);
      await drawn(second, plain, size, false); // has a 2D context: no other
      const own = played();
      await drawn(first, own, larger, false);
      await drawn(first, own, size, false);
      await drawn(second, own, size, true); // of the GPU it stays
      const configured = own.configured.map(({ device }) => [first, second].indexOf(device));
      return { plain: pixels(plain), own: await own.read(), configured, values };
    },
    [size, larger],
  );
  expectPixels(plain, expected(values, size));
  expectPixels(own, expected(values, size));
  expect(configured).toEqual([0, 1]);
});
