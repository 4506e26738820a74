// Pictures of folders: larger than the network's input, so that training can draw crops.
import { expect, test } from './support/engine.js';

test('pictures of folders keep a margin for crops, and their centre is shown', async ({ page }) => {
  const { info, shown, losses } = await page.evaluate(async () => {
    // A seventh larger than what the network takes; each pixel tells its column and row.
    const ramp = async (path) => {
      const canvas = new OffscreenCanvas(32, 32);
      const context = canvas.getContext('2d');
      const image = context.createImageData(32, 32);
      for (let at = 0; at < 32 * 32; at++) {
        image.data.set([8 * (at % 32), 8 * Math.floor(at / 32), 7, 255], 4 * at);
      }
      context.putImageData(image, 0, 0);
      const file = new File([await canvas.convertToBlob()], 'ramp.png', { type: 'image/png' });
      return { path, file };
    };
    const paths = ['a/1.png', 'a/2.png', 'b/1.png', 'b/2.png'];
    const files = await Promise.all(paths.map(ramp));
    const info = await reading(files, { size: [28, 28], validationShare: 0 });
    const { width, height, rgba } = await engine.picture(info.id, 'training', 0);
    const pixel = (x, y) => [...rgba.slice(4 * (28 * y + x), 4 * (28 * y + x) + 4)];
    const shown = { width, height, bytes: rgba.length, pixels: [pixel(0, 0), pixel(27, 5)] };

    const settings = { ...(await engine.trainingSettings('four-layer', 'relu')), batch: 4 };
    const losses = [];
    for (const padding of [0, 0, 2]) {
      const augmentation = { ...settings.augmentation, padding };
      const { id } = await open({ ...settings, augmentation }, info.id);
      losses.push((await engine.stepTraining(id)).steps[0].loss);
    }
    return { info, shown, losses };
  });
  expect(info).toMatchObject({ shape: [28, 28, 3], training: 4, validation: 0 });
  expect(shown).toEqual({
    ...{ width: 28, height: 28, bytes: 28 * 28 * 4 },
    pixels: [
      [16, 16, 7, 255],
      [232, 56, 7, 255],
    ],
  });
  // The same weights and pictures, of which the last run saw other parts.
  expect(losses[1]).toBe(losses[0]);
  expect(Math.abs(losses[2] / losses[0] - 1)).toBeGreaterThan(1e-4);
});
