// What the race trains with: datasets dropped, chosen, fetched, and the network
// that asks for large pictures.
import { zipSync } from 'fflate';
import { drop, EN, notices } from './support/classify.js';
import {
  chooseFolder,
  cifarArchive,
  lane,
  pictureFiles,
  pictureFolder,
  playButton,
  serveCifar,
} from './support/race.js';
import { expect, test } from './support/test.js';

test('datasets: an archive dropped, one that is out of reach, a class too few', async ({
  page,
}, testInfo) => {
  await page.goto('./?view=train&lang=en');
  await expect(playButton(page)).toBeEnabled();
  await drop(page, [await cifarArchive(30)]);
  await expect(page.getByText('30 to train with, 30 to validate, 10 classes')).toBeVisible();
  await expect(page).toHaveURL(/data=files/);

  await page.getByLabel('dataset').selectOption('cifar-10');
  await page.getByRole('button', { name: EN['race.data.fetch'] }).click();
  await expect(notices(page)).toContainText('huggingface.co');
  await expect(notices(page)).toContainText('cifar-10-binary.tar.gz');

  const folder = pictureFolder(testInfo.outputPath('one'), 2);
  await chooseFolder(page, `${folder}/dark`);
  await expect(notices(page).last()).toContainText('class');
  // What was there before is still there.
  await expect(page.getByText('30 to train with, 30 to validate, 10 classes')).toBeVisible();
});

test('what was asked for last counts, whatever is there first', async ({ page }) => {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route(/idx\d-ubyte.*\.gz$/, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto('./?view=train&lang=en');
  await expect(page.getByText('Reading the pictures')).toBeVisible();
  await drop(page, [await cifarArchive(30)]);
  const archive = page.getByText('30 to train with, 30 to validate, 10 classes');
  await expect(archive).toBeVisible();
  const came = ['images', 'labels'].map((name) =>
    page.waitForEvent('requestfinished', (request) => request.url().includes(`${name}.idx`)),
  );
  release();
  await Promise.all(came);
  await page.waitForTimeout(1000); // more than the digits take to be unpacked
  await expect(archive).toBeVisible();
});

test('a zip of pictures is a dataset, also under a folder of its own', async ({ page }) => {
  await page.goto('./?view=train&lang=en');
  await expect(playButton(page)).toBeEnabled();
  const files = Object.entries(pictureFiles(10)).map(([path, bytes]) => [`mine/${path}`, bytes]);
  const zip = Buffer.from(zipSync({ ...Object.fromEntries(files), 'mine/notes.txt': Buffer.from('mine') }));
  await drop(page, [{ name: 'mine.zip', mimeType: 'application/zip', buffer: zip }]);
  await expect(page.getByText('16 to train with, 4 to validate, 2 classes, 32 × 32 pixels')).toBeVisible();
  await expect(page.locator('race-stage li').filter({ hasText: 'light' })).toHaveCount(2);

  await drop(page, [{ name: 'mine.zip', mimeType: 'application/zip', buffer: zip.subarray(0, 999) }]);
  await expect(notices(page)).toHaveText([/zip/]); // told once
});

test('a folder of pictures is dropped, or the folders of its classes', async ({ page }, testInfo) => {
  // More in a folder than are told at a time.
  const folder = pictureFolder(testInfo.outputPath('pictures'), 120);
  const devtools = await page.context().newCDPSession(page);
  const dropPaths = async (files) => {
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) {
      await devtools.send('Input.dispatchDragEvent', { type, x: 500, y: 300, data });
    }
  };
  await page.goto('./?view=train&lang=en');
  await expect(playButton(page)).toBeEnabled();
  await dropPaths([folder]);
  await expect(page.getByText('192 to train with, 48 to validate, 2 classes, 32 × 32 pixels')).toBeVisible();
  await expect(page).toHaveURL(/data=pictures/);
  await expect(page.locator('race-stage li').filter({ hasText: 'dark' }).first()).toBeVisible();

  const few = pictureFolder(testInfo.outputPath('few'), 10);
  await dropPaths([`${few}/dark`, `${few}/light`]);
  await expect(page.getByText('16 to train with, 4 to validate, 2 classes')).toBeVisible();
});

test('CIFAR-10 comes from the web by ranges, as much as is asked for, and only once', async ({
  page,
}) => {
  let sent = 0;
  const host = await serveCifar(page, (bytes) => (sent += bytes));
  await page.goto('./?view=train&lang=en&data=cifar-10&images=25');
  await page.getByRole('button', { name: EN['race.data.fetch'] }).click();
  await expect(page.getByText('25 to train with, 5 to validate, 10 classes')).toBeVisible();
  // Neither the other columns' rows nor the rest of the file, which has 60.
  expect(sent).toBeGreaterThan(0);
  const pictures = page.locator('race-stage li');
  await expect(pictures).toHaveText(['airplane', 'bird', 'deer', 'automobile', 'cat']);
  const pixel = (canvas) => [...canvas.getContext('2d').getImageData(3, 7, 1, 1).data];
  expect(await pictures.nth(2).locator('canvas').evaluate(pixel)).toEqual([100, 4, 7, 255]);

  sent = 0;
  await page.reload();
  await page.getByRole('button', { name: EN['race.data.fetch'] }).click();
  await expect(page.getByText('25 to train with, 5 to validate, 10 classes')).toBeVisible();
  expect(sent).toBe(0);
  await host.close();
});

test('AlexNet itself says what it takes before it starts, and takes a step', async ({
  page,
}, testInfo) => {
  test.setTimeout(600_000);
  await page.goto('./?view=train&lang=en&network=alexnet&lines=relu&batch=2&optimizer=sgd&initializer=paper');
  await expect(notices(page)).toContainText('AlexNet is made for pictures of 227 × 227 pixels');
  await chooseFolder(page, pictureFolder(testInfo.outputPath('pictures'), 3));
  await expect(page.getByText('2 classes, 227 × 227 pixels')).toBeVisible();
  await expect(page.getByText(/This race takes 9\d\d MB of memory/)).toBeVisible();
  await page.getByRole('button', { name: EN['race.step'] }).click();
  // Two classes, and small first weights that guess.
  await page.getByRole('button', { name: 'loss' }).click();
  await expect(lane(page, 'ReLU').locator('.value strong')).toHaveText(/^0\.(6|7)/, {
    timeout: 480_000,
  });
});
