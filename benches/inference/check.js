// An answer counts when it is PyTorch's.

/** Of the largest logit; single precision leaves about 3e-6. */
const TOLERANCE = 1e-4;

/** The largest difference of answer `index` from PyTorch's, over the largest logit. */
export async function check(index, logits) {
  const answers = await (await fetch(new URL('expected.json', import.meta.url))).json();
  const expected = answers[index % answers.length];
  if (logits.length !== expected.length) {
    throw new Error(`expected ${expected.length} logits, got ${logits.length}`);
  }
  const largest = Math.max(...expected.map(Math.abs));
  const difference = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - logits[i])), 0);
  if (!(difference <= TOLERANCE * largest)) {
    throw new Error(`logits differ from PyTorch's by ${difference}, more than ${TOLERANCE} of ${largest}`);
  }
  return difference / largest;
}
