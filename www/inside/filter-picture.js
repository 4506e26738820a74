// Filters side by side as one picture.
import { diverging, reach } from './diverging.js';

/**
 * @param {Float32Array} values [units, channels, height, width], as files have them
 * @param {{ kernel: [number, number], channels: number }} filter
 * @param {number[] | number} shown  which colour each of the three channels is, for pictures in
 *   colour; else the channel whose slice is drawn
 * @param {number} units
 * @returns {{ width: number, height: number, rgba: Uint8ClampedArray, columns: number,
 *   rows: number, units: number, tile: [number, number] }}  tile: height and width of each
 */
export function filterPicture(values, { kernel: [high, wide], channels }, shown, units) {
  const columns = columnsOf(units, wide);
  const rows = Math.ceil(units / columns);
  const gap = wide > 1 ? 1 : 0;
  const width = columns * (wide + gap) - gap;
  const height = rows * (high + gap) - gap;
  const rgba = new Uint8ClampedArray(width * height * 4);
  const size = high * wide;
  const isColour = Array.isArray(shown);
  const sliced = (unit) => (unit * channels + shown) * size;
  const common = isColour
    ? 0
    : Math.max(...Array.from({ length: units }, (_, unit) => reach(values.subarray(sliced(unit), sliced(unit) + size)))) || 1;
  for (let unit = 0; unit < units; unit += 1) {
    const filter = values.subarray(unit * channels * size, (unit + 1) * channels * size);
    const own = isColour ? reach(filter) || 1 : common;
    const [top, left] = [Math.floor(unit / columns) * (high + gap), (unit % columns) * (wide + gap)];
    for (let at = 0; at < size; at += 1) {
      const pixel = ((top + Math.floor(at / wide)) * width + left + (at % wide)) * 4;
      if (isColour) shown.forEach((colour, channel) => (rgba[pixel + colour] = 127.5 * (1 + filter[channel * size + at] / own)));
      else rgba.set(diverging(filter[shown * size + at] / own), pixel);
      rgba[pixel + 3] = 255;
    }
  }
  return { width, height, rgba, columns, rows, units, tile: [high, wide] };
}

/** So that a picture is several times as wide as high, in full rows where that is near. */
function columnsOf(units, wide) {
  const wanted = Math.sqrt(units * (wide > 1 ? 4 : 8));
  for (let columns = Math.round(wanted); columns > wanted / 2; columns -= 1) {
    if (units % columns === 0) return columns;
  }
  return Math.max(1, Math.round(wanted));
}
