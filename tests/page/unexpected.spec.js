// What nobody foresaw is told to the visitor, wherever it happens: a panic of the
// WebAssembly module, after which its promises never settle, too.
import { answers, choose, EN, notices, samplePhoto, ZH } from './support/classify.js';
import { openSmall, playButton } from './support/race.js';
import { expect, test } from './support/test.js';

/** These errors are meant, and no failure of the test. */
function expectUncaught(uncaught, ...messages) {
  expect(uncaught.map(({ message }) => message)).toEqual(messages);
  uncaught.length = 0;
}

test.setTimeout(300_000);

const CRASHED = EN['error.crashed'].replace('{reason}', '');

/** The next work for the GPU ends as a panic does: what is thrown leaves the module's frames. */
async function panicAtSubmit(page) {
  const [worker] = page.workers();
  await worker.evaluate(() => {
    GPUQueue.prototype.submit = () => {
      throw new WebAssembly.RuntimeError('unreachable');
    };
  });
}

test('a panic while a photo is classified is told with the advice to reload, which helps', async ({
  page,
  uncaught,
}) => {
  await page.goto('./?lang=en&sample=panda&engine=gpu');
  await expect(answers(page).first()).toHaveText(/giant panda/);

  await panicAtSubmit(page);
  await page.getByRole('button', { name: 'Sample: An orange goldfish' }).click();
  await expect(notices(page)).toHaveCount(1); // once, though more than one call was under way
  await expect(notices(page)).toContainText(CRASHED);
  await expect(notices(page)).toContainText('RuntimeError');
  await expect(notices(page)).toContainText(EN['error.crashed.advice']);
  await expect(page.locator('answer-panel')).toContainText(CRASHED);

  // Nothing waits for an answer that will not come.
  await choose(page, [samplePhoto('coffee.png')]);
  await expect(page.locator('answer-panel')).toContainText(CRASHED);
  await page.getByRole('button', { name: '中文' }).click();
  await expect(notices(page)).toContainText(ZH['error.crashed.advice']);

  expectUncaught(uncaught, 'unreachable');

  await page.getByRole('button', { name: ZH['notice.reload'] }).click();
  await page.getByRole('button', { name: '示例：一条长尾的橙色金鱼' }).click();
  await expect(answers(page).first()).toHaveText(/金鱼/, { timeout: 180_000 });
  await expect(notices(page)).toHaveCount(0);
});

test('a panic in a race is told too', async ({ page, uncaught }, testInfo) => {
  await openSmall(page, testInfo, 'engine=gpu');
  await panicAtSubmit(page);
  await playButton(page).click();
  await expect(notices(page)).toContainText(CRASHED, { timeout: 240_000 }); // it compiles first
  expectUncaught(uncaught, 'unreachable');
});

test('a panic in what answers at once is told too', async ({ page }) => {
  await page.goto('./?lang=en&sample=panda');
  await expect(answers(page).first()).toHaveText(/giant panda/);
  const [worker] = page.workers();
  await worker.evaluate(() => {
    // The worker makes pixels of a photo before the module sees it.
    OffscreenCanvas.prototype.getContext = () => {
      throw new WebAssembly.RuntimeError('memory access out of bounds');
    };
  });
  await page.getByRole('button', { name: 'Sample: An orange goldfish' }).click();
  await expect(notices(page)).toContainText(CRASHED);
  await expect(notices(page)).toContainText('memory access out of bounds');
});

test('an error that no code expects is told, on the page and in the worker', async ({ page, uncaught }) => {
  await page.goto('./?lang=en&sample=panda');
  await expect(answers(page).first()).toHaveText(/giant panda/);
  const told = async (reason) => {
    await expect(notices(page)).toHaveCount(1);
    await expect(notices(page)).toContainText(EN['error.unexpected'].replace('{reason}', reason));
    await expect(notices(page)).toContainText(EN['error.unexpected.advice']);
  };

  await page.evaluate(() => void Promise.reject(new Error('a promise of the page')));
  await told('a promise of the page');
  await page.evaluate(() => setTimeout(() => { throw new Error('a timer of the page'); }));
  await told('a timer of the page');
  await page.workers()[0].evaluate(() => void Promise.reject(new Error('a promise of the worker')));
  await told('a promise of the worker');
  expectUncaught(uncaught, 'a promise of the page', 'a timer of the page', 'a promise of the worker');

  // The page goes on.
  await page.getByRole('button', { name: 'Sample: An orange goldfish' }).click();
  await expect(answers(page).first()).toHaveText(/goldfish/);
});
