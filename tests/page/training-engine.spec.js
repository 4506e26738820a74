// Training in the page's worker.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { FIELDS, lineSettings } from '../../www/race/settings.js';
import { expect, test } from './support/engine.js';

test.setTimeout(1_200_000);

test('learns eight pictures by heart', async ({ page }) => {
  const last = await page.evaluate(async () => {
    const classes = ['red', 'green', 'blue', 'yellow'];
    const files = classes.flatMap((colour) =>
      [1, 2].map((i) => picture(`own/${colour}/${i}.png`, colour)),
    );
    const data = await reading(await Promise.all(files), { size: [12, 12], validationShare: 0 });
    if (data.training !== 8 || data.validation !== 0) throw new Error(JSON.stringify(data));
    const settings = await engine.trainingSettings('cifar-80sec', 'relu');
    const { id } = await open({ ...settings, batch: 8 }, data.id);
    for (let i = 0; i < 20; i += 1) {
      const { epochs } = await follow(id, 10);
      const { training } = epochs.at(-1);
      if (training.error === 0 && training.loss < 0.05) return training;
    }
    return (await engine.stepTraining(id)).epochs.at(-1).training;
  });
  expect(last.error).toBe(0);
  expect(last.loss).toBeLessThan(0.05);
});

for (const activation of ['relu', 'tanh', 'sigmoid']) {
  test(`trains the digits with ${activation}`, async ({ page }) => {
    const { info, told, state } = await page.evaluate(async (activation) => {
      const info = await engine.digits();
      const settings = await engine.trainingSettings('cifar-80sec', activation);
      const { id } = await open({ ...settings, batch: 8 }, info.id);
      const told = await follow(id, 12);
      return { info, told, state: told.state };
    }, activation);
    expect([info.training, info.validation, info.shape]).toEqual([4000, 1000, [28, 28, 1]]);
    const losses = told.steps.map(({ loss }) => loss);
    expect(told.steps.map(({ step }) => step)).toEqual(losses.map((_, step) => step));
    // Guessing among ten classes; sigmoid may stay there for long.
    expect(losses[0]).toBeGreaterThan(Math.log(10) - 1);
    if (activation !== 'sigmoid') expect(Math.min(...losses.slice(-3))).toBeLessThan(losses[0]);
    expect(state.stepsPerEpoch).toBe(500);
    expect(state.imagesPerSecond).toBeGreaterThan(0);
  });
}

test('runs take turns, and calls of the page get in between', async ({ page }) => {
  const { first, second, seen } = await page.evaluate(async () => {
    const { id: data } = await engine.digits();
    const settings = await engine.trainingSettings('cifar-80sec', 'relu');
    const runs = [];
    for (const activation of ['relu', 'tanh']) {
      runs.push((await open({ ...settings, activation, batch: 8 }, data)).id);
    }
    // So many that each takes several turns.
    const both = Promise.all(runs.map((id) => follow(id, 60)));
    const seen = await engine.picture(data, 'validation', 3);
    const [first, second] = await both;
    return { first, second, seen };
  });
  expect(seen.rgba.length ?? Object.keys(seen.rgba).length).toBe(28 * 28 * 4);
  // Neither waits for the other to end.
  expect(first.since).toBeLessThan(second.until);
  expect(second.since).toBeLessThan(first.until);
});

test('a resumed run gives the losses of the uninterrupted one', async ({ page }) => {
  const { whole, resumed, read, refused } = await page.evaluate(async () => {
    const { id: data } = await engine.digits();
    const settings = {
      ...(await engine.trainingSettings('alexnet-small', 'relu')),
      batch: 8,
      dropout: 0.5,
      augmentation: { padding: 2, mirror: true, colour: 0.1 },
    };
    const steps = async (id, count) => {
      const losses = [];
      for (let i = 0; i < count; i += 1) {
        losses.push(...(await engine.stepTraining(id)).steps.map(({ loss }) => loss));
      }
      return losses;
    };
    const { id: first } = await open(settings, data);
    const before = await steps(first, 2);
    const { file } = await engine.checkpoint(first);
    const whole = await steps(first, 3);
    const second = await open(null, data, file); // while its kernels are still there
    await engine.closeTraining(first);
    const read = await engine.readCheckpoint(file);
    const own = ['red', 'blue'].flatMap((colour) =>
      [1, 2].map((i) => picture(`own/${colour}/${i}.png`, colour)),
    );
    const other = await reading(await Promise.all(own), { size: [28, 28], validationShare: 0 });
    const refused = await open(null, other.id, file).catch((error) => error);
    return { before, whole, resumed: await steps(second.id, 3), read, refused };
  });
  const told = { name: 'mnist-5k', expected: 4000, open: 'own', found: 4 };
  expect(refused).toEqual({ code: 'other-dataset', ...told });
  expect([read.name, read.training]).toEqual(['mnist-5k', 4000]);
  expect(read.state.step).toBe(2);
  expect(read.settings.dropout).toBe(0.5);
  expect(resumed).toEqual(whole);
});

