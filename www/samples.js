// The sample photographs; samples.json says what each shows, and whose it is.
import descriptions from './samples/samples.json';

const addresses = import.meta.glob('./samples/*.{jpg,png,webp}', {
  eager: true,
  query: '?url',
  import: 'default',
});

/**
 * The name is in the address of the page.
 *
 * @type {{ name: string, url: string, alt: { en: string, zh: string }, author: string,
 *          licence: string, source: string }[]}
 */
export const SAMPLES = descriptions.map(({ file, ...description }) => ({
  name: file.split('.')[0],
  url: addresses[`./samples/${file}`],
  ...description,
}));

/** @param {string} name */
export const findSample = (name) => SAMPLES.find((sample) => sample.name === name);
