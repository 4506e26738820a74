// The photo in view as the square picture that section 4.1 of the paper starts
// from: its shorter side 256 pixels long, cropped in the middle.
import { selectedPhoto } from '../store.js';
import { findSample } from '../samples.js';
import { decode } from '../image.js';
import { fetchFile } from '../fetch-file.js';
import { SAMPLE } from './photo-work.js';

export const SIDE = 256;

/** The address of the photo: another one when there is another photo. Of the sample without one. */
export const photoAddress = () => selectedPhoto()?.url ?? findSample(SAMPLE).url;

/**
 * @param {string} address as above
 * @returns {Promise<OffscreenCanvas>} of SIDE × SIDE
 */
export async function square(address) {
  const response = await fetchFile(address);
  const { bitmap } = await decode(await response.blob());
  const { width, height } = bitmap;
  const side = Math.min(width, height);
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  bitmap.close();
  return canvas;
}