test('what says that it takes effect while a run goes on does, and nothing else', async ({ page }) => {
  const other = {
    ...{ network: 'cifar-80sec', batch: 16, optimizer: 'nesterov', relu: 0.002, momentum: 0.5 },
    ...{ decay: 0.001, dropout: 0.25, schedule: 'plateau', initializer: 'paper', pooling: 'plain' },
    ...{ normalisation: false, crop: 2, mirror: true, colour: 0.1, seed: 2 },
  };
  const first = Object.fromEntries(Object.entries(FIELDS).map(([key, { value }]) => [key, value]));
  const settings = async (key) => {
    const race = { ...first, [key]: other[key] };
    const defaults = (network) => engine.trainingSettings(network, 'relu');
    return lineSettings(await page.evaluate(defaults, race.network), race);
  };
  const changes = [];
  for (const key of Object.keys(other)) changes.push([key, await settings(key)]);
  const { live, refused, state } = await page.evaluate(
    async ([before, changes]) => {
      const { id: data } = await engine.digits();
      const { id } = await open(before, data);
      const played = follow(id, 2);
      const live = [];
      const refused = {};
      for (const [key, settings] of changes) {
        try {
          await engine.changeTraining(id, settings);
          live.push(key);
          await engine.changeTraining(id, before);
        } catch (error) {
          refused[key] = error.code;
        }
      }
      const { state } = await played;
      return { live, refused, state };
    },
    [await settings('epochs'), changes],
  );
  expect(live).toEqual(Object.keys(other).filter((key) => FIELDS[key].live));
  expect(live).toContain('crop');
  for (const code of Object.values(refused)) expect(code).toBe('needs-restart');
  expect(state.stepsPerEpoch).toBe(500);
});

test('the curve is that of the native twin', async ({ page }) => {
  const { settings, losses } = JSON.parse(
    readFileSync(new URL('../golden/curve.json', import.meta.url), 'utf8'),
  );
  const found = await page.evaluate(
    async ([settings, count]) => {
      const { id: data } = await engine.digits();
      const { id } = await open(settings, data);
      const losses = [];
      while (losses.length < count) losses.push((await engine.stepTraining(id)).steps[0].loss);
      return losses;
    },
    [settings, losses.length],
  );
  expect(losses.length).toBeGreaterThan(5);
  for (const [step, loss] of losses.entries()) {
    expect(Math.abs(found[step] / loss - 1), `step ${step}`).toBeLessThan(1e-3);
  }
});

test('a run that diverges says so, and goes on from its last good weights', async ({ page }) => {
  const { told, after, stopped } = await page.evaluate(async () => {
    const { id: data } = await engine.digits();
    const settings = { ...(await engine.trainingSettings('cifar-80sec', 'relu')), batch: 8 };
    const { id } = await open({ ...settings, rate: 1e6 }, data);
    const told = await follow(id, 100);
    const { file } = await engine.checkpoint(id);
    const stopped = (await engine.readCheckpoint(file)).state.step;
    await engine.changeTraining(id, { ...settings, rate: 1e-4 });
    return { told, after: await follow(id, 2), stopped };
  });
  expect(told.error.code).toBe('diverged');
  expect(told.error.activation).toBe('relu');
  expect(stopped).toBe(told.error.step);
  expect(after.error).toBeUndefined();
  expect(after.steps.every(({ loss }) => Number.isFinite(loss))).toBe(true);
});

test('shows what goes on inside', async ({ page }) => {
  const { insight, answers, confusion } = await page.evaluate(async () => {
    const { id: data } = await engine.digits();
    const settings = { ...(await engine.trainingSettings('cifar-80sec', 'tanh')), batch: 8 };
    const { id } = await open(settings, data);
    await engine.stepTraining(id);
    return {
      insight: await engine.insight(id),
      answers: await engine.predictions(id, [0, 999]),
      confusion: await engine.confusion(id),
    };
  });
  expect(insight.layers.map(({ name }) => name)).toEqual(['conv1', 'conv2', 'conv3', 'fc64', 'fc10']);
  for (const { gradientNorm, weightNorm, saturated, dead, name } of insight.layers) {
    expect(gradientNorm).toBeGreaterThan(0);
    expect(weightNorm).toBeGreaterThan(0);
    expect(dead).toBeNull();
    if (name !== 'fc10') expect(saturated).toBeLessThan(0.9);
  }
  expect(insight.filters).toMatchObject({ width: 5, height: 5, count: 32 });
  for (const { probabilities } of answers) {
    expect(probabilities.reduce((sum, p) => sum + p)).toBeCloseTo(1, 5);
  }
  expect(confusion).toBeNull();
});

