// Holds the module of www/pkg and a run of training, as the page's worker does.
import { DatasetReader, Session, Training, trainingSettings } from '/www/pkg/alexnet_live.js';
import { startModule } from '../module.js';
import { answer } from '../worker.js';

let training;

const methods = {
  /** Compiles the network for a batch in CIFAR-10's layout and gives it these weights. */
  async open(engine, records, parameters, changes) {
    const session = await Session.open({ engine }, await startModule());
    const reader = new DatasetReader();
    reader.add('data_batch_1.bin', records);
    const dataset = reader.finish();
    const settings = { ...trainingSettings('cifar-18pct', 'relu'), ...changes };
    const first = await Training.open(session, settings, dataset, undefined, () => true);
    const checkpoint = await first.save(true);
    first.free();
    setWeights(checkpoint, parameters);
    training = await Training.open(session, settings, dataset, new Blob([checkpoint]), () => true);
  },

  async step() {
    const { steps } = await training.step();
    return steps[0].loss;
  },
};

/** Writes values over the weights of a safetensors file. */
function setWeights(file, parameters) {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  for (const [name, values] of Object.entries(parameters)) {
    const [from, to] = header[name].data_offsets;
    if (to - from !== values.byteLength) throw new Error(`${name} has ${to - from} bytes`);
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 8 + length + from);
  }
}

answer(methods);
