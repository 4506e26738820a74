// A heat map over the crop that it is of, on a 2D canvas, and the colours of its legend.

// Black over purple and orange to pale yellow: equal steps look equal, also to those
// who see few colours, and on a screen where only the brightness is left.
const SCALE = [
  [0, 0, 4],
  [50, 10, 94],
  [120, 28, 109],
  [188, 55, 84],
  [237, 105, 37],
  [251, 180, 26],
  [252, 255, 164],
];

/** The scale as a CSS gradient, from low to high. */
export const GRADIENT = `linear-gradient(to right, ${SCALE.map((colour) => `rgb(${colour})`)})`;

/** @param {number} share from 0 to 1, cut off beyond @returns {number[]} red, green, blue */
export function colourOf(share) {
  const place = Math.min(1, Math.max(0, share)) * (SCALE.length - 1);
  const low = Math.min(Math.floor(place), SCALE.length - 2);
  return SCALE[low].map((byte, c) => byte + (place - low) * (SCALE[low + 1][c] - byte));
}

/**
 * @typedef {object} HeatMap
 * @property {number} rows
 * @property {number} columns
 * @property {ArrayLike<number>} shares  row by row, 0 to 1; NaN where nothing is known yet
 * @property {boolean} smooth            drawn without edges between its places
 * @property {{ top: number, left: number, size: number } | null} [patch] framed, in pixels of the crop
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import('../engine.js').Classification['crop']} crop
 * @param {HeatMap | null} map
 * @param {number} opacity of the map, 0 to 1
 */
export function drawOverlay(canvas, crop, map, opacity) {
  const context = canvas.getContext('2d');
  const { width, height } = canvas;
  context.imageSmoothingQuality = 'high';
  context.clearRect(0, 0, width, height);
  context.imageSmoothingEnabled = true;
  context.drawImage(picture(crop.rgba, crop.width, crop.height), 0, 0, width, height);
  if (!map) return;
  const rgba = new Uint8Array(map.rows * map.columns * 4);
  for (let place = 0; place < map.shares.length; place += 1) {
    if (!Number.isNaN(map.shares[place])) rgba.set([...colourOf(map.shares[place]), 255], place * 4);
  }
  context.globalAlpha = opacity;
  context.imageSmoothingEnabled = map.smooth;
  context.drawImage(picture(rgba, map.columns, map.rows), 0, 0, width, height);
  context.globalAlpha = 1;
  if (map.patch) frame(context, map.patch, width / crop.width);
}

function picture(rgba, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const bytes = new Uint8ClampedArray(rgba.buffer, rgba.byteOffset, rgba.byteLength);
  canvas.getContext('2d').putImageData(new ImageData(bytes, width, height), 0, 0);
  return canvas;
}

/** Where the patch lies: grey, as the network sees it, with an edge that shows on any picture. */
function frame(context, { top, left, size }, scale) {
  const area = [left, top, size, size].map((value) => value * scale);
  context.fillStyle = '#808080';
  context.fillRect(...area);
  for (const [colour, lineWidth] of [['#000', 6], ['#fff', 3]]) {
    Object.assign(context, { strokeStyle: colour, lineWidth });
    context.strokeRect(...area);
  }
}

/**
 * The strongest place of a map.
 *
 * @param {HeatMap} map
 * @returns {{ index: number, row: number, column: number, region: string } | null} where nothing is
 *   known, nothing is the strongest; `region` is one of nine parts of the picture
 */
export function strongest({ shares, rows, columns }) {
  let index = -1;
  for (let place = 0; place < shares.length; place += 1) {
    if (shares[place] > (shares[index] ?? -1)) index = place;
  }
  if (index < 0) return null;
  const [row, column] = [Math.floor(index / columns), index % columns];
  const part = (at, count, names) => names[Math.min(2, Math.floor((3 * (at + 0.5)) / count))];
  const region = `${part(row, rows, ['top', 'middle', 'bottom'])}${part(column, columns, ['Left', 'Centre', 'Right'])}`;
  return { index, row, column, region };
}
