// Keeps the page for when there is no network: after one visit it opens without
// one. The build (vite.config.js) puts two constants before this file: VERSION,
// which is another for each build, and FILES, the addresses of all its files.
/* global VERSION, FILES */

// Pages of other folders of the same host have workers and caches of their own.
const PREFIX = `${registration.scope} `;
const CACHE = PREFIX + VERSION;
/** Milliseconds that a network may take before the kept page opens. */
const PATIENCE = 3000;

addEventListener('install', (event) => event.waitUntil(keep()));
addEventListener('activate', (event) => event.waitUntil(replaceOlder()));
addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(registration.scope)) return;
  event.respondWith(request.mode === 'navigate' ? page(request) : file(request));
});

/** Files are named after their content: what an older version has is not fetched again. */
async function keep() {
  const cache = await caches.open(CACHE);
  const missing = [];
  for (const address of FILES) {
    const named = address.startsWith('assets/');
    const kept = named && (await caches.match(address));
    if (kept) await cache.put(address, kept);
    else missing.push(new Request(address, { cache: named ? 'default' : 'no-cache' }));
  }
  await cache.addAll(missing); // all or none, the page among them
}

/** No page of the older version is open any more. */
async function replaceOlder() {
  const older = (await versions()).filter((name) => name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
  await clients.claim();
}

/** The names of the caches, the oldest first. */
async function versions() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/** The newest page that can be had: it names the files that belong to it. */
async function page(request) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch (error) {
    const isNotices = new URL(request.url).pathname.endsWith('/NOTICES.txt');
    for (const name of (await versions()).reverse()) {
      const cache = await caches.open(name);
      const kept = await cache.match(isNotices ? './NOTICES.txt' : './');
      if (kept) return kept;
    }
    throw error;
  }
}

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}
