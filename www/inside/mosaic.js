// Mosaics, drawn on the GPU from the buffer that a layer's value stands in: the
// values are not read back.
import code from '../../shaders/mosaic.wgsl?raw';

/** The pipeline of the device used last. */
let made = { device: null, pipeline: null };

function pipelineOf(device) {
  if (made.device !== device) {
    const module = device.createShaderModule({ code });
    const pipeline = device.createRenderPipeline({
      layout: 'auto',
      vertex: { module },
      fragment: { module, targets: [{ format: 'rgba8unorm' }] },
    });
    made = { device, pipeline };
  }
  return made.pipeline;
}

/**
 * @param {GPUDevice} device
 * @param {GPUBuffer} x            [height, width, channels] of `shape`
 * @param {number[]} shape
 * @param {OffscreenCanvas} canvas
 * @param {import('../engine.js').Mosaic} mosaic
 */
export async function draw(device, x, shape, canvas, { order, scale, columns, gap, view, width, height }) {
  const [rows, across] = shape.length === 3 ? shape : [1, 1];
  const buffers = [];
  const filled = (values, usage) => {
    const buffer = device.createBuffer({ size: values.byteLength, usage, mappedAtCreation: true });
    new values.constructor(buffer.getMappedRange()).set(values);
    buffer.unmap();
    buffers.push(buffer);
    return buffer;
  };
  const { left, top } = view;
  const step = [view.width / width, view.height / height];
  const scales = order.map((_, tile) => scale[tile] ?? scale);
  const bound = [
    x,
    filled(Uint32Array.from(order), GPUBufferUsage.STORAGE),
    filled(Float32Array.from(scales), GPUBufferUsage.STORAGE),
    filled(Float32Array.of(left, top, ...step, across, rows, gap, columns), GPUBufferUsage.UNIFORM),
  ];

  // Not the canvas's own texture: showing one loses the device in a browser that
  // composes its pages in software. Only the pixels that are seen come back.
  const size = { width, height };
  const texture = device.createTexture({
    size,
    format: 'rgba8unorm',
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const bytesPerRow = Math.ceil(width / 64) * 256;
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
  const picture = device.createBuffer({ size: bytesPerRow * height, usage });
  const pipeline = pipelineOf(device);
  const encoder = device.createCommandEncoder();
  const target = { view: texture.createView(), loadOp: 'clear', storeOp: 'store' };
  const pass = encoder.beginRenderPass({ colorAttachments: [target] });
  pass.setPipeline(pipeline);
  const entries = bound.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const layout = pipeline.getBindGroupLayout(0);
  pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
  pass.draw(3);
  pass.end();
  encoder.copyTextureToBuffer({ texture }, { buffer: picture, bytesPerRow }, size);
  device.queue.submit([encoder.finish()]);

  await picture.mapAsync(GPUMapMode.READ);
  const padded = new ImageData(new Uint8ClampedArray(picture.getMappedRange().slice()), bytesPerRow / 4);
  Object.assign(canvas, size);
  canvas.getContext('2d').putImageData(padded, 0, 0);
  for (const made of [texture, picture, ...buffers]) made.destroy();
}
