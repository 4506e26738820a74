// A file from an address, piece by piece, with progress.

/** Bytes read at once, at most. */
const PIECE = 1 << 20;

/**
 * @param {string} url
 * @param {number} bytes         length as published: for progress, and against a file without
 *   end; whether it is the right one, its hash says later
 * @param {(done: number, total: number) => void} progress
 * @param {AbortSignal} signal    stops it
 * @returns {AsyncGenerator<Uint8Array>}
 * @throws {import('./store.js').PageError} offline, download-refused, download-status,
 *   download-broken, integrity, stopped
 */
export async function* download(url, bytes, progress, signal) {
  const { host, pathname } = new URL(url, location.href);
  const name = decodeURIComponent(pathname.split('/').pop());
  let response;
  try {
    response = await fetch(url, {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal,
    });
  } catch {
    if (signal.aborted) throw { code: 'stopped' };
    throw { code: navigator.onLine ? 'download-refused' : 'offline', host, name, url };
  }
  if (!response.ok) throw { code: 'download-status', host, name, url, status: response.status };

  let done = 0;
  progress(done, bytes);
  try {
    for await (const piece of pieces(response.body)) {
      done += piece.length;
      if (done > 2 * bytes) break;
      progress(Math.min(done, bytes), bytes);
      yield piece;
    }
  } catch {
    if (signal.aborted) throw { code: 'stopped' };
    throw { code: navigator.onLine ? 'download-broken' : 'offline', host, name, url, done, bytes };
  }
  if (done > 2 * bytes) {
    throw { code: 'integrity', name, what: 'length', expected: String(bytes), found: `> ${done}` };
  }
}

/**
 * The pieces as a file of the browser, which lays large ones on disk.
 *
 * @param {AsyncGenerator<Uint8Array>} pieces what they throw passes through
 * @returns {Promise<Blob>}
 */
export async function blobOf(pieces) {
  let failure;
  const stream = new ReadableStream({
    async pull(controller) {
      try {
        const { value, done } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value.slice());
      } catch (error) {
        failure = error; // the response would make a `TypeError` of it
        throw error;
      }
    },
  });
  try {
    return await new Response(stream).blob();
  } catch (error) {
    throw failure ?? error;
  }
}

/**
 * A stream's pieces, each good until the next is asked for: they come in one buffer, as the
 * garbage of 244 MB would not be collected in time. (Safari's streams cannot be iterated, and
 * before 26 not be read so.)
 *
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<Uint8Array>}
 */
export async function* pieces(stream) {
  let reader;
  let buffer;
  try {
    reader = stream.getReader({ mode: 'byob' });
    buffer = new Uint8Array(PIECE);
  } catch {
    reader = stream.getReader();
  }
  try {
    for (let next; !(next = await reader.read(buffer)).done; ) {
      yield next.value;
      buffer &&= new Uint8Array(next.value.buffer);
    }
  } finally {
    reader.cancel().catch(() => {}); // an abandoned download: nobody waits for it
  }
}
