// From a file that a person chose to a decoded picture.

// More pixels than this add nothing to the 256 that a network keeps, but cost
// a telephone its memory: the browser's own decoder reduces such a photo.
const MOST_PIXELS = 16e6;

// Longer side of a vector drawing, in pixels.
const DRAWING = 1024;

/**
 * Decodes anything that the browser can show: upright by its EXIF orientation,
 * in sRGB, the first frame of an animation.
 *
 * @param {Blob} blob
 * @returns {Promise<{ bitmap: ImageBitmap, width: number, height: number }>}
 *   the size is the photo's, the bitmap may be smaller
 * @throws when it cannot be decoded; file-kind.js tells what it was
 */
export async function decode(blob) {
  const full = await createImageBitmap(blob).catch(() => decodeByElement(blob));
  const { width, height } = full;
  const scale = Math.sqrt(MOST_PIXELS / (width * height));
  if (scale >= 1) return { bitmap: full, width, height };
  const bitmap = await createImageBitmap(full, {
    resizeWidth: Math.max(1, Math.round(width * scale)),
    resizeHeight: Math.max(1, Math.round(height * scale)),
    resizeQuality: 'high',
  });
  full.close();
  return { bitmap, width, height };
}

/**
 * SVG: only an element decodes it. Its own size means little, so it is drawn large enough for
 * every network; by a canvas, since an `ImageBitmap` of a drawing without a size is empty.
 */
async function decodeByElement(blob) {
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  try {
    await image.decode();
    const { naturalWidth: ownWidth, naturalHeight: ownHeight } = image;
    const longer = Math.max(ownWidth, ownHeight);
    const [width, height] = [ownWidth, ownHeight].map((side) =>
      longer === 0 ? DRAWING : Math.max(1, Math.round((DRAWING * side) / longer)),
    );
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d').drawImage(image, 0, 0, width, height);
    return canvas.transferToImageBitmap();
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
