// The bench's own web server: these folders and the module under test, with the
// headers that let the peers use threads.

import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

/** Serves `folders` (address -> folder); resolves to the origin and a `close`. */
export async function serve(folders) {
  const setHeaders = (response) => {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
  };
  const roots = Object.entries({ '/': fileURLToPath(new URL('.', import.meta.url)), ...folders })
    .map(([address, folder]) => ({ address, files: sirv(folder, { dev: true, setHeaders }) }))
    .sort((a, b) => b.address.length - a.address.length);
  const server = createServer((request, response) => {
    const { address, files } = roots.find((root) => request.url.startsWith(root.address));
    request.url = `/${request.url.slice(address.length)}`;
    files(request, response, () => response.writeHead(404).end());
  });
  await new Promise((listening) => server.listen(0, 'localhost', listening));
  return { origin: `http://localhost:${server.address().port}`, close: () => server.close() };
}