test('finds a rate', async ({ page }) => {
  const { found, heard } = await page.evaluate(async () => {
    const { id: data } = await engine.digits();
    const settings = { ...(await engine.trainingSettings('cifar-80sec', 'relu')), batch: 8 };
    const heard = [];
    const told = proxy((rate, losses) => heard.push([rate, losses.length]));
    const found = await engine.findRate(settings, data, [1e-6, 0.01, 1e6], 8, told);
    return { found, heard };
  });
  expect(found.rate).toBeCloseTo(0.01);
  expect(found.trials.map(({ diverged }) => diverged)).toEqual([false, false, true]);
  expect(heard.length).toBeGreaterThan(16);
});

/** A batch of CIFAR-10 in its binary layout: picture i is of class i % 10, all bytes i. */
const batch = (count, first) =>
  Buffer.concat(
    Array.from({ length: count }, (_, i) =>
      Buffer.concat([Buffer.from([(first + i) % 10]), Buffer.alloc(3072, first + i)]),
    ),
  );

test('reads cifar-10-binary.tar.gz', async ({ page }) => {
  const folder = 'cifar-10-batches-bin/';
  const entry = (name, body) => ({
    header: { name: folder + name, size: body.length, type: 'file' },
    body,
  });
  const tar = await packTar([
    { header: { name: folder, type: 'directory', size: 0 } },
    entry('data_batch_2.bin', batch(20, 20)),
    entry('batches.meta.txt', Buffer.from('airplane\n')),
    entry('test_batch.bin', batch(5, 100)),
    entry('data_batch_1.bin', batch(20, 0)),
  ]);
  const archive = [...gzipSync(tar)];
  const { info, last, cut } = await page.evaluate(async (archive) => {
    const file = (bytes) => new File([new Uint8Array(bytes)], 'cifar-10-binary.tar.gz');
    const info = await reading([file(archive)], { images: 30 });
    const last = await engine.picture(info.id, 'training', 29);
    const cut = await reading([file(archive.slice(0, 200))]).catch((error) => error.code);
    return { info, last: [last.label, last.rgba[0], last.rgba[3]], cut };
  }, archive);
  expect(info).toMatchObject({ name: 'cifar-10', training: 30, validation: 5, shape: [32, 32, 3] });
  expect(last).toEqual([9, 29, 255]);
  expect(cut).toBe('malformed');
});

test('reading ends when its page does not want it any more, and nothing else does', async ({ page }) => {
  const { unwanted, wanted } = await page.evaluate(async () => {
    const files = await Promise.all(
      Array.from({ length: 100 }, (_, at) => picture(`two/${at % 2 ? 'red' : 'blue'}/${at}.png`, 'red')),
    );
    const read = (answer) => engine.readDataset(files, {}, proxy(() => answer));
    const [unwanted, wanted] = await Promise.allSettled([read(false), read(undefined)]);
    return { unwanted: unwanted.reason, wanted: wanted.value };
  });
  expect(unwanted).toEqual({ code: 'stopped' });
  expect(wanted).toMatchObject({ training: 80, validation: 20 });
});

test('reads a folder of pictures, and tells what is wrong with it', async ({ page }) => {
  const { info, twice, alone } = await page.evaluate(async () => {
    const files = await Promise.all([
      ...Array.from({ length: 5 }, (_, i) => picture(`pets/cat/${i}.png`, 'red')),
      ...Array.from({ length: 5 }, (_, i) => picture(`pets/dog/${i}.jpg`, 'blue', 'image/jpeg')),
      picture('pets/axolotl/1.png', 'pink'),
    ]);
    const broken = new File(['no picture'], 'broken.png', { type: 'image/png' });
    const text = new File(['about'], 'readme.txt', { type: 'text/plain' });
    const all = [...files, { path: 'pets/dog/broken.png', file: broken }, { path: 'pets/readme.txt', file: text }];
    const info = await reading(all, { size: [16, 16], validationShare: 0.4, seed: 3 });
    const code = (files) => reading(files).catch((error) => error.code);
    const twice = await code([...files, await picture('pets/Cat/9.png', 'red')]);
    const alone = await code(files.slice(0, 5));
    return { info, twice, alone };
  });
  expect(info).toMatchObject({
    name: 'pets',
    classes: ['axolotl', 'cat', 'dog'],
    shape: [16, 16, 3],
    training: 7,
    validation: 4,
  });
  expect(info.notes).toEqual([
    { code: 'broken-picture', name: 'pets/dog/broken.png', reason: expect.any(String) },
    { code: 'single-picture', class: 'axolotl' },
  ]);
  expect([twice, alone]).toEqual(['duplicate-class', 'too-few-classes']);
});
