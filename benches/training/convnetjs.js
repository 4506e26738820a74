// ConvNetJS: plain JavaScript on one CPU thread, in double precision. It lacks
// average pooling and overhanging windows, so these layers are added in its way.

import { channelsLast } from '../seeded.js';
import { BATCH, CLASSES, CONVOLUTIONS, LINEAR, MOMENTUM, RATE, SIZE, batch, parameters } from './network.js';

/** Channels of a pixel lie together in its volumes, filters included. */
function volumeOrder({ shape, values }) {
  if (shape.length === 4) return channelsLast(values, shape[0], shape[1], shape[2] * shape[3]);
  return shape.length === 2 ? channelsLast(values, shape[0], 64, 16) : values;
}

function averagePool({ Vol }, size, depth) {
  const out = size / 2;
  let input, output;
  const windows = function* () {
    for (let y = 0; y < out; y++) {
      for (let x = 0; x < out; x++) {
        const [bottom, right] = [Math.min(2 * y + 3, size), Math.min(2 * x + 3, size)];
        const share = 1 / ((bottom - 2 * y) * (right - 2 * x));
        for (let iy = 2 * y; iy < bottom; iy++) {
          for (let ix = 2 * x; ix < right; ix++) yield [(out * y + x) * depth, (size * iy + ix) * depth, share];
        }
      }
    }
  };
  return {
    forward(x) {
      input = x;
      output = new Vol(out, out, depth, 0);
      for (const [to, from, share] of windows()) {
        for (let d = 0; d < depth; d++) output.w[to + d] += share * input.w[from + d];
      }
      return output;
    },
    backward() {
      input.dw.fill(0);
      for (const [from, to, share] of windows()) {
        for (let d = 0; d < depth; d++) input.dw[to + d] += share * output.dw[from + d];
      }
    },
    getParamsAndGrads: () => [],
  };
}

function maxPool({ PoolLayer }, size, depth) {
  // Told of a larger input it makes room for the last window, whose outside it skips.
  return new PoolLayer({ sx: 3, stride: 2, in_sx: size + 1, in_sy: size + 1, in_depth: depth });
}

function layers(library) {
  const { ConvLayer, FullyConnLayer, InputLayer, ReluLayer, SoftmaxLayer } = library;
  const stack = [new InputLayer({ out_sx: SIZE, out_sy: SIZE, out_depth: 3 })];
  let size = SIZE;
  for (const { shape: [filters, channels, kernel], pool } of CONVOLUTIONS) {
    stack.push(new ConvLayer({ filters, sx: kernel, pad: 2, in_sx: size, in_sy: size, in_depth: channels }));
    const relu = (side) => new ReluLayer({ in_sx: side, in_sy: side, in_depth: filters });
    if (pool === 'max') stack.push(maxPool(library, size, filters), relu(size / 2));
    else stack.push(relu(size), averagePool(library, size, filters));
    size /= 2;
  }
  stack.push(new FullyConnLayer({ num_neurons: CLASSES, in_sx: size, in_sy: size, in_depth: LINEAR.shape[1] / size ** 2 }));
  stack.push(new SoftmaxLayer({ in_sx: 1, in_sy: 1, in_depth: CLASSES }));
  return stack;
}

/** Loads the script and sets the weights. */
export async function open() {
  await new Promise((onload, onerror) => {
    const src = '/node_modules/convnetjs/build/convnet.js';
    document.head.append(Object.assign(document.createElement('script'), { src, onload, onerror }));
  });
  const library = globalThis.convnetjs;
  const network = new library.Net();
  network.layers = layers(library);
  const tensors = parameters().map(volumeOrder);
  for (const layer of network.layers.filter(({ filters }) => filters)) {
    const [weight, bias] = tensors.splice(0, 2);
    layer.filters.forEach((filter, i) => filter.w.set(weight.subarray(i * filter.w.length, (i + 1) * filter.w.length)));
    layer.biases.w.set(bias);
  }
  const trainer = new library.Trainer(network, { batch_size: BATCH, learning_rate: RATE, momentum: MOMENTUM });

  const { images, labels } = batch();
  const pixels = channelsLast(images, BATCH, 3, SIZE * SIZE);
  const run = () => {
    let sum = 0;
    for (const [index, label] of labels.entries()) {
      const image = new library.Vol(SIZE, SIZE, 3, 0);
      image.w.set(pixels.subarray(index * image.w.length, (index + 1) * image.w.length));
      sum += trainer.train(image, label).cost_loss;
    }
    return sum / BATCH;
  };
  return { run };
}
