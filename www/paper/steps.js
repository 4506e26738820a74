// The paper, step by step, in the order of a lecture. Each step is an element of
// its own: `activation` is drawn by <activation-step> in activation-step.js.
import { html } from 'lit';
import './activation-step.js';
import './augmentation-step.js';
import './output-size-step.js';
import './parameters-step.js';
import './recipe-step.js';

/** @type {{ name: string, section: string, element: unknown }[]} section: of the paper */
export const STEPS = [
  { name: 'activation', section: '3.1', element: html`<activation-step></activation-step>` },
  { name: 'output-size', section: '3.5', element: html`<output-size-step></output-size-step>` },
  { name: 'parameters', section: '3.5', element: html`<parameters-step></parameters-step>` },
  { name: 'augmentation', section: '4.1', element: html`<augmentation-step></augmentation-step>` },
  { name: 'recipe', section: '5', element: html`<recipe-step></recipe-step>` },
];
