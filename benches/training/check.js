// A step counts when the loss before it is PyTorch's: the first shows the
// forward pass, the later ones the gradients and the momentum.

/** Of the loss. */
const TOLERANCE = 1e-3;

/** The relative difference of step `index`'s loss from PyTorch's. */
export async function check(index, loss) {
  const losses = await (await fetch(new URL('expected.json', import.meta.url))).json();
  const difference = Math.abs(loss - losses[index]) / losses[index];
  if (!(difference <= TOLERANCE)) {
    throw new Error(`loss of step ${index} is ${loss}, PyTorch's is ${losses[index]}`);
  }
  return difference;
}
