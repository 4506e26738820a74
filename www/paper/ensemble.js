// Networks that err alike, more or less, and what becomes of their errors when
// they decide together: a model, to be tried.
import { normal, randomFrom } from './random.js';

/** Most networks that decide together. */
export const MOST = 20;
/** Photos that every network answers. */
export const PHOTOS = 20_000;

/**
 * How easy each photo is, for all networks and for each of them: normal numbers.
 *
 * @param {number} seed
 * @returns {{ common: Float32Array, own: Float32Array[], sorted: Float32Array }} sorted: `common`
 */
export function drawPhotos(seed) {
  const random = randomFrom(seed);
  const draw = () => Float32Array.from({ length: PHOTOS }, () => normal(random));
  const common = draw();
  return { common, own: Array.from({ length: MOST }, draw), sorted: common.toSorted() };
}

/**
 * A network's score of a photo is normal, and negative where it errs. Two
 * networks' scores are correlated by what they have in common.
 *
 * @param {ReturnType<typeof drawPhotos>} photos
 * @param {{ error: number, correlation: number }} networks error: of each alone
 * @returns {{ average: number[], vote: number[], wrong: (network: number, photo: number) => boolean,
 *   together: (networks: number, photo: number) => boolean }}
 *   average, vote: share of the photos that are wrong when 1, 2, 3 ... decide
 *   together; wrong: whether one errs; together: whether the average of the first does
 */
export function decide({ common, own, sorted }, { error, correlation }) {
  const mean = -sorted[Math.round(error * (PHOTOS - 1))]; // so that this share is below 0
  const [shared, single] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  const score = (network, photo) => mean + shared * common[photo] + single * own[network][photo];
  const average = new Array(MOST).fill(0);
  const vote = new Array(MOST).fill(0);
  for (let photo = 0; photo < PHOTOS; photo += 1) {
    let [sum, against] = [0, 0];
    for (let network = 0; network < MOST; network += 1) {
      const own = score(network, photo);
      sum += own;
      against += own < 0 ? 1 : 0;
      average[network] += sum < 0 ? 1 : 0;
      // A vote that is tied is decided by a coin.
      vote[network] += against * 2 === network + 1 ? 0.5 : against * 2 > network + 1 ? 1 : 0;
    }
  }
  const share = (wrong) => wrong / PHOTOS;
  return {
    average: average.map(share),
    vote: vote.map(share),
    wrong: (network, photo) => score(network, photo) < 0,
    together: (networks, photo) => {
      let sum = 0;
      for (let network = 0; network < networks; network += 1) sum += score(network, photo);
      return sum < 0;
    },
  };
}
