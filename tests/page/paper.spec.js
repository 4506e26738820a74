// The view of the paper: what each step lets a person try comes out right.
import { readFileSync } from 'node:fs';
import { principalColours, shift } from '../../www/paper/colour-noise.js';
import { descend, PAPER } from '../../www/paper/descent.js';
import { outputSize } from '../../www/paper/output-size.js';
import { expectAccessible } from './support/accessible.js';
import { EN, ZH, notices } from './support/classify.js';
import { openStep } from './support/paper.js';
import { expect, test, testOnOnePage } from './support/test.js';

const GOLDEN = JSON.parse(readFileSync(new URL('../golden/page_paper.json', import.meta.url), 'utf8'));

const open = (page, step, language = 'en') => page.goto(`./?view=paper&step=${step}&lang=${language}`);
const steps = (page) => page.getByRole('navigation', { name: EN['paper.steps'] }).getByRole('button');

test('the steps are gone through by buttons, and each has its address', async ({ page }) => {
  await page.goto('./?lang=en');
  await page.getByRole('button', { name: EN['app.view.paper'] }).click();
  await expect(steps(page).first()).toBeVisible();
  const count = await steps(page).count();
  expect(count).toBeGreaterThanOrEqual(5);
  for (let index = 0; index < count; index++) {
    const step = steps(page).nth(index);
    await expect(step).toHaveAttribute('aria-current', 'step');
    const title = await page.getByRole('heading', { level: 2 }).textContent();
    await expectAccessible(page, title);
    if (index + 1 < count) await page.getByRole('button', { name: /→$/ }).click();
  }
  const last = await page.getByRole('heading', { level: 2 }).textContent();
  expect(new URL(page.url()).searchParams.get('step')).toBe('ensemble');
  await page.reload();
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(last);
  await page.goto('./?view=paper&step=no-such-step&lang=en');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(EN['paper.activation']);
});

test('arrow keys go through the steps, and links lead to them', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const title = page.getByRole('heading', { level: 2 });
  await open(page, 'activation');
  await expect(title).toHaveText(EN['paper.activation']);
  await page.keyboard.press('ArrowLeft'); // there is none before
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(title).toHaveText(EN['paper.normalisation']);
  await expect(page.getByText('Step 3 of 10')).toBeVisible();
  await page.getByRole('slider', { name: 'β' }).press('ArrowLeft'); // is the slider's own
  await expect(title).toHaveText(EN['paper.normalisation']);

  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  const set = (address) => JSON.parse(new URL(address).searchParams.get('set'));
  await expect.poll(() => set(page.url())?.constants.beta).toBe(0.7);
  await page.getByRole('button', { name: EN['paper.link.whole'], exact: true }).click();
  await expect(page.getByRole('button', { name: EN['paper.link.copied'] })).toBeVisible();
  expect(Object.fromEntries(new URL(await copied()).searchParams)).toMatchObject({
    view: 'paper',
    step: 'normalisation',
    lang: 'en',
  });
  expect(set(await copied()).constants.beta).toBe(0.7);
  await page.getByRole('button', { name: EN['paper.link.step'] }).click();
  await expect.poll(copied).toContain('only=step');

  await test.step('a class sees the step alone, and comes back by Escape', async () => {
    await page.goto(await copied());
    await expect(title).toHaveText(EN['paper.normalisation']);
    await expect(page.getByRole('banner')).toHaveCount(0);
    await expect(page.getByRole('contentinfo')).toHaveCount(0);
    await expect(page.getByRole('navigation')).toHaveCount(0);
    await page.keyboard.press('ArrowRight');
    await expect(title).toHaveText(EN['paper.normalisation']);
    await expectAccessible(page);
    await expect(page.getByRole('slider', { name: 'β' })).toHaveValue('0.7');
    await page.getByRole('slider', { name: 'β' }).fill('0'); // stays as it was set
    await page.keyboard.press('Escape');
    await expect(page.getByRole('navigation', { name: EN['paper.steps'] })).toBeVisible();
    await expect(page.getByRole('slider', { name: 'β' })).toHaveValue('0');
    expect(new URL(page.url()).searchParams.has('only')).toBe(false);
  });
});

