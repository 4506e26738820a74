// The page that holds one entry of a bench: opens it, checks every answer,
// then lets its time count.

const entry = new URL(location).searchParams.get('entry');

/** From opening this page to the first answer read back, in milliseconds. */
async function cold() {
  const { open } = await import(`./${entry}`);
  const { run, notes } = await open();
  const first = await run(0);
  const milliseconds = performance.now();

  const { check } = await import(`./${entry.split('/')[0]}/check.js`);
  const difference = await check(0, first);

  /** At least `least` and at most `most` more answers, `seconds` of them if that is more. */
  globalThis.warm = async (least, most, seconds) => {
    const times = [];
    const end = performance.now() + 1000 * seconds;
    while (times.length < least || (times.length < most && performance.now() < end)) {
      const start = performance.now();
      const answer = await run(times.length + 1);
      times.push(performance.now() - start);
      await check(times.length, answer);
    }
    return times;
  };
  return { milliseconds, difference, notes };
}

globalThis.cold = cold;
