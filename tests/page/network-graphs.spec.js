// Networks of any graph: outlined and wired in linear time, without an exception.
import { expect, test } from '@playwright/test';
import { randomFrom } from '../../www/paper/random.js';
import { towersOf } from '../../www/inside/towers.js';
import { outline } from '../../www/network-outline.js';
import { branchesOf, wiringOf } from '../../www/network-wiring.js';

const KINDS = [
  ...['conv2d', 'linear', 'relu', 'sigmoid', 'tanh', 'local_response_norm', 'dropout', 'batch_norm'],
  ...['max_pool2d', 'avg_pool2d', 'flatten', 'concat', 'add', 'softmax', 'nothing_known', 'constructor'],
];

/** A layer that counts how often anyone looks at what it reads: the measure of a walk. */
function layer(name, kind, inputs, looks, { groups = 1, flat = false } = {}) {
  const isWeighted = ['conv2d', 'linear'].includes(kind);
  return {
    name,
    kind,
    get inputs() {
      looks.count += 1;
      return inputs;
    },
    shape: flat ? [8] : [4, 4, 8],
    ...(kind === 'conv2d' && { groups, kernel: [3, 3] }),
    parameters: isWeighted ? 9 : 0,
    multiplyAdds: isWeighted ? 9 : 0,
  };
}

/** All that the page works out of a network. */
function workOut(layers) {
  const stages = outline(layers);
  const wirings = stages.map((_, index) => wiringOf(stages, index));
  const branches = stages.map(branchesOf);
  const towers = layers.map((one) => towersOf(layers, one));
  return { stages, wirings, branches, towers };
}

/** What holds of any network. */
function expectWhole(layers, looks, what) {
  looks.count = 0;
  const { stages, wirings, branches, towers } = workOut(layers);
  const inStages = stages.flatMap((stage) => stage.layers);
  expect(inStages, what).toEqual(layers.filter(({ kind }) => kind !== 'input'));
  expect(new Set(stages.map(({ name }) => name)).size, what).toBe(stages.length);
  for (const { shape, layers: members, parameters } of stages) {
    expect(Array.isArray(shape) && members.length > 0 && parameters >= 0, what).toBe(true);
  }
  expect(wirings.every((wiring) => ['line', 'fork', 'own', 'cross', 'meet'].includes(wiring)), what).toBe(true);
  expect(towers.every((count) => count === 1 || count === 2), what).toBe(true);
  for (const found of branches.filter(Boolean)) {
    for (const { length, last } of found.branches) expect(last.length, what).toBe(Math.min(length, 2));
  }
  // The comparisons above look, too: each once.
  const looked = looks.count;
  expect(looked, `${what}: linear`).toBeLessThanOrEqual(12 * layers.length);
  workOut(layers);
  expect(looks.count, `${what}: once`).toBe(looked);
}

/** A graph in the order of computation. */
function generated(random, size, looks) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const layers = [layer('x', 'input', [], looks)];
  const names = ['x'];
  const isNamed = random() < 0.5;
  for (let at = 1; at <= size; at += 1) {
    const kind = pick(KINDS);
    const joins = kind === 'concat' || kind === 'add';
    const count = joins ? 1 + Math.floor(random() * 5) : random() < 0.05 ? 0 : 1;
    // Near ones for the most part, as in networks; sometimes any, or the same twice.
    const near = () => (random() < 0.8 ? names.slice(-4) : names);
    const inputs = Array.from({ length: count }, () => pick(near()));
    if (random() < 0.02) inputs.push('nowhere');
    const block = Math.floor(at / 7);
    const name = isNamed ? pick([`features.${block}.l${at}`, `m${block}/l${at}`, `conv${at}`]) : `l${at}`;
    layers.push(layer(name, kind, inputs, looks, { groups: pick([1, 2, 4]), flat: random() < 0.2 }));
    names.push(name);
  }
  return layers;
}

test('generated graphs are outlined and wired whole', () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const random = randomFrom(seed);
    const looks = { count: 0 };
    const size = Math.floor(random() ** 3 * 120);
    expectWhole(generated(random, size, looks), looks, `seed ${seed}`);
  }
});

test('a large graph is as any other', () => {
  const looks = { count: 0 };
  expectWhole(generated(randomFrom(5000), 5000, looks), looks, '5,000 layers');
});

for (const blocks of [1, 24, 32, 200]) {
  test(`a dense block of ${blocks} layers, each of which reads all before`, () => {
    const looks = { count: 0 };
    const layers = [layer('x', 'input', [], looks), layer('first', 'conv2d', ['x'], looks)];
    const made = ['first'];
    for (let at = 0; at < blocks; at += 1) {
      layers.push(layer(`join${at}`, 'concat', [...made], looks));
      layers.push(layer(`conv${at}`, 'conv2d', [`join${at}`], looks));
      made.push(`conv${at}`);
    }
    layers.push(layer('last', 'concat', made, looks));
    expectWhole(layers, looks, `${blocks} dense layers`);
    const { branches } = branchesOf(outline(layers)[0]);
    expect(branches.map(({ length }) => length)).toEqual(Array.from(made, (_, at) => at));
  });
}

test('a join of a thousand branches', () => {
  const looks = { count: 0 };
  const ways = Array.from({ length: 1000 }, (_, at) => layer(`way${at}`, 'conv2d', ['x'], looks));
  const layers = [layer('x', 'input', [], looks), ...ways, layer('sum', 'add', ways.map(({ name }) => name), looks)];
  expectWhole(layers, looks, 'a thousand branches');
});

test('a network that begins with flatten has its layers in the first stage', () => {
  const looks = { count: 0 };
  const layers = [
    layer('x', 'input', [], looks),
    layer('flat', 'flatten', ['x'], looks, { flat: true }),
    layer('one', 'linear', ['flat'], looks, { flat: true }),
    layer('active', 'relu', ['one'], looks, { flat: true }),
    layer('two', 'linear', ['active'], looks, { flat: true }),
  ];
  expectWhole(layers, looks, 'flatten first');
  const named = outline(layers).map(({ name, layers: members }) => [name, members.length]);
  expect(named).toEqual([['fc1', 3], ['fc2', 1]]);
});

test('one layer, whatever it is, is one stage', () => {
  for (const kind of KINDS) {
    const looks = { count: 0 };
    const layers = [layer('x', 'input', [], looks), layer('only', kind, ['x'], looks)];
    expectWhole(layers, looks, kind);
    expect(outline(layers), kind).toHaveLength(1);
  }
  expect(outline([])).toEqual([]);
});
