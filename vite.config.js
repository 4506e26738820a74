import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from '@formatjs/icu-messageformat-parser';
import { minifyHTMLLiterals } from 'minify-literals';
import { defineConfig } from 'vite';

/** Puts what was built before www/service-worker.js, which keeps it for when there is no network. */
const serviceWorker = {
  name: 'service-worker',
  apply: 'build',
  writeBundle({ dir }) {
    const source = readFileSync('www/service-worker.js', 'utf8').replace(/^\s*(\/\/|\/?\*).*\n/gm, '');
    const assets = readdirSync(join(dir, 'assets')).map((name) => `assets/${name}`);
    const page = readFileSync(join(dir, 'index.html'));
    const files = ['./', './NOTICES.txt', ...assets.sort()];
    const version = createHash('sha256').update(page).update(source).update(String(files));
    version.update(readFileSync(join(dir, 'NOTICES.txt')));
    const constants = { VERSION: version.digest('hex').slice(0, 16), FILES: files };
    const lines = Object.entries(constants).map(
      ([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`,
    );
    writeFileSync(join(dir, 'service-worker.js'), lines.join('') + source);
  },
};

const read = (path) => readFileSync(path, 'utf8');

/** Whose work is in the page: NOTICES.txt with the files that it names, and all libraries. */
const notices = {
  name: 'notices',
  apply: 'build',
  generateBundle() {
    const samples = JSON.parse(read('www/samples/samples.json'));
    const credits = samples.map(({ file, author, licence, source }) => `${file}: ${author}, ${licence}\n  ${source}`);
    const quoted = (path) => (path.endsWith('samples.json') ? credits.join('\n') : read(path).trim());
    const data = read('NOTICES.txt').replace(/^@(.+)$/gm, (_, path) => quoted(path));
    const libraries = [
      ['JavaScript', npmLicences()],
      ['WebAssembly', existsSync(CRATES) ? JSON.parse(read(CRATES)) : []],
    ].map(([kind, entries]) => `Libraries: ${kind}\n${'-'.repeat(11 + kind.length)}\n${byText(entries)}`);
    // The mark tells browsers that it is UTF-8, whatever the server says.
    const source = `\ufeff${[data.trim(), ...libraries].join('\n\n\n')}\n`;
    this.emitFile({ type: 'asset', fileName: 'NOTICES.txt', source });
  },
};

/** xtask/src/licences.rs writes it. */
const CRATES = 'www/pkg/licences.json';

/** The packages that the page's scripts are made of. */
function npmLicences() {
  const { packages } = JSON.parse(read('package-lock.json'));
  const shipped = Object.entries(packages).filter(([path, { dev }]) => path && !dev && existsSync(path));
  return shipped.map(([path, { version, license: licence }]) => {
    const file = readdirSync(path).find((name) => /^licen[cs]e/i.test(name));
    return { name: path.replace(/^.*node_modules\//, ''), version, licence, text: file && read(join(path, file)) };
  });
}

/** Many libraries, few texts: each once, below those that it holds for. */
function byText(entries) {
  const texts = new Map();
  for (const { name, version, licence, text } of entries) {
    const key = text?.replaceAll('\r', '').trim() ?? '';
    texts.set(key, [...(texts.get(key) ?? []), `${name} ${version} (${licence ?? 'see below'})`]);
  }
  return [...texts].map(([text, names]) => [names.join('\n'), text].filter(Boolean).join('\n\n')).join('\n\n\n');
}

/** Messages are parsed while building, so that the page needs no parser of ICU syntax. */
const messages = {
  name: 'messages',
  apply: 'build',
  enforce: 'pre',
  config: () => ({
    resolve: {
      alias: { '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/no-parser.js' },
    },
  }),
  load: {
    filter: { id: /\/www\/i18n\/(en|zh)\.json\?url$/ },
    handler(id) {
      const file = id.replace('?url', '');
      const parsed = Object.entries(JSON.parse(readFileSync(file, 'utf8'))).map(
        ([key, message]) => [key, parse(message, { ignoreTag: true })],
      );
      const source = JSON.stringify(Object.fromEntries(parsed));
      const asset = this.emitFile({ type: 'asset', name: basename(file), source });
      return `export default import.meta.ROLLUP_FILE_URL_${asset};`;
    },
  },
};

/** The minifier of scripts leaves the spaces in templates and style sheets of components. */
const templates = {
  name: 'templates',
  apply: 'build',
  enforce: 'pre',
  transform: {
    filter: { id: /\/www\/(components|inside|paper|race)\/[\w.-]+\.js$/ },
    handler: (code, id) => minifyHTMLLiterals(code, { fileName: id }),
  },
};

/**
 * What the page may do, in the page itself, so that every host has it: nothing that is not its own
 * runs or styles it. It may fetch from everywhere, since a person may name any address. Styles of
 * single elements stand in templates.
 */
const POLICY = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'style-src-attr': "'unsafe-inline'",
  'img-src': "'self' blob: data:",
  'media-src': 'blob:',
  'connect-src': "'self' https: http: data: blob:",
  'worker-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
};

/** Not while it is developed: Vite's own client styles the page by inline sheets. */
const policy = {
  name: 'policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: {
        'http-equiv': 'Content-Security-Policy',
        content: Object.entries(POLICY).map((rule) => rule.join(' ')).join('; '),
      },
      injectTo: 'head-prepend',
    },
  ],
};

export default defineConfig({
  // Relative addresses: dist/ works from any folder of any web server.
  base: './',
  // Only what the page imports is served; there is no folder of loose files.
  publicDir: false,
  plugins: [messages, templates, notices, policy, serviceWorker],
  worker: { format: 'es' },
  build: {
    // Everything that has WebGPU has these.
    target: 'es2023',
    // Files stay files: they are cached by name, and a strict content policy allows them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false, // `cargo xtask dist` reports sizes against the budgets
  },
  // Found only inside the worker: named here, or the first visit would reload.
  optimizeDeps: { include: ['comlink', 'modern-tar', 'unzipit'] },
  server: {
    watch: { ignored: ['**/target/**', '**/dist/**', '**/tests/**', '**/benches/**'] },
  },
});
