// Files of AlexNet's weights in their real size, from a seed, so that none is
// committed. tests/golden/loads.py has what PyTorch answers with the same weights.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parameters } from '../../../benches/inference/alexnet.js';
import { alexnetOnnx } from './onnx.js';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
// Of each worker its own: one may write what another reads.
const FOLDER = path(`../../../target/page-tests/weights/${process.env.TEST_PARALLEL_INDEX ?? 0}`);

const python = (script, ...given) => execFileSync('python3', [path(script), ...given]);

/** torchvision's AlexNet as safetensors, 244 MB: the path. */
export function writeSafetensors() {
  return write('alexnet.safetensors', (file) => {
    const all = parameters();
    let end = 0;
    const entries = all.map(({ name, shape }) => {
      const start = end;
      end += 4 * elements(shape);
      return [name, { dtype: 'F32', shape, data_offsets: [start, end] }];
    });
    const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    writeAll(file, length);
    writeAll(file, header);
    for (const { name, shape } of all) writeAll(file, seeded(name, shape));
  });
}

/** The same as an ONNX graph: the path. */
export function writeOnnx() {
  return write('alexnet.onnx', (file) => {
    for (const piece of alexnetOnnx(parameters())) {
      writeAll(file, piece instanceof Buffer ? piece : seeded(piece.name, piece.shape));
    }
  });
}

/** The same as PyTorch saves it, from that file. */
export function writePth(safetensors) {
  const target = join(FOLDER, 'alexnet.pth');
  python('pth.py', safetensors, target);
  return target;
}

/** The paper's AlexNet deep-compressed, 7.3 MB of other weights. */
export function writeNet() {
  mkdirSync(FOLDER, { recursive: true });
  const target = join(FOLDER, 'alexnet.net');
  python('../../golden/deep_compression.py', 'write', target);
  return target;
}

/**
 * The same with an fc7 of which about half the units answer: what the file does not name is 0,
 * as in the published one, and its 16 weights add up to 0, where those at random held every
 * unit below it. They are small, so that no class gets all.
 */
export function writeLivelyNet() {
  const bytes = readFileSync(writeNet());
  const outputs = [96, 256, 384, 384, 256, 4096]; // of the layers before fc7
  let place = 4 * 8; // after the counts of all eight
  for (const [at, biases] of outputs.entries()) {
    const codes = bytes.readUInt32LE(4 * at);
    const bits = at < 5 ? 8 : 4;
    place += 4 * 2 ** bits + 4 * biases + Math.ceil((codes * bits) / 8) + Math.ceil(codes / 2);
  }
  for (let code = 0; code < 8; code += 1) {
    const small = code === 0 ? 0 : 0.02 * bytes.readFloatLE(place + 4 * code);
    bytes.writeFloatLE(small, place + 4 * code);
    bytes.writeFloatLE(-small, place + 4 * (code + 8));
  }
  return write('lively.net', (file) => writeAll(file, bytes));
}

/** A small safetensors file of one tensor, which fits no network. */
export function foreignSafetensors() {
  const header = '{"encoder.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}';
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(16)]);
}

function write(name, fill) {
  mkdirSync(FOLDER, { recursive: true });
  const target = join(FOLDER, name);
  const file = openSync(target, 'w');
  fill(file);
  closeSync(file);
  return target;
}

function writeAll(file, bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

const elements = (shape) => shape.reduce((product, size) => product * size);

/** As `as_f32` of tests/golden/networks.py: uniform within He's bound, other for each name. */
function seeded(name, shape) {
  let seed = 2166136261;
  for (const byte of Buffer.from(name)) seed = Math.imul(seed ^ byte, 16777619);
  const scale = Math.fround(shape.length > 1 ? Math.sqrt(6 / elements(shape.slice(1))) : 0.1);
  const values = new Float32Array(elements(shape));
  for (let i = 0; i < values.length; i++) {
    let bits = (Math.imul(i, 0x9e3779b9) + seed) | 0;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    bits ^= bits >>> 16;
    values[i] = ((bits >>> 8) / 2 ** 23 - 1) * scale;
  }
  return new Uint8Array(values.buffer);
}
