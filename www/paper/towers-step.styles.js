// The look of towers-step.js: the towers one above the other where there is
// room, else side by side and downwards.
import { css } from 'lit';

export const towersStyles = css`
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
  }
  .towers {
    --drawing: 4.4rem; /* a half of a stage, across the towers */
    --between: 1.6rem; /* the two towers */
    position: relative;
    display: grid;
  }
  .drawing {
    position: relative;
    display: block;
    fill: var(--paper);
    stroke: color-mix(in srgb, var(--ink) 45%, var(--paper));
    stroke-width: 1;
  }
  .lit .drawing {
    stroke: var(--accent);
  }
  .lit .drawing .front {
    fill: color-mix(in srgb, var(--accent) 28%, var(--paper));
  }
  [aria-current='true'] .drawing .front {
    fill: var(--accent);
  }
  .lines {
    position: absolute;
  }
  .lines path {
    fill: none;
    stroke: color-mix(in srgb, var(--ink) 30%, var(--paper));
    stroke-width: 1.25;
    vector-effect: non-scaling-stroke;
  }
  .lines path.lit {
    stroke: var(--accent);
    stroke-width: 2.5;
  }
  .node {
    position: relative;
    color: inherit;
    line-height: 1.25;
  }
  .head {
    color: var(--muted);
    font-size: 0.8rem;
    font-weight: 550;
  }
  .label {
    font-size: 0.8rem;
  }
  .label b {
    font-weight: 650;
  }
  .label span {
    color: var(--muted);
    font-size: 0.72rem;
    font-variant-numeric: tabular-nums;
  }
  .label span span {
    font-size: inherit;
    white-space: nowrap;
  }
  .sees {
    min-height: 3em;
    max-width: 46rem;
    font-size: 1.05rem;
    font-weight: 550;
    text-wrap: pretty;
  }
  td.saved {
    color: var(--accent-ink);
    font-weight: 650;
  }
  td.all {
    color: var(--muted);
  }
  thead tr:first-child th {
    padding-bottom: 0;
  }
  tfoot td,
  tfoot th {
    border-top: 1px solid var(--line);
    color: var(--ink);
  }

  /* Downwards: a row for each stage, the label on the outer side. */
  @media (max-width: 47.99rem) {
    .towers {
      --drawing: 3.6rem;
      --head: 2rem;
      grid-template-columns: 1fr var(--drawing) var(--between) var(--drawing) 1fr;
      grid-template-rows: var(--head);
      grid-auto-rows: 4.25rem;
    }
    .head.gpu1 {
      text-align: right;
    }
    .lines.across {
      display: none;
    }
    .lines.down {
      left: calc(50% - var(--drawing) - var(--between) / 2);
      top: var(--head);
      width: calc(2 * var(--drawing) + var(--between));
      height: calc(100% - var(--head));
    }
    .node {
      display: grid;
      grid-template-columns: subgrid;
      grid-row: calc(var(--stage, 1) + 1);
      align-items: center;
    }
    .drawing {
      width: var(--drawing);
      height: 4rem;
    }
    .label > * {
      display: block;
    }
    .gpu1 {
      grid-column: 1 / span 2;
      text-align: right;
    }
    .gpu1 .drawing {
      grid-column: 2;
      grid-row: 1;
    }
    .gpu1 .label {
      grid-column: 1;
      grid-row: 1;
    }
    .gpu2 {
      grid-column: 4 / span 2;
      text-align: left;
    }
    .shared {
      grid-column: 1 / -1;
      text-align: left;
    }
    .shared .drawing {
      grid-column: 2 / 5;
      grid-row: 1;
      justify-self: center;
    }
    .shared .label {
      grid-column: 5;
      grid-row: 1;
    }
  }

  /* Across: a column for each stage, the label above the upper tower and below the lower. */
  @media (min-width: 48rem) {
    .towers {
      --label: 3rem;
      grid-template-columns: repeat(var(--stages), minmax(0, 1fr));
      grid-template-rows: calc(var(--label) + var(--drawing)) calc(var(--drawing) + var(--label));
      row-gap: var(--between);
    }
    .lines.down {
      display: none;
    }
    .lines.across {
      left: 0;
      top: var(--label);
      width: 100%;
      height: calc(100% - 2 * var(--label));
    }
    .node {
      display: grid;
      grid-column: var(--stage, 1);
      align-content: center;
      justify-items: center;
      text-align: center;
    }
    .drawing {
      width: 100%;
      height: var(--drawing);
    }
    .label > * {
      display: block;
    }
    .head {
      grid-column: 1;
      text-align: center;
    }
    .head.gpu2 {
      align-self: end;
    }
    .gpu1 {
      grid-row: 1;
      grid-template-rows: var(--label) var(--drawing);
    }
    .gpu1 .drawing {
      grid-row: 2;
    }
    .gpu1 .label {
      grid-row: 1;
    }
    .gpu2 {
      grid-row: 2;
      grid-template-rows: var(--drawing) var(--label);
    }
    .shared {
      grid-row: 1 / span 2;
      align-self: center;
      grid-template-rows: var(--drawing);
    }
    .shared .label {
      position: absolute;
      top: 100%;
      width: 100%;
    }
  }
`;