test('a teacher’s link shows what was set, without what changes it', async ({ page }) => {
  const set = JSON.stringify({ networks: 3, error: 0.4, correlation: 2 }); // no correlation is 2
  await page.goto(`./?view=paper&step=ensemble&only=figure&lang=en&set=${encodeURIComponent(set)}`);
  await expect(page.getByRole('status').filter({ hasText: '3 together err in' })).toBeVisible();
  await expect(page.getByRole('slider')).toHaveCount(0);
  await expect(notices(page)).toContainText('set=correlation: 2');
  await expect(page.getByRole('main').getByRole('button')).toHaveText([EN['paper.whole']]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('slider', { name: EN['paper.ensemble.networks'] })).toHaveValue('3');
  await expect(page.getByRole('slider', { name: EN['paper.ensemble.correlation'] })).toHaveValue('0.75');
  await page.getByRole('button', { name: EN['paper.recipe.short'] }).first().click();
  await expect.poll(() => new URL(page.url()).searchParams.has('set')).toBe(false);
});

test('a link that the browser does not let the page copy is shown', async ({ page }) => {
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('refused', 'NotAllowedError'));
  });
  await open(page, 'pooling', 'zh');
  await page.getByRole('button', { name: ZH['paper.link.step'] }).click();
  const link = page.getByRole('textbox', { name: ZH['paper.link.by-hand'] });
  await expect(link).toBeFocused();
  await expect(link).toHaveValue(/only=step/);
});

test('nothing is cut off on a telephone, in Chinese, in the dark', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(page, 'activation', 'zh');
  for (const step of await page.getByRole('navigation', { name: ZH['paper.steps'] }).getByRole('button').all()) {
    await step.click();
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(beyond, await step.textContent()).toBeLessThanOrEqual(0);
  }
});

testOnOnePage('the slopes of the activations, and what they leave of a gradient', async ({ page }) => {
  await openStep(page, 'activation');
  const row = (name) => page.getByRole('row', { name: new RegExp(`^${name}`) });
  await page.getByRole('slider', { name: EN['paper.activation.x'] }).fill('0');
  await expect(row('sigmoid')).toContainText('0.500');
  await expect(row('sigmoid')).toContainText('0.250');
  await expect(row('sigmoid')).toContainText('1.5 × 10⁻⁵'); // 0.25⁸
  await expect(row('tanh')).toContainText('1.000');
  await page.getByRole('slider', { name: EN['paper.activation.x'] }).fill('-3');
  await expect(row('ReLU')).toContainText('0.000');
});

testOnOnePage('the output size, as the sources have it and as anyone sets it', async ({ page }) => {
  // The sizes of ONNX's and of the sources' own layers.
  expect(outputSize({ input: 55, kernel: 3, stride: 2, padding: 0, rounding: 'floor' }).size).toBe(27);
  await openStep(page, 'output-size');
  const result = page.getByRole('status').filter({ has: page.locator('b') });
  for (const [name, size] of Object.entries({ paper: 54, code: 55, caffe: 55, torchvision: 55, pool1: 27, conv2: 27 })) {
    await page.getByRole('button', { name: EN[`paper.output-size.example.${name}`], exact: true }).click();
    await expect(result.locator('b')).toHaveText(String(size));
  }
  await page.getByRole('spinbutton', { name: EN['paper.output-size.input'] }).fill('4');
  await page.getByRole('spinbutton', { name: EN['paper.output-size.padding'] }).fill('0');
  await expect(page.getByText('No window fits: the kernel (5)')).toBeVisible();
  const kernel = page.getByRole('spinbutton', { name: EN['paper.output-size.kernel'] });
  await kernel.fill('-3');
  await expect(page.getByText('“-3” cannot be. Take a whole number from 1 to 15; it stays 5')).toBeVisible();
  await kernel.blur();
  await expect(kernel).toHaveValue('5');
});

