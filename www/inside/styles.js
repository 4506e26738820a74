// What the parts of looking inside have in common: rows of choices, tables, notes.
import { css } from 'lit';
import { tableStyles } from '../components/table.styles.js';

export const insideStyles = [
  tableStyles,
  css`
    :host {
      display: grid;
      gap: 0.75rem;
      grid-template-columns: minmax(0, 1fr);
    }
    h4 {
      margin: 0;
      font-size: 0.95rem;
      font-weight: 650;
    }
    .controls {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.5rem 1.5rem;
    }
    .choices {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.25rem;
    }
    .choices > span {
      margin-right: 0.25rem;
      color: var(--muted);
      font-size: 0.85rem;
    }
    .choices .button {
      min-height: 2.1rem;
      padding: 0.15em 0.7em;
      font-size: 0.85rem;
      font-weight: 500;
    }
    [aria-pressed='true'].button {
      border-color: var(--accent);
      box-shadow: inset 0 0 0 1px var(--accent);
    }
    .note {
      max-width: 46rem;
      color: var(--muted);
      font-size: 0.85rem;
      text-wrap: pretty;
    }
    .field {
      display: grid;
      gap: 0.1rem;
      min-width: 10rem;
      max-width: 30rem;
      color: var(--muted);
      font-size: 0.85rem;
    }
    .field span {
      display: flex;
      justify-content: space-between;
      gap: 0.5rem;
    }
    .field output {
      color: var(--ink);
      font-weight: 650;
      font-variant-numeric: tabular-nums;
    }
    input[type='range'] {
      width: 100%;
      margin: 0;
      accent-color: var(--accent);
    }
    summary {
      color: var(--accent-ink);
      font-size: 0.85rem;
      cursor: pointer;
    }
    table {
      font-size: 0.85rem;
    }
    .scroll th,
    .scroll td {
      padding: 0.15rem 1.25rem 0.15rem 0;
      white-space: nowrap;
    }
    td button,
    .link {
      color: var(--accent-ink);
      text-decoration: underline;
      text-underline-offset: 0.15em;
    }
    canvas {
      display: block;
      image-rendering: pixelated;
    }
  `,
];
