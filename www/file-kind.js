// What a file is, by its content: a picture, perhaps weights, or something
// that the page can only name.

// No signature, or one that files of weights have too.
const PERHAPS_WEIGHTS = ['unknown', 'archive'];

/**
 * @typedef {object} FileKind
 * @property {'image' | 'heic' | 'raw' | 'pdf' | 'archive' | 'video' | 'audio' | 'other'
 *          | 'unknown' | 'empty' | 'unreadable'} kind  the sentence selects by it
 * @property {string} type   what the format is called, `''` if unknown
 * @property {boolean} perhapsWeights
 */

/** Bytes that tell the format. */
const START = 4100;

/** Names of cameras' raw files: most look like TIFF inside. */
const RAW = /\.(cr2|cr3|nef|arw|dng|orf|raf|rw2)$/i;

/**
 * @param {File} file only its first bytes are read
 * @returns {Promise<FileKind>}
 */
export async function kindOfFile(file) {
  if (file.size === 0) return kind('empty');
  // Only loaded when needed: a browser already knows most pictures by their names.
  const { filetypeinfo } = await import('magic-bytes.js');
  let start;
  try {
    start = new Uint8Array(await file.slice(0, START).arrayBuffer());
  } catch {
    return kind('unreadable'); // a folder, or gone
  }
  const [, raw] = file.name.match(RAW) ?? [];
  if (raw) return kind('raw', raw.toUpperCase());
  // Signatures of two or three bytes without a type fit anything.
  const found = filetypeinfo(start).find(({ mime }) => mime);
  return found ? kind(kindOfType(found), found.typename.toUpperCase()) : kind('unknown');
}

const kind = (name, type = '') => ({
  kind: name,
  type,
  perhapsWeights: PERHAPS_WEIGHTS.includes(name),
});

function kindOfType({ typename, mime }) {
  if (typename === 'heif' || typename === 'heic') return 'heic';
  if (typename === 'pdf') return 'pdf';
  if (typename === 'zip') return 'archive';
  const [family] = mime.split('/');
  return ['image', 'video', 'audio'].includes(family) ? family : 'other';
}
