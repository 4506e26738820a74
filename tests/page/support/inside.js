// The page's worker with SqueezeNet loaded and a picture just classified.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test as base } from './engine.js';

export { expect } from './engine.js';

const assets = fileURLToPath(new URL('../../../dist/assets', import.meta.url));

export const test = base.extend({
  looking: [
    async ({ opened }, use) => {
      await openNetwork(opened);
      await use(opened);
    },
    { scope: 'worker' },
  ],

  page: async ({ looking }, use) => {
    await looking.evaluate(() => classify('crimson'));
    await use(looking);
  },
});

async function openNetwork(page) {
  const asset = (name) => `./assets/${readdirSync(assets).find((file) => name.test(file))}`;
  const addresses = { weights: asset(/\.safetensors$/), chelsea: asset(/^chelsea/) };
  await page.evaluate(async (addresses) => {
    const { transfer, proxy } = await import(`${location.origin}/comlink.js`);
    /** Loads the network that comes with the page. */
    const loadNetwork = async () => {
      const file = await (await fetch(addresses.weights)).blob();
      await engine.load(null, file, undefined, proxy(() => {}));
    };
    /** A photo-sized picture, to hand over: a gradient with a disc of a colour. */
    const transferred = (colour) => {
      const canvas = new OffscreenCanvas(300, 260);
      const context = canvas.getContext('2d');
      const gradient = context.createLinearGradient(0, 0, 300, 260);
      gradient.addColorStop(0, 'navy');
      gradient.addColorStop(1, 'wheat');
      context.fillStyle = gradient;
      context.fillRect(0, 0, 300, 260);
      context.fillStyle = colour;
      context.arc(150, 120, 70, 0, 7);
      context.fill();
      const bitmap = canvas.transferToImageBitmap();
      return transfer(bitmap, [bitmap]);
    };
    const classify = (colour) => engine.classify(transferred(colour));
    const classifySample = async (name) => {
      const file = await (await fetch(addresses[name])).blob();
      const bitmap = await createImageBitmap(file);
      return engine.classify(transfer(bitmap, [bitmap]));
    };
    // What the engine throws is data: a test shows it as an error.
    const worker = engine;
    const shown = (error) => Promise.reject(Object.assign(new Error(JSON.stringify(error)), error));
    globalThis.engine = new Proxy(worker, {
      get: (_, name) => (...rest) => worker[name](...rest).catch(shown),
    });
    /** Goes on with another device, the same network and a picture. */
    const openOn = async (kind) => {
      await engine.open({ engine: kind });
      await loadNetwork();
      await classify('crimson');
    };
    Object.assign(globalThis, { openOn, transfer, transferred, loadNetwork, classify, classifySample });
    await loadNetwork();
  }, addresses);
}
