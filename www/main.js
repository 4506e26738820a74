// The page: a photo goes to the worker, its five best classes come back.
import * as Comlink from 'comlink';
import weights from '../models/squeezenet-1.1.safetensors?url';
import cat from './samples/chelsea.png';
import coffee from './samples/coffee.png';
import goldfish from './samples/goldfish.webp';
import panda from './samples/panda.webp';

const SAMPLES = { cat, coffee, goldfish, panda };

const engine = Comlink.wrap(new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }));
const find = (selector) => document.querySelector(selector);
const tell = (text) => (find('#status').textContent = text);

const loaded = load();

/** Opens the device and loads the network that comes with the page. */
async function load() {
  const answer = await fetch(weights);
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  const { title } = await engine.load(await answer.blob());
  tell(`${title} is ready.`);
}

/** @param {Blob} photo anything that the browser can decode */
async function classify(photo) {
  try {
    await loaded;
    const bitmap = await createImageBitmap(photo).catch(() => {
      throw new Error('This file is no picture that the browser can read: try JPEG, PNG or WebP.');
    });
    tell('Computing …');
    show(await engine.classify(Comlink.transfer(bitmap, [bitmap])));
  } catch (error) {
    tell(error.message);
  }
}

function show({ top, crop, milliseconds }) {
  const canvas = find('#crop');
  Object.assign(canvas, { width: crop.width, height: crop.height, hidden: false });
  const pixels = new ImageData(new Uint8ClampedArray(crop.rgba), crop.width, crop.height);
  canvas.getContext('2d').putImageData(pixels, 0, 0);
  const items = top.map(({ label, probability }) => {
    const item = document.createElement('li');
    const meter = Object.assign(document.createElement('meter'), { value: probability });
    meter.ariaLabel = label;
    item.append(`${label}: ${(100 * probability).toFixed(1)} %`, meter);
    return item;
  });
  find('#classes').replaceChildren(...items);
  tell(`Computed in ${milliseconds.gpu.toFixed(0)} ms on the GPU.`);
}

for (const [name, address] of Object.entries(SAMPLES)) {
  const button = document.createElement('button');
  button.append(Object.assign(new Image(), { src: address, alt: name }));
  button.addEventListener('click', async () => classify(await (await fetch(address)).blob()));
  find('#samples').append(button);
}
find('#photo').addEventListener('change', ({ target }) => target.files[0] && classify(target.files[0]));
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  if (event.dataTransfer.files[0]) classify(event.dataTransfer.files[0]);
});
loaded.catch((error) => tell(error.message));
