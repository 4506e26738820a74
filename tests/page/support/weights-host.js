// A host of weights, as the public ones are, and a build of the page that knows
// it: in a copy of dist/ the registry's addresses and hashes of AlexNet are
// overwritten with those of the files at hand. All else is the page as it is.
import { createHash } from 'node:crypto';
import { cpSync, createReadStream, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * @param {Record<string, string>} files name in addresses to path on disk
 * @returns {Promise<object>} `origin`, `requests` (names, in order), `close()`, and what the
 *   next answers are like: `cors`, `status`, `pauseAt` (bytes, then nothing comes until
 *   `resume()`), `damageAt` (the byte there is another)
 */
export async function serveWeights(files) {
  const usual = { cors: true, status: 200, pauseAt: Infinity, damageAt: -1 };
  const host = { requests: [], ...usual, usual: () => Object.assign(host, usual) };
  const server = createServer((request, response) => {
    const name = new URL(request.url, host.origin).pathname.slice(1);
    host.requests.push(name);
    if (host.cors) response.setHeader('Access-Control-Allow-Origin', '*');
    response.writeHead(host.status, { 'Content-Length': statSync(files[name]).size });
    pipeline(Readable.from(pieces(files[name], host)), response).catch(() => {}); // stopped
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  host.origin = `http://127.0.0.1:${server.address().port}`;
  host.close = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return host;
}

async function* pieces(path, host) {
  const { pauseAt, damageAt } = host;
  let sent = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const end = sent + piece.length;
    if (sent <= damageAt && damageAt < end) piece[damageAt - sent] ^= 1;
    yield piece;
    if (sent < pauseAt && pauseAt <= end) await new Promise((resolve) => (host.resume = resolve));
    sent = end;
  }
}

/**
 * Copies the built page and points its registry elsewhere.
 *
 * @param {string} dist
 * @param {string} copy folder to write
 * @param {{ url: string, hash: string, path: string, address: string }[]} entries  of the
 *   registry: `url` and `hash` as they stand in it, the file instead, and where it is served
 */
export function pointRegistry(dist, copy, entries) {
  rmSync(copy, { recursive: true, force: true });
  cpSync(dist, copy, { recursive: true });
  const name = readdirSync(join(copy, 'assets')).find((file) => file.endsWith('.wasm'));
  const module = join(copy, 'assets', name);
  const bytes = readFileSync(module);
  for (const { url, hash, path, address } of entries) {
    if (url) overwrite(bytes, url, `${address}?`.padEnd(url.length, '-'));
    overwrite(bytes, hash, hash.length === 40 ? gitBlob(path) : sha256(path));
  }
  writeFileSync(module, bytes);
}

function overwrite(bytes, old, text) {
  const at = bytes.indexOf(old);
  if (at < 0 || text.length !== old.length) throw new Error(`the module has no ${old} of that length`);
  bytes.write(text, at);
}

const sha256 = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

function gitBlob(path) {
  const bytes = readFileSync(path);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
