import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses: dist/ works from any folder of any web server.
  base: './',
  // Only what the page imports is served; there is no folder of loose files.
  publicDir: false,
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
  optimizeDeps: { include: ['comlink'] },
  server: {
    watch: { ignored: ['**/target/**', '**/dist/**', '**/tests/**', '**/benches/**'] },
  },
});
