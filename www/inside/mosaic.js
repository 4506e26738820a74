// Mosaics. A GPU draws them from the buffer that a layer's value stands in: the values are
// not read back. Where the processor computes, it draws them as well.
import code from '../../shaders/mosaic.wgsl?raw';

/** The pipelines of the device used last, by the format of what they draw on. */
let made = { device: null, pipelines: {} };

/** Canvases that the GPU draws on itself, each with the device that it belongs to. */
const direct = new WeakMap();

/** What each canvas is drawn on by: the kind of its context, and the context. */
const contexts = new WeakMap();

/**
 * The context of a canvas, of the kind that it got at first; null if this is another. It is asked
 * for once: Firefox refuses it to a worker once the page has shown the canvas.
 */
function contextOnce(canvas, kind) {
  const known = contexts.get(canvas);
  if (known) return known.kind === kind ? known.context : null;
  const context = canvas.getContext(kind);
  if (context) contexts.set(canvas, { kind, context });
  return context;
}

function pipelineOf(device, format) {
  if (made.device !== device) made = { device, pipelines: {} };
  if (!made.pipelines[format]) {
    const module = device.createShaderModule({ code });
    made.pipelines[format] = device.createRenderPipeline({
      layout: 'auto',
      vertex: { module },
      fragment: { module, targets: [{ format }] },
    });
  }
  return made.pipelines[format];
}

/**
 * @param {GPUDevice} device
 * @param {GPUBuffer} x            [height, width, channels] of `shape`
 * @param {number[]} shape
 * @param {OffscreenCanvas} canvas
 * @param {import('../engine.js').Mosaic} mosaic
 * @param {boolean} isSoftware     whether the device is a processor that plays a GPU
 */
export async function draw(device, x, shape, canvas, mosaic, isSoftware) {
  const { width, height } = mosaic;
  const context = contextOf(device, canvas, isSoftware);
  if (context) {
    Object.assign(canvas, { width, height });
    const texture = context.getCurrentTexture();
    for (const buffer of render(device, x, shape, texture, mosaic)) buffer.destroy();
    await device.queue.onSubmittedWorkDone();
  } else {
    await drawByPixels(device, x, shape, canvas, mosaic);
  }
}

/**
 * The canvas's own picture on the GPU, where that can be shown. A canvas that was drawn on in
 * one way stays with it, as its first context does.
 */
function contextOf(device, canvas, isSoftware) {
  if (isSoftware && !direct.has(canvas)) return null;
  const context = contextOnce(canvas, 'webgpu');
  if (context && direct.get(canvas) !== device) {
    const format = navigator.gpu.getPreferredCanvasFormat();
    context.configure({ device, format, alphaMode: 'premultiplied' });
    direct.set(canvas, device);
  }
  return context;
}

/**
 * Where a processor plays the GPU, Chromium loses the device as soon as a canvas is configured
 * for it. Only the pixels that are seen come back.
 */
async function drawByPixels(device, x, shape, canvas, mosaic) {
  const { width, height } = mosaic;
  const size = { width, height };
  const texture = device.createTexture({
    size,
    format: 'rgba8unorm',
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const bytesPerRow = Math.ceil(width / 64) * 256;
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
  const picture = device.createBuffer({ size: bytesPerRow * height, usage });
  const buffers = render(device, x, shape, texture, mosaic, (encoder) =>
    encoder.copyTextureToBuffer({ texture }, { buffer: picture, bytesPerRow }, size),
  );
  await picture.mapAsync(GPUMapMode.READ);
  const padded = new Uint8ClampedArray(picture.getMappedRange().slice());
  drawPixels(canvas, mosaic, padded, bytesPerRow / 4);
  for (const made of [texture, picture, ...buffers]) made.destroy();
}

/**
 * What the processor draws: red, green, blue, alpha.
 *
 * @param {import('../pkg/alexnet_live.js').Inspection} inspection
 * @param {import('../engine.js').Mosaic} mosaic
 * @returns {Promise<Uint8ClampedArray>}
 */
export function pixelsOf(inspection, mosaic) {
  const { layer, order, columns, gap, view, width, height } = mosaic;
  const { left, top } = view;
  const seen = Float32Array.of(left, top, view.width, view.height);
  const size = Uint32Array.of(columns, width, height);
  const tiles = Uint32Array.from(order);
  return inspection.mosaic(layer, tiles, scalesOf(mosaic), gap, seen, size);
}

/**
 * Shows pixels on a canvas of the mosaic's size.
 *
 * @param {OffscreenCanvas} canvas
 * @param {import('../engine.js').Mosaic} mosaic
 * @param {Uint8ClampedArray} rgba
 * @param {number} [pixelsPerRow]  where a row has more than are shown
 */
export function drawPixels(canvas, { width, height }, rgba, pixelsPerRow = width) {
  Object.assign(canvas, { width, height });
  contextOnce(canvas, '2d').putImageData(new ImageData(rgba, pixelsPerRow), 0, 0);
}

/** What the values of each tile are divided by. */
const scalesOf = ({ order, scale }) => Float32Array.from(order, (_, tile) => scale[tile] ?? scale);

/** Draws on a texture of the mosaic's size. @returns {GPUBuffer[]} what was made for it */
function render(device, x, shape, texture, mosaic, after = () => {}) {
  const { order, columns, gap, view, width, height } = mosaic;
  const [rows, across] = shape.length === 3 ? shape : [1, 1];
  const filled = (values, usage) => {
    const buffer = device.createBuffer({ size: values.byteLength, usage, mappedAtCreation: true });
    new values.constructor(buffer.getMappedRange()).set(values);
    buffer.unmap();
    return buffer;
  };
  const { left, top } = view;
  const step = [view.width / width, view.height / height];
  const buffers = [
    filled(Uint32Array.from(order), GPUBufferUsage.STORAGE),
    filled(scalesOf(mosaic), GPUBufferUsage.STORAGE),
    filled(Float32Array.of(left, top, ...step, across, rows, gap, columns), GPUBufferUsage.UNIFORM),
  ];
  const pipeline = pipelineOf(device, texture.format);
  const encoder = device.createCommandEncoder();
  const target = { view: texture.createView(), loadOp: 'clear', storeOp: 'store' };
  const pass = encoder.beginRenderPass({ colorAttachments: [target] });
  pass.setPipeline(pipeline);
  const entries = [x, ...buffers].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const layout = pipeline.getBindGroupLayout(0);
  pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
  pass.draw(3);
  pass.end();
  after(encoder);
  device.queue.submit([encoder.finish()]);
  return buffers;
}
