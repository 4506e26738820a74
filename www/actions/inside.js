// Looking inside: the stage, the layer and the unit in view, which a link carries.
import { getState, setState } from '../store.js';
import { writeAddress } from '../address.js';
import { shortened } from '../address-words.js';
import { outline } from '../network-outline.js';
import { tellError } from './notices.js';

/**
 * As a link has them. What the loaded network does not have is not shown.
 *
 * @param {{ stage: string | null, layer: string | null, unit: string | null }} fromAddress
 */
export function startInside({ stage, layer, unit }) {
  setState({ stage, layer, unit: unit === null ? null : Number(unit) });
}

/** Tells what a link asks for that the loaded network does not have, and forgets it. */
export function checkInside() {
  const { model, stage: stageName, layer: layerName, unit } = getState();
  if (!model) return;
  const stage = outline(model.layers).find(({ name }) => name === stageName);
  const layer = stage?.layers.find(({ name }) => name === layerName);
  const asked = [
    ['stage', stageName, stage],
    ['layer', layerName, layer],
    ['unit', unit, unit < layer?.shape.at(-1)],
  ];
  const strange = asked.filter(([, value, isThere]) => value !== null && !isThere);
  if (strange.length === 0) return;
  const refused = strange.map(([key, value]) => shortened(key, String(value)));
  tellError({ code: 'address-ignored', name: 'inside', refused });
  show(Object.fromEntries(strange.map(([key]) => [key, null])));
}

/** @param {string | null} stage by name; it is closed if it is the open one */
export const toggleStage = (stage) =>
  show({ stage: stage === getState().stage ? null : stage, layer: null, unit: null });

/** @param {string} layer by name */
export const setLayer = (layer) => show({ layer, unit: null });

/** @param {string} layer by name @param {number | null} unit to see large */
export const setUnit = (layer, unit) => show({ layer, unit });

/**
 * To one cell of a map of another layer.
 *
 * @param {string} stage that has the layer
 * @param {{ layer: string, unit: number, row: number, column: number }} place
 */
export function goToCell(stage, place) {
  show({ stage, layer: place.layer, unit: place.unit }, place);
}

/** What a link does not carry is the cell that a map opens at. */
function show(patch, place = null) {
  setState({ ...patch, place });
  writeAddress(patch, { step: true });
}
