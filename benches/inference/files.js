// The model files of the inference bench: the seeded weights in the two orders
// that the formats ask for. graphs.py has made the graphs that point into them.

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { channelsLast } from '../seeded.js';
import { parameters } from './alexnet.js';

/** Byte of the first tensor in both files, as in graphs.py. */
const HEADER = 8192;

/** Writes the files into `folder` where they are missing. */
export function makeModels(folder) {
  mkdirSync(folder, { recursive: true });
  const file = (name, header, order) => {
    const path = join(folder, name);
    if (!existsSync(path)) write(path, header(), order);
  };
  file('alexnet.safetensors', safetensorsHeader, (tensor) => tensor.values());
  file('alexnet.tflite', () => readFileSync(new URL('alexnet.tflite', import.meta.url)), litertOrder);
}

/** The format's length and JSON, padded with spaces as it allows. */
function safetensorsHeader() {
  let end = 0;
  const entries = parameters().map(({ name, shape }) => {
    const start = end;
    end += 4 * shape.reduce((a, b) => a * b);
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }];
  });
  const header = Buffer.alloc(HEADER, ' ');
  header.writeBigUInt64LE(BigInt(HEADER - 8));
  header.write(JSON.stringify(Object.fromEntries(entries)), 8);
  return header;
}

/** Convolutions as [out, height, width, in]; the first linear layer reads [6, 6, 256]. */
function litertOrder({ name, shape, values }) {
  if (shape.length === 4) {
    const [out, channels, height, width] = shape;
    return channelsLast(values(), out, channels, height * width);
  }
  return name === 'classifier.1.weight' ? channelsLast(values(), shape[0], 256, 36) : values();
}

function write(path, header, order) {
  const file = openSync(`${path}.part`, 'w');
  writeSync(file, header);
  writeSync(file, Buffer.alloc(HEADER - header.length));
  for (const tensor of parameters()) {
    const bytes = new Uint8Array(order(tensor).buffer);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  }
  closeSync(file);
  renameSync(`${path}.part`, path);
}
