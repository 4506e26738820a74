import { defineConfig } from '@playwright/test';

// `cargo xtask test page` sets CHROMIUM to the browser that it found; without
// it Playwright's own is used (`npx playwright install chromium`).
export default defineConfig({
  testDir: 'tests/page',
  outputDir: 'target/page-tests/artifacts',
  reporter: [['list'], ['json', { outputFile: 'target/page-tests/results.json' }]],
  // While a GPU in software compiles it uses one core; a second worker has the other.
  workers: 2,
  timeout: 240_000,
  expect: { timeout: 120_000 },
  forbidOnly: Boolean(process.env.CI),
  use: {
    // What spins while kernels compile would be drawn sixty times a second beside them.
    contextOptions: { reducedMotion: 'reduce' },
    serviceWorkers: 'block', // each test starts from the server; offline.spec.js allows them
    launchOptions: {
      executablePath: process.env.CHROMIUM || undefined,
      args: [
        '--enable-unsafe-webgpu', // offers the software adapter where there is no GPU
        '--use-fake-device-for-media-stream', // a camera that shows a clock
        '--js-flags=--expose-gc', // so that a test has what is left over collected
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // The GPU in software, which is the processor, computes; what is seen is drawn without it.
        '--disable-gpu-compositing',
        '--disable-gpu-rasterization',
        // The page must work offline, so the tests run offline.
        // One name stands for an address that is not this machine's own.
        '--host-resolver-rules=MAP elsewhere.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      ],
    },
    // Its film of a page drawn in software would take most of the time.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
  },
});
