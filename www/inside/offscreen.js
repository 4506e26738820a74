// A canvas of a component that the worker draws on (www/inside/mosaic.js).
import { transfer } from 'comlink';
import { engine } from '../engine.js';

/**
 * @param {() => HTMLCanvasElement} canvas which nobody has drawn on; asked for once
 * @returns {{ id: () => Promise<number>, close: () => void }} its id in the worker
 */
export function offscreen(canvas) {
  let id = null;
  return {
    id() {
      if (!id) {
        const handed = canvas().transferControlToOffscreen();
        id = engine.addCanvas(transfer(handed, [handed]));
      }
      return id;
    },
    close() {
      id?.then((known) => engine.removeCanvas(known));
    },
  };
}
