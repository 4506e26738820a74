// As much of ONNX's protobuf messages as torchvision's AlexNet takes, written by hand.
import { CONVOLUTIONS, LINEARS, SIZE } from '../../../benches/inference/alexnet.js';

function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

const integer = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
/** The beginning of a field of so many bytes. */
const opening = (field, length) => Buffer.concat([varint(field * 8 + 2), varint(length)]);
const message = (field, ...parts) => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([opening(field, body.length), body]);
};

const numbers = (name, values) =>
  message(5, message(1, name), ...values.map((value) => integer(8, value)), integer(20, 7));
const number = (name, value) => message(5, message(1, name), integer(3, value), integer(20, 2));

/** The nodes of the graph, each reading the value before. */
function nodes() {
  const all = [];
  let value = 'image';
  const then = (kind, parameters, ...attributes) => {
    const output = `value${all.length}`;
    const inputs = [value, ...parameters].map((name) => message(1, name));
    all.push(message(1, ...inputs, message(2, output), message(3, output), message(4, kind), ...attributes));
    value = output;
  };
  const parametersOf = (name) => [`${name}.weight`, `${name}.bias`];
  for (const { name, shape, stride, padding, pool } of CONVOLUTIONS) {
    const [height, width] = shape.slice(2);
    const window = [numbers('kernel_shape', [height, width]), numbers('strides', [stride, stride])];
    then('Conv', parametersOf(name), ...window, numbers('pads', Array(4).fill(padding)));
    then('Relu', []);
    if (pool) then('MaxPool', [], numbers('kernel_shape', [3, 3]), numbers('strides', [2, 2]));
  }
  then('Flatten', [], number('axis', 1));
  for (const { name } of LINEARS) {
    then('Gemm', parametersOf(name), number('transB', 1));
    if (name !== LINEARS.at(-1).name) then('Relu', []);
  }
  return { all, output: value };
}

const described = (field, name, sizes) => {
  const shape = message(2, ...sizes.map((size) => message(1, integer(1, size))));
  return message(field, message(1, name), message(2, message(1, integer(1, 1), shape)));
};

/**
 * A model as pieces, one after the other in the file.
 *
 * @param {{ name: string, shape: number[] }[]} parameters
 * @returns {(Buffer | { name: string, shape: number[] })[]} a parameter stands for its f32 values
 */
export function alexnetOnnx(parameters) {
  const { all, output } = nodes();
  const tensors = parameters.flatMap(({ name, shape }) => {
    const bytes = 4 * shape.reduce((product, size) => product * size);
    const head = Buffer.concat([
      ...shape.map((size) => integer(1, size)),
      integer(2, 1), // f32
      message(8, name),
      opening(9, bytes),
    ]);
    return [{ bytes: Buffer.concat([opening(5, head.length + bytes), head]) }, { bytes: { length: bytes }, values: { name, shape } }];
  });
  const graph = [
    ...all.map((bytes) => ({ bytes })),
    { bytes: message(2, 'alexnet') },
    ...tensors,
    { bytes: described(11, 'image', [1, 3, SIZE, SIZE]) },
    { bytes: described(12, output, [1, 1000]) },
  ];
  const length = graph.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const model = Buffer.concat([integer(1, 8), message(8, message(1, ''), integer(2, 17)), opening(7, length)]);
  return [model, ...graph.map(({ bytes, values }) => values ?? bytes)];
}
