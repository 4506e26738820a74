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

/**
 * @param {File} file only its first bytes are read
 * @returns {Promise<FileKind>}
 */
export async function kindOfFile(file) {
  if (file.size === 0) return kind('empty');
  // Only loaded when needed: a browser already knows most pictures by their names.
  const { fileTypeFromBlob } = await import('file-type');
  let found;
  try {
    found = await fileTypeFromBlob(file);
  } catch {
    return kind('unreadable'); // a folder, or gone
  }
  return found ? kind(kindOfType(found), found.ext.toUpperCase()) : kind('unknown');
}

const kind = (name, type = '') => ({
  kind: name,
  type,
  perhapsWeights: PERHAPS_WEIGHTS.includes(name),
});

function kindOfType({ ext, mime }) {
  if (ext === 'heic' || ext === 'heif') return 'heic';
  if (['cr2', 'cr3', 'nef', 'arw', 'dng', 'orf', 'raf', 'rw2'].includes(ext)) return 'raw';
  if (ext === 'pdf') return 'pdf';
  if (ext === 'zip') return 'archive';
  const [family] = mime.split('/');
  return ['image', 'video', 'audio'].includes(family) ? family : 'other';
}
