// What is unpacked and decoded for a dataset has limits, told before memory ends.
import { expect, test } from './support/engine.js';

const outcome = (page, read) => page.evaluate(read).catch((error) => ({ error: error.message }));

test('a small archive that unpacks to more than can be meant is refused', async ({ page }) => {
  test.setTimeout(120_000);
  const told = await outcome(page, async () => {
    const zeros = new Uint8Array(1 << 20);
    let left = 600;
    const stream = new ReadableStream({
      pull(controller) {
        if ((left -= 1) < 0) controller.close();
        else controller.enqueue(zeros);
      },
    });
    const packed = await new Response(stream.pipeThrough(new CompressionStream('gzip'))).blob();
    const file = new File([packed], 'images-idx3-ubyte.gz');
    const failed = await reading([file]).catch((error) => ({ code: error.code, name: error.name, most: error.most }));
    return { bytes: packed.size, failed };
  });
  expect(told.bytes).toBeLessThan(1e6);
  expect(told.failed).toEqual({ code: 'unpacked-too-large', name: 'images-idx3-ubyte.gz', most: 500e6 });
});

test('more pictures than memory holds are refused before one is decoded', async ({ page }) => {
  const failed = await outcome(page, async () => {
    const { file } = await picture('one/0.png', 'navy');
    const entries = Array.from({ length: 25_000 }, (_, at) => ({ path: `${at % 2 ? 'one' : 'two'}/${at}.png`, file }));
    return reading(entries, { images: null, seed: 1, size: [227, 227] }).catch(({ code, count, height }) => ({ code, count, height }));
  });
  expect(failed).toEqual({ code: 'too-many-pictures', count: 25_000, height: 227 });
});
