// Races that are drawn behind the one that runs.
import { nextId } from '../../store.js';
import { Curve } from '../curve.js';
import { fieldsOf } from '../recorded.js';
import { ACTIVATIONS } from '../settings.js';
import { getRace, setRace } from '../state.js';
import { change } from './change.js';

/** @param {string} id */
export const showDrawn = (id, shown) =>
  setRace({ drawn: getRace().drawn.map((entry) => (entry.id === id ? { ...entry, shown } : entry)) });

/** @param {string} id */
export const closeDrawn = (id) =>
  setRace({ drawn: getRace().drawn.filter((entry) => entry.id !== id) });

/**
 * Sets a recorded race up, to be run here: with files of CIFAR-10, where some were dropped.
 *
 * @param {import('../recorded.js').Recording} race
 */
export function setUp(race) {
  const data = getRace().settings.data === 'files' ? 'files' : 'cifar-10';
  return change({ ...fieldsOf(race), data });
}

/**
 * Draws a race that was saved.
 *
 * @param {string} name of its file
 * @param {string} text its content
 */
export function openRace(name, text) {
  const refuse = (reason) => {
    throw { code: 'malformed', format: 'JSON', file: name, reason };
  };
  let race;
  try {
    race = JSON.parse(text);
  } catch (error) {
    refuse(error.message);
  }
  if (race?.format !== RACE_FORMAT) refuse(`"format" is not "${RACE_FORMAT}"`);
  const complete = Array.isArray(race.lines) && race.lines.every(isLine);
  if (!complete) refuse('a line is not of relu, tanh or sigmoid, or lacks its steps');
  const entry = { id: nextId(), kind: 'opened', name, shown: true, race };
  setRace({ drawn: [...getRace().drawn, entry] });
}

const isLine = (line) => ACTIVATIONS.includes(line?.activation) && Curve.isData(line.curve);

/** What a saved race says that it is. */
export const RACE_FORMAT = 'alexnet-live-race';
