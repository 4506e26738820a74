// Why this answer, and what becomes of it: gradients, patches, masks, other views
// of the photo. The network computes, www/inside/numbers.js does the sums.
import { otherTasks } from '../other-tasks.js';
import { cellOf } from './cell.js';
import { ascend, blurred, coloursOf, cut, gradCam, oneHot, pictureOf, softmax } from './numbers.js';
import { GRADIENT, GUIDED_GRADIENT, VALUE } from './reading.js';

const size = ({ shape }) => shape.reduce((a, b) => a * b);
const nothing = ['flatten', 'dropout', 'softmax'];

/**
 * @param {object} inside   see insideCalls in www/inside/calls.js
 * @param {(progress?: Function) => (...told: unknown[]) => boolean} inside.reporting
 */
export function explainCalls({ asked, layersOf, layerOf, look, looking, opened, inTurn, reporting }) {
  /** The layer behind all that changes no number or turns logits into probabilities. */
  function before(layer, kinds) {
    for (; kinds.includes(layer.kind); ) layer = layerOf(layer.inputs[0]);
    return layer;
  }
  const picture = () => layersOf().find(({ kind }) => kind === 'input');
  const output = () => layersOf().at(-1);
  const logits = () => before(output(), ['softmax']);
  const probabilitiesOf = (numbers) => (output().kind === 'softmax' ? numbers : softmax(numbers));

  async function gradientOf({ inspection }, classIndex, layer, guided) {
    const seed = oneHot(size(logits()), classIndex);
    await inspection.backward(logits().name, layer.name, seed, guided);
    return inspection.read(layer.name, guided ? GUIDED_GRADIENT : GRADIENT);
  }

  /** Tells how far it is, and hears whether to go on. */
  const going = async (report, ...told) => {
    if (!report(...told)) throw { code: 'stopped' };
    await otherTasks(); // the answer to it among them
  };

  /** The answer to numbers as they are, by the network that classifies. */
  const ask = async (x) => probabilitiesOf(await opened().run(x));

  const normalised = ({ inspection }, { rgba, width, height }) =>
    inspection.normalise(rgba, width, height);

  return {
    gradCam: asked(async (network, layer, classIndex) => {
      const { shape } = layerOf(layer);
      const gradient = await gradientOf(network, classIndex, layerOf(layer), false);
      const values = await network.inspection.read(layer, VALUE);
      return { height: shape[0], width: shape[1], ...gradCam(values, gradient, shape.at(-1)) };
    }),

    saliency: asked((network, classIndex, guided) =>
      gradientOf(network, classIndex, picture(), guided),
    ),

    contributions: asked(async ({ inspection }, classIndex) => {
      const layer = before(output(), nothing);
      return cellOf(layer, [0, 0, classIndex], await inspection.cell(layer.name, 0, 0, classIndex));
    }),

    answer: asked(async ({ inspection }) => {
      const numbers = await inspection.read(logits().name, VALUE);
      return { logits: numbers, probabilities: softmax(numbers) };
    }),

    occlude: (options, progress) =>
      inTurn(async () => {
        const network = await looking();
        const report = reporting(progress);
        const [height, width, channels] = picture().shape;
        const x = normalised(network, network.of);
        const pick = (answer) => options.classes.map((index) => answer[index]);
        const whole = pick(await ask(x));
        const rows = Math.ceil(height / options.stride);
        const columns = Math.ceil(width / options.stride);
        const probabilities = new Float32Array(rows * columns * whole.length);
        for (let place = 0; place < rows * columns; place += 1) {
          // The patch lies around the middle of its place, at the edges over them.
          const corner = (at) => Math.round((at + 0.5) * options.stride - options.size / 2);
          const [top, left] = [corner(Math.floor(place / columns)), corner(place % columns)];
          const covered = x.slice();
          for (let y = Math.max(top, 0); y < Math.min(top + options.size, height); y += 1) {
            const from = Math.max(left, 0);
            const to = Math.min(left + options.size, width);
            covered.fill(0, (y * width + from) * channels, (y * width + to) * channels);
          }
          const answer = pick(await ask(covered));
          probabilities.set(answer, place * whole.length);
          await going(report, place + 1, rows * columns, { top, left, probabilities: answer });
        }
        return { rows, columns, probabilities, whole };
      }),

    maximise: (layer, unit, options, progress) =>
      inTurn(async () => {
        const network = await looking();
        const { inspection } = network;
        const report = reporting(progress);
        const { shape: input } = picture();
        const colours = coloursOf((...probe) => inspection.normalise(...probe));
        // The rate is in bytes of the picture, whatever a network makes of them.
        const byte = colours.reduce((sum, colour) => sum + Math.abs(colour.step), 0) / colours.length;
        let x = normalised(network, network.of);
        if (options.from !== 'picture') {
          // Grey with some noise: nothing that a unit could know.
          x = x.map((_, i) => (Math.random() - 0.5) * 40 * Math.abs(colours[i % colours.length].step));
        }
        const units = layerOf(layer).shape.at(-1);
        const count = size(layerOf(layer));
        const seed = new Float32Array(count);
        for (let i = unit; i < count; i += units) seed[i] = units / count;
        let state;
        for (let step = 0; step <= options.steps; step += 1) {
          look(network, x);
          const values = await inspection.read(layer, VALUE);
          const activation = values.reduce((sum, value, i) => sum + value * seed[i], 0);
          const rgba = pictureOf(x, colours);
          state = { step, activation, rgba, height: input[0], width: input[1] };
          await going(report, state);
          if (step === options.steps) break;
          await inspection.backward(layer, picture().name, seed, false);
          const gradient = await inspection.read(picture().name, GRADIENT);
          x = ascend(x, gradient, options.rate * byte, options.decay);
          if (options.blurEvery && step % options.blurEvery === 0) x = blurred(x, input);
        }
        return state;
      }),

    features: (photo) =>
      inTurn(async () => {
        const { crop } = await opened().classify(photo.rgba, photo.width, photo.height);
        const network = await looking('', undefined, crop);
        // What the last layer with weights reads.
        const last = layersOf().findLast(({ kind }) => kind === 'conv2d' || kind === 'linear');
        const layer = before(layerOf(last.inputs[0]), nothing);
        return { layer: layer.name, values: await network.inspection.read(layer.name, VALUE) };
      }),

    dropOut: (seed, step) =>
      inTurn(async () => {
        const network = await looking('', undefined, undefined, true);
        const { inspection } = network;
        network.dropped = network.of;
        inspection.dropOut(seed, step);
        const off = [];
        for (const { name, kind, inputs } of layersOf()) {
          if (kind !== 'dropout') continue;
          const values = await inspection.read(name, VALUE);
          const full = await inspection.read(inputs[0], VALUE);
          const units = Uint8Array.from(values, (value, i) => value === 0 && full[i] !== 0);
          off.push({ layer: name, units });
        }
        const numbers = await inspection.read(logits().name, VALUE);
        return { probabilities: softmax(numbers), off };
      }),

    openPatch: (photo, side) =>
      inTurn(async () => {
        const { inspection } = await looking();
        const { rgba, width, height } = photo;
        return { rgba: inspection.patch(rgba, width, height, side), width: side, height: side };
      }),

    answerTo: asked(async (network, patch, { left, top, mirror = false, colour = [0, 0, 0] }) => {
      const { inspection } = network;
      const [height, width] = picture().shape;
      const rgba = cut(patch.rgba, patch.width, { left, top, mirror }, width, height);
      const colours = coloursOf((...probe) => inspection.normalise(...probe));
      const shift = colours.map(({ colour: of, step }) =>
        of < 0 ? 0 : colour[of] * step,
      );
      const x = inspection.normalise(rgba, width, height);
      const probabilities = await ask(x.map((value, i) => value + shift[i % shift.length]));
      return { rgba, width, height, probabilities };
    }),
  };
}
