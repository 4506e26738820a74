// The dataset that is chosen and the dataset that the lines train with are two; and what
// is kept of a race is looked at before it is taken.
import { EN, notices } from './support/classify.js';
import { epochOf, openSmall, pauseButton, playButton, lane, serveCifar } from './support/race.js';
import { expect, test } from './support/test.js';

const offer = (page) => page.getByRole('region', { name: EN['race.kept.label'] });

/** Changes what is kept of the race: `change` gets the entry of the race and of the line. */
const rewriteKept = (page, change) =>
  page.evaluate(`(${rewrite})((race, relu) => { ${change} })`);

async function rewrite(change) {
    const done = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('alexnet-live-race'));
    const entries = database.transaction('checkpoints', 'readwrite').objectStore('checkpoints');
    const [race, relu] = await Promise.all(['race', 'relu'].map((key) => done(entries.get(key))));
    globalThis.good ??= structuredClone({ race, relu });
    const kept = structuredClone(globalThis.good);
    change(kept.race, kept.relu);
    for (const key of ['race', 'relu']) await done(entries.put(kept[key], key));
    database.close();
}

test('fetching another dataset leaves the race its own, and what is kept is of the race', async ({ page }, testInfo) => {
  test.setTimeout(600_000);
  let release;
  const released = new Promise((resolve) => (release = resolve));
  const host = await serveCifar(page, () => {}, released);
  await openSmall(page, testInfo, 'images=25&epochs=100000');
  await playButton(page).click();
  await expect.poll(() => epochOf(page), { timeout: 360_000 }).toBeGreaterThan(1);
  const matrix = page.getByRole('region', { name: EN['race.confusion'] });
  await expect(matrix.getByRole('columnheader', { name: 'dark' })).toBeVisible();

  await page.getByLabel('dataset').selectOption('cifar-10');
  await page.getByRole('button', { name: EN['race.data.fetch'] }).click();
  await expect(page.getByText(/^Reading the pictures/)).toBeVisible();
  const now = await epochOf(page);
  await expect.poll(() => epochOf(page)).toBeGreaterThan(now + 1); // it draws on while it reads
  await expect(page.locator('.failed-part')).toHaveCount(0);
  release();
  await expect(page.getByText('25 to train with, 5 to validate, 10 classes')).toBeVisible();
  await expect(page.locator('race-stage li').first()).toContainText(/dark|light/);
  await expect(matrix.getByRole('columnheader', { name: 'dark' })).toBeVisible();

  await pauseButton(page).click();
  await expect(lane(page, 'ReLU')).toContainText(EN['race.lane.kept']);
  await expect(notices(page)).toHaveCount(0);
  await page.reload();
  await expect(offer(page)).toContainText('pictures');
  await expect(offer(page)).not.toContainText('CIFAR');
  await expect(page.locator('.failed-part')).toHaveCount(0);

  await test.step('what is no race of this version is discarded, and told', async () => {
    await rewriteKept(page, '');
    for (const change of [
      'delete race.version',
      'race.version = 99',
      'race.info = null',
      'race.info.classes = 7',
      'race.active = ["constructor"]',
      'race.settings = {}',
      'race.settings.normalisation = "toString"',
      'race.settings.rate = 1; race.settings.relu = NaN',
      'relu.curve.steps.loss = ["__proto__"]',
      'relu.checkpoint = null',
      'relu.checkpoint.file = "text"',
      'race.time = {}',
    ]) {
      await rewriteKept(page, change);
      // Another page of the same browser: this one holds what was good.
      const other = await page.context().newPage();
      await other.goto(page.url());
      await expect(notices(other), change).toContainText(EN['race.notice.kept-unreadable']);
      await expect(offer(other), change).toHaveCount(0);
      await expect(other.locator('.failed-part'), change).toHaveCount(0);
      await other.close();
    }
    await rewriteKept(page, '');
    await page.reload();
    await expect(offer(page)).toBeVisible();
  });
  await host.close();
});
