// A file from an address, piece by piece, with progress.

/**
 * @param {string} url
 * @param {number} bytes         length that it should have
 * @param {(done: number, total: number) => void} progress
 * @param {() => boolean} stopped asked after each piece
 * @returns {AsyncGenerator<Uint8Array>}
 * @throws {import('./store.js').PageError} offline, download-refused, download-status,
 *   download-broken, integrity, stopped
 */
export async function* download(url, bytes, progress, stopped) {
  const { host, pathname } = new URL(url, location.href);
  const name = decodeURIComponent(pathname.split('/').pop());
  const abort = new AbortController();
  let response;
  try {
    response = await fetch(url, {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: abort.signal,
    });
  } catch {
    throw { code: navigator.onLine ? 'download-refused' : 'offline', host, name, url };
  }
  if (!response.ok) throw { code: 'download-status', host, name, url, status: response.status };

  let done = 0;
  progress(done, bytes);
  try {
    for await (const piece of pieces(response.body)) {
      if (stopped()) throw { code: 'stopped' };
      done += piece.length;
      if (done > bytes) break;
      progress(done, bytes);
      yield piece;
    }
  } catch (error) {
    if (error.code === 'stopped') throw error;
    throw { code: navigator.onLine ? 'download-broken' : 'offline', host, name, url, done, bytes };
  } finally {
    abort.abort();
  }
  if (done !== bytes) {
    const found = done > bytes ? `> ${bytes}` : String(done);
    throw { code: 'integrity', name, what: 'length', expected: String(bytes), found };
  }
}

/**
 * A stream's pieces; Safari's streams cannot be iterated.
 *
 * @param {ReadableStream<Uint8Array>} stream
 */
export async function* pieces(stream) {
  const reader = stream.getReader();
  try {
    for (let next; !(next = await reader.read()).done; ) yield next.value;
  } finally {
    reader.cancel().catch(() => {}); // an abandoned download: nobody waits for it
  }
}
