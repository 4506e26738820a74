// How a layer's maps lie side by side.
//
// Maps of two towers stand as in the paper's figures: one row for each GPU, AlexNet's 96
// as two rows of 48, where the room is wide enough for tiles that can be told apart.
// Elsewhere, for more maps, or if larger tiles are asked for, each tower takes as many
// whole rows as it needs.

const LEGIBLE = 20; // CSS pixels

/**
 * @param {{ count: number, towers: number, map: [number, number] }} maps
 * @param {number} width of the room
 * @returns {boolean} whether each tower can be one row
 */
export const fitsRows = ({ count, towers, map }, width) =>
  towers === 2 && map[1] > 1 && (width * towers) / count >= LEGIBLE;

/**
 * @typedef {object} Layout
 * @property {number} columns
 * @property {number} rows
 * @property {number} gap      values between two tiles
 * @property {number} width    of all, in values
 * @property {number} height
 *
 * @param {{ count: number, towers: number, map: [number, number] }} maps  map: height, width
 * @param {{ width: number, height: number, large?: boolean }} room  in CSS pixels; the height is
 *   a wish; `large` if tiles are to be larger than in a row for each tower
 * @returns {Layout} whole rows for each tower, wherever that comes near to the room
 */
export function mosaicLayout(maps, room) {
  const { count, towers, map } = maps;
  const [high, wide] = map;
  const gap = wide > 1 ? Math.max(1, Math.round(wide / 24)) : 0;
  const least = wide > 1 ? 14 : 6;
  const most = wide > 1 ? 76 : 24;
  const side = Math.min(most, Math.max(least, Math.sqrt((room.width * room.height) / count)));
  const wanted = Math.min(count / towers, Math.max(1, room.width / side));
  const nearness = (columns) => Math.abs(Math.log(columns / wanted));
  let columns = Math.floor(wanted);
  let best = Math.log(1.7); // no row is left open for columns so far from what is wanted
  for (let divisor = 1; divisor <= count / towers; divisor += 1) {
    if ((count / towers) % divisor === 0 && nearness(divisor) < best) {
      columns = divisor;
      best = nearness(divisor);
    }
  }
  if (!room.large && fitsRows(maps, room.width)) columns = count / towers;
  const rows = Math.ceil(count / columns);
  return {
    columns,
    rows,
    gap,
    width: columns * (wide + gap) - gap,
    height: rows * (high + gap) - gap,
  };
}

/**
 * @param {Layout} layout
 * @param {[number, number]} map
 * @param {number} tile
 * @returns {{ x: number, y: number, width: number, height: number }} shares of the mosaic
 */
export function tileBox({ columns, gap, width, height }, [high, wide], tile) {
  return {
    x: ((tile % columns) * (wide + gap)) / width,
    y: (Math.floor(tile / columns) * (high + gap)) / height,
    width: wide / width,
    height: high / height,
  };
}
