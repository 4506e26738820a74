// From a decoded picture to its bytes.

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
