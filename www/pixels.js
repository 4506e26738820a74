// From a decoded picture to its bytes, and from bytes to a canvas.

/**
 * @param {ImageBitmap} bitmap closed here
 * @returns {{ rgba: Uint8Array, width: number, height: number }} straight alpha, 8 bits, sRGB
 */
export function pixels(bitmap) {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { rgba: new Uint8Array(data.buffer), width, height };
}

/**
 * @param {HTMLCanvasElement} canvas of the picture's size
 * @param {{ rgba: Uint8Array, width: number, height: number }} picture as above
 */
export function paint(canvas, { rgba, width, height }) {
  const bytes = new Uint8ClampedArray(rgba.buffer, rgba.byteOffset, rgba.byteLength);
  canvas.getContext('2d').putImageData(new ImageData(bytes, width, height), 0, 0);
}
