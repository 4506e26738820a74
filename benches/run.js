// `node benches/run.js [--only name,...] [--rounds N] [suite ...]`: runs the page's
// engine and its peers in one Chromium and prints how they compare.
// Rounds are interleaved (A B C, A B C), so that a drift of the machine meets
// every entry alike. An answer that is not PyTorch's counts as a failure.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { adapter, launch, withPage } from './browser.js';
import { FRAMES_BUDGET, framesWhileCompiling, framesWhileTraining } from './frames.js';
import { makeModels } from './inference/files.js';
import { RENDERER_BUDGET, uploadPeaks } from './memory.js';
import { OPENING_BUDGET, openingTimes } from './opening.js';
import { median, table } from './report.js';
import { serve } from '../tests/page/support/server.js';
import { SUITES } from './suites.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '3' },
  },
});
const rounds = Number(options.rounds);
if (!(Number.isInteger(rounds) && rounds > 0)) fail(`--rounds must be a whole number from 1, not ${options.rounds}`);
for (const suite of positionals) {
  if (!SUITES[suite]) fail(`there is no suite ${suite}: choose from ${Object.keys(SUITES).join(', ')}`);
}
const chosen = options.only.split(',').filter(Boolean);
const suites = (positionals.length ? positionals : Object.keys(SUITES)).map((name) => {
  const entries = SUITES[name].entries.filter((entry) => !chosen.length || chosen.includes(entry.name));
  return { ...SUITES[name], entries };
});
const names = Object.values(SUITES).flatMap(({ entries }) => entries.map(({ name }) => name));
for (const name of chosen) {
  if (!names.includes(name)) fail(`there is no entry ${name}: choose from ${[...new Set(names)].join(', ')}`);
}

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));
if (suites.some(({ entries }) => entries.some(({ ours }) => ours)) && !existsSync(folder('../www/pkg'))) {
  fail('www/pkg is missing: `cargo xtask bench` builds it first, --only names peers that need none');
}
makeModels(folder('../target/bench'));
const server = await serve(
  {
    '/': folder('.'),
    '/models/': folder('../target/bench'),
    '/www/': folder('../www'),
    '/page/': folder('../dist'),
  },
  // lets the peers use threads
  { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
);
const browser = await launch();
try {
  const device = await withPage(browser, `${server.origin}/page.html`, 30, adapter);
  console.log(`Chromium ${browser.version()} on ${device ?? 'a machine without WebGPU'}`);
  for (const suite of suites) {
    if (suite.entries.length) print(suite, await measure(suite));
  }
  const entries = suites.flatMap(({ entries }) => entries);
  const ours = entries.find(({ name, module }) => name === 'ours' && module.startsWith('inference/'));
  if (ours) {
    // The processor's weights stand in the page's process; a GPU's should not.
    const onGpu = entries.find(({ name, module }) => name === 'ours-gpu' && module.startsWith('inference/'));
    if (onGpu) await attempt('memory', () => printMemory(onGpu));
    await attempt('opening', printOpenings);
    await attempt('frames', () => printFrames('kernels were compiled', framesWhileCompiling));
  }
  if (entries.some(({ ours, module }) => ours && module.startsWith('training/'))) {
    await attempt('frames', () => printFrames('three lines trained', framesWhileTraining));
  }
} finally {
  await browser.close();
  server.close();
}

/** entry -> { cold, warm: times in milliseconds, difference, notes, sound: whether all went well }. */
async function measure({ entries, seconds, least, most, timeout }) {
  const results = new Map(entries.map((entry) => [entry, { cold: [], warm: [], difference: 0, notes: {}, sound: true }]));
  for (let round = 0; round < rounds; round++) {
    for (const [entry, result] of results) {
      if (!result.sound) continue;
      result.sound = await attempt(entry.name, () =>
        withPage(browser, addressOf(entry), timeout, async (page) => {
          const { milliseconds, difference, notes = {} } = await page.evaluate(() => cold());
          result.cold.push(milliseconds);
          result.difference = Math.max(result.difference, difference);
          for (const [name, value] of Object.entries(notes)) (result.notes[name] ??= []).push(value);
          const times = await page.evaluate((limits) => warm(...limits), [least, most, seconds]);
          result.warm.push(...times);
        }),
      );
    }
  }
  return results;
}

function addressOf({ module }) {
  return `${server.origin}/page.html?entry=${encodeURIComponent(module)}`;
}

/** Tells of what fails, and goes on with the rest. */
async function attempt(name, work) {
  try {
    await work();
    return true;
  } catch (error) {
    console.error(`\n${name} failed: ${error.message.split('\n')[0]}`);
    process.exitCode = 1;
    return false;
  }
}

async function printMemory(entry) {
  if (process.platform !== 'linux') return console.log('\nMemory is measured on Linux only.');
  const { renderer, GPU } = await uploadPeaks(browser, addressOf(entry), 180);
  console.log(`\nUploading the weights took at most ${renderer.toFixed(0)} MB more in the page's process (budget: ${RENDERER_BUDGET}), ${GPU.toFixed(0)} MB more in the GPU's.`);
  if (renderer > RENDERER_BUDGET) throw new Error(`${renderer.toFixed(0)} MB are over the budget of ${RENDERER_BUDGET} MB`);
}

async function printOpenings() {
  const { openings, inference } = await openingTimes(browser, `${server.origin}/page/`, rounds, 180);
  const middle = median(openings);
  console.log(`\nOpening a layer of SqueezeNet took ${middle.toFixed(0)} ms (budget: ${OPENING_BUDGET}), at most ${Math.max(...openings).toFixed(0)} ms; ${(middle / inference).toFixed(2)} of an inference of ${inference.toFixed(0)} ms.`);
  if (middle > OPENING_BUDGET) throw new Error(`${middle.toFixed(0)} ms are over the budget of ${OPENING_BUDGET} ms`);
}

async function printFrames(doing, count) {
  const { idle, working } = await count(browser, `${server.origin}/page/`, 180);
  const share = working.perSecond / idle.perSecond;
  console.log(`\nWhile ${doing}, the page drew ${working.perSecond.toFixed(0)} frames a second, ${share.toFixed(2)} of those at rest (budget: ${FRAMES_BUDGET}); the longest wait for one was ${working.longest.toFixed(0)} ms.`);
  if (share < FRAMES_BUDGET) throw new Error(`${share.toFixed(2)} of the frames at rest are less than ${FRAMES_BUDGET}`);
}

function print({ title, rate }, results) {
  const sound = [...results].filter(([, result]) => result.sound);
  const best = (peers) => Math.min(...peers.map(([, { warm }]) => median(warm)));
  const peers = sound.filter(([{ ours }]) => !ours);
  const bests = [best(peers.filter(([{ webgpu }]) => webgpu)), best(peers)];
  const ratio = (time, other) => (Number.isFinite(other) ? (time / other).toFixed(2) : '-');
  const rows = [
    ['', 'cold start', 'warm median', 'minimum', ...(rate ? [rate.unit] : []), 'to WebGPU peers', 'to all peers', 'error'],
  ];
  for (const [{ name }, { cold, warm, difference }] of sound) {
    const middle = median(warm);
    rows.push([
      name,
      `${median(cold).toFixed(0)} ms`,
      `${middle.toFixed(0)} ms`,
      `${Math.min(...warm).toFixed(0)} ms`,
      ...(rate ? [((1000 * rate.batch) / middle).toFixed(1)] : []),
      ...bests.map((other) => ratio(middle, other)),
      difference.toExponential(1),
    ]);
  }
  console.log(`\n${title}\n\n${table(rows)}`);
  for (const [{ name }, { notes }] of results) {
    for (const [note, samples] of Object.entries(notes)) console.log(`${name}: ${note} ${median(samples).toFixed(0)} ms`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
