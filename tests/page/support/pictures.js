// Pictures small and easy enough to train with in a test.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

/** A grey picture of 32 x 32 pixels as PNG; `dark` from 0 to 255, with a gradient in it. */
function png(dark) {
  const side = 32;
  const rows = Buffer.alloc(side * (side + 1)); // each row begins with its filter: none
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) rows[y * (side + 1) + 1 + x] = dark + x + (y % 5);
  }
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 8; // bits; grey
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * Dark and light pictures, by their paths in a folder for each class.
 *
 * @param {number} count of each class
 * @returns {Record<string, Buffer>}
 */
export const pictureFiles = (count) =>
  Object.fromEntries(
    [['dark', 10], ['light', 150]].flatMap(([name, base]) =>
      Array.from({ length: count }, (_, index) => [`${name}/${index}.png`, png(base + index)]),
    ),
  );

/** Writes them to a folder. */
export function pictureFolder(folder, count) {
  for (const [path, bytes] of Object.entries(pictureFiles(count))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
}