testOnOnePage('where the parameters are, as the paper counts them', async ({ page }) => {
  await openStep(page, 'parameters');
  const row = (name) => page.getByRole('row', { name: new RegExp(`^${name} `) });
  await expect(row('conv1')).toContainText('11 × 11 × 3 × 96 + 96');
  for (const [name, parameters] of Object.entries({
    conv1: '34,944',
    conv2: '307,456',
    conv3: '885,120',
    conv4: '663,936',
    conv5: '442,624',
    fc6: '37,752,832',
    fc7: '16,781,312',
    fc8: '4,097,000',
    all: '60,965,224',
  })) {
    await expect(row(name)).toContainText(parameters);
  }
  await expect(page.getByText('96% of the parameters and 8% of the work')).toBeVisible();
  await page.getByRole('combobox', { name: EN['paper.parameters.network'] }).selectOption({ label: 'SqueezeNet 1.1' });
  await expect(page.getByText('SqueezeNet 1.1 has no fully connected layer.')).toBeVisible();
});

testOnOnePage('crops of a photo, mirrored and shifted in colour', async ({ page }) => {
  const { colours, values, vectors } = GOLDEN;
  const found = principalColours(Uint8ClampedArray.from(colours.flatMap((colour) => [...colour, 255])));
  found.values.forEach((value, k) => {
    expect(value).toBeCloseTo(values[k], 10);
    const along = found.vectors[k].reduce((sum, part, c) => sum + part * vectors[k][c], 0);
    expect(Math.abs(along)).toBeCloseTo(1, 8); // either way round
  });
  const added = shift(found, [1, 0, 0]);
  expect(Math.hypot(...added)).toBeCloseTo(255 * Math.sqrt(values[0]), 6);

  await openStep(page, 'augmentation');
  const number = page.getByText(/picture [\d,]+ of 2,048/);
  await expect(number).toContainText('529');
  await page.getByRole('slider', { name: EN['paper.augmentation.left'] }).fill('0');
  await page.getByRole('slider', { name: EN['paper.augmentation.top'] }).fill('0');
  await expect(number).toContainText('picture 1 of');
  const sheet = page.getByRole('application', { name: EN['paper.augmentation.sheet'] });
  await sheet.focus();
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  await expect(number).toContainText('picture 35 of');
  const { width } = await sheet.boundingBox();
  await sheet.click({ position: { x: width - 3, y: 3 } });
  await expect(page.getByRole('checkbox', { name: EN['paper.augmentation.mirror'] })).toBeChecked();
  await expect(number).toContainText('picture 1,056 of');

  const crop = page.getByRole('img', { name: EN['paper.augmentation.crop'] });
  const mean = () => crop.evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((sum, value) => sum + value, 0) / data.length;
  });
  const before = await mean();
  await page.getByRole('slider', { name: 'component 1' }).fill('0.5');
  await expect.poll(async () => Math.abs((await mean()) - before)).toBeGreaterThan(5);
});

testOnOnePage('momentum on its way through the valley', async ({ page }) => {
  const path = descend(PAPER);
  GOLDEN.descent.forEach(([x, y], step) => {
    expect(path[step][0]).toBeCloseTo(x, 9);
    expect(path[step][1]).toBeCloseTo(y, 9);
  });
  await openStep(page, 'recipe');
  await expect(page.getByText('with momentum: there after 119 steps')).toBeVisible();
  await expect(page.getByText('without: still underway after 200 steps')).toBeVisible();
  await page.getByRole('slider', { name: EN['paper.recipe.rate'] }).fill('-0.5');
  await expect(page.getByText(/without: lost after/)).toBeVisible();
  await page.getByRole('button', { name: EN['paper.recipe.paper'] }).click();
  await expect(page.getByText('with momentum: there after 119 steps')).toBeVisible();
});
