// How a network's stages are wired, told from its layers alone.
import { expect, test } from '@playwright/test';
import { outline } from '../../www/network-outline.js';
import { branchesOf, wiringOf } from '../../www/network-wiring.js';

/** Layers from `name kind input,input` of each; a convolution may have `/2` groups. */
const layersOf = (text) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '))
    .map(([name, kind, inputs = '']) => {
      const [plain, groups] = kind.split('/');
      const isFlat = ['linear', 'flatten'].includes(plain);
      return {
        name,
        kind: plain,
        inputs: inputs.split(',').filter(Boolean),
        shape: isFlat ? [8] : [4, 4, 8],
        ...(plain === 'conv2d' && { groups: Number(groups ?? 1) }),
        parameters: ['conv2d', 'linear'].includes(plain) ? 9 : 0,
        multiplyAdds: 9,
      };
    });

const wirings = (stages) => stages.map(({ name }, index) => `${name} ${wiringOf(stages, index)}`);

test('two towers run from the first layer to the last hidden one, and meet where they do', () => {
  const stages = outline(
    layersOf(`x input
      conv1 conv2d x
      relu1 relu conv1
      norm1 local_response_norm relu1
      pool1 max_pool2d norm1
      conv2 conv2d/2 pool1
      relu2 relu conv2
      conv3 conv2d relu2
      relu3 relu conv3
      conv4 conv2d/2 relu3
      pool4 max_pool2d conv4
      flat flatten pool4
      fc5 linear flat
      fc6 linear fc5
      fc7 linear fc6
      answer softmax fc7`),
  );
  expect(wirings(stages)).toEqual([
    ...['conv1 fork', 'pool1 own', 'conv2 own', 'conv3 cross', 'conv4 own', 'pool4 own'],
    ...['fc5 cross', 'fc6 cross', 'fc7 meet'],
  ]);
});

test('a network of one group is one line', () => {
  const stages = outline(
    layersOf(`x input
      a conv2d x
      b conv2d a
      flat flatten b
      c linear flat
      d linear c`),
  );
  expect(wirings(stages)).toEqual(['conv1 line', 'conv2 line', 'fc3 line', 'fc4 line']);
});

test('a block is what lies between where its branches part and join, whatever its layers are called', () => {
  const stages = outline(
    layersOf(`x input
      first conv2d x
      /1/conv1/Conv conv2d first
      r1 relu /1/conv1/Conv
      /1/conv2/Conv conv2d r1
      sum1 add /1/conv2/Conv,first
      r2 relu sum1
      /2/conv1/Conv conv2d r2
      /2/conv2/Conv conv2d /2/conv1/Conv
      /2/down/0/Conv conv2d r2
      sum2 add /2/conv2/Conv,/2/down/0/Conv
      pool avg_pool2d sum2`),
  );
  expect(stages.map(({ name }) => name)).toEqual(['conv1', 'block2', 'block3', 'pool3']);
  const lengths = stages.map((stage) => branchesOf(stage)?.branches.map(({ length }) => length));
  expect(lengths).toEqual([undefined, [2, 0], [2, 1], undefined]);
});

test('a fire module squeezes, parts and joins', () => {
  const [, fire] = outline(
    layersOf(`x input
      first conv2d x
      fire2/squeeze conv2d first
      fire2/relu relu fire2/squeeze
      fire2/one conv2d fire2/relu
      fire2/three conv2d fire2/relu
      fire2/concat concat fire2/one,fire2/three`),
  );
  const { before, branches, join } = branchesOf(fire);
  expect(before.map(({ name }) => name)).toEqual(['fire2/squeeze']);
  expect(branches.map(({ last: [{ name }] }) => name)).toEqual(['fire2/one', 'fire2/three']);
  expect(join).toBe('concat');
});
