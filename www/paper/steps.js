// The paper, step by step, in the order of a lecture. Each step is an element of
// its own: `activation` is drawn by <activation-step> in activation-step.js.
import { html } from 'lit';
import './activation-step.js';
import './augmentation-step.js';
import './dropout-step.js';
import './ensemble-step.js';
import './normalisation-step.js';
import './output-size-step.js';
import './parameters-step.js';
import './pooling-step.js';
import './recipe-step.js';
import './towers-step.js';

/** @type {{ name: string, section: string, element: unknown }[]} section: of the paper */
export const STEPS = [
  { name: 'activation', section: '3.1', element: html`<activation-step></activation-step>` },
  { name: 'towers', section: '3.2', element: html`<towers-step></towers-step>` },
  { name: 'normalisation', section: '3.3', element: html`<normalisation-step></normalisation-step>` },
  { name: 'pooling', section: '3.4', element: html`<pooling-step></pooling-step>` },
  { name: 'output-size', section: '3.5', element: html`<output-size-step></output-size-step>` },
  { name: 'parameters', section: '3.5', element: html`<parameters-step></parameters-step>` },
  { name: 'augmentation', section: '4.1', element: html`<augmentation-step></augmentation-step>` },
  { name: 'dropout', section: '4.2', element: html`<dropout-step></dropout-step>` },
  { name: 'recipe', section: '5', element: html`<recipe-step></recipe-step>` },
  { name: 'ensemble', section: '6', element: html`<ensemble-step></ensemble-step>` },
];
