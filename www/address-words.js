// The words of a link, where a link has words of a list. The parts that they name may come later.

export const VIEWS = ['classify', 'train', 'paper'];

/** Steps of the view of the paper, in its order. */
export const STEPS = [
  'activation',
  'towers',
  'normalisation',
  'pooling',
  'output-size',
  'parameters',
  'augmentation',
  'dropout',
  'recipe',
  'ensemble',
];

/** How much of a step is shown alone. */
export const ONLY = ['step', 'figure'];

/** What computes. */
export const ENGINES = ['cpu', 'gpu'];

/** What can be asked about an answer. */
export const WAYS = ['grad-cam', 'gradient', 'guided', 'occlusion', 'picture', 'neighbours'];

/** Letters of a refused value that are told. */
const MOST_LETTERS = 40;

/** A part of an address as it is told: it may be of any length. */
export function shortened(key, value) {
  const letters = [...value];
  const end = letters.length > MOST_LETTERS ? ' …' : '';
  return `${key}=${letters.slice(0, MOST_LETTERS).join('')}${end}`;
}
