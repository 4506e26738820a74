// A plain static server, for page tests and benchmarks.
import { createServer } from 'node:http';
import sirv from 'sirv';

/**
 * Serves folders at a free port of this machine.
 *
 * @param {Record<string, string>} folders address prefix (`/`, `/some/folder/`) to folder on disk
 * @param {Record<string, string>} headers sent with every answer
 * @returns {Promise<{ origin: string, close(): Promise<void> }>} origin without trailing slash
 */
export async function serve(folders, headers = {}) {
  const mounts = Object.entries(folders)
    .map(([prefix, folder]) => ({ prefix, files: sirv(folder, { dev: true }) }))
    .sort((a, b) => b.prefix.length - a.prefix.length);

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const mount = mounts.find(({ prefix }) => request.url.startsWith(prefix));
    const notFound = () => response.writeHead(404).end('not found');
    if (!mount) return notFound();
    request.url = '/' + request.url.slice(mount.prefix.length);
    mount.files(request, response, notFound);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });

  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
