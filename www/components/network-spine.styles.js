// The look of network-spine.js; across, where there is room, in network-spine.across.js.
import { css } from 'lit';

export const spineStyles = css`
  :host {
    --parameters: var(--ink);
    --work: color-mix(in srgb, var(--ink) 45%, var(--wash));
    --time: var(--accent);
    container-type: inline-size;
    display: block;
    padding: 1.25rem var(--gutter) 1.5rem;
    background: var(--wash);
  }
  p.name,
  span.name {
    font-weight: 650;
  }
  .shape,
  .note {
    color: var(--muted);
    font-variant-numeric: tabular-nums;
  }
  .wires {
    position: absolute;
    z-index: -1; /* behind the drawings and the photo */
    overflow: visible;
  }
  .line {
    fill: none;
    stroke: color-mix(in srgb, var(--accent) 70%, var(--wash));
    stroke-width: 1.5;
    vector-effect: non-scaling-stroke;
  }
  .join {
    fill: var(--paper);
    stroke: var(--accent);
    stroke-width: 1.5;
  }
  .plus {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.25;
  }
  .gpu {
    position: absolute;
    padding: 0 0.25em;
    background: var(--wash);
    color: var(--muted);
    font-size: 0.65rem;
    line-height: 1.2;
    white-space: nowrap;
  }
  .drawing {
    fill: var(--paper);
    stroke: color-mix(in srgb, var(--ink) 65%, var(--wash));
    stroke-width: 1;
  }
  .conv .front,
  .fire .front,
  .block .front,
  .fc .front {
    fill: color-mix(in srgb, var(--accent) 28%, var(--paper));
    stroke: var(--accent);
  }
  li button {
    color: inherit;
    text-align: inherit;
  }
  li button:hover .name {
    text-decoration: underline;
  }
  li {
    position: relative;
    --from: 0px; /* from the middle of the stage before to where its drawing ends */
    --to: 0px;
  }
  li button[aria-expanded='true'] {
    /* No background: the lines lie behind. */
    box-shadow: 0 0 0 2px var(--accent);
  }
  .blank {
    display: block;
    border: 1.5px dashed var(--muted);
    background: var(--wash);
  }
  picture-crop,
  .blank {
    width: var(--side);
    aspect-ratio: 1;
  }
  .answer {
    font-weight: 700;
    line-height: 1.2;
    overflow-wrap: anywhere;
  }
  .legend span {
    white-space: nowrap;
  }
  .share {
    color: var(--accent-ink);
    font-weight: 700;
    font-variant-numeric: tabular-nums;
  }
  .bar {
    background: var(--tone);
  }
  .parameters {
    --tone: var(--parameters);
  }
  .work {
    --tone: var(--work);
  }
  .time {
    --tone: var(--time);
  }

  /* Downwards: a row for each stage, two bars in it. The drawings' x and y change places. */
  .network {
    --side: 4.25rem; /* of a drawing */
    position: relative;
    isolation: isolate;
    display: grid;
    gap: 0.5rem;
    margin-top: 0.75rem;
  }
  .drawing g,
  .wires g {
    transform: matrix(0, 1, 1, 0, 0, 0);
  }
  ol.towers {
    margin-top: 1.1rem;
  }
  .wires {
    left: 0;
    top: calc(-50% + var(--from));
    width: var(--side);
    height: calc(100% - var(--from) - var(--to));
  }
  .from-edge {
    --from: calc(var(--side) / 2);
  }
  .to-edge {
    --to: calc(var(--side) / 2);
  }
  li:first-child {
    --from: -0.5rem; /* from the photo */
  }
  .towers li:first-child {
    --from: -1.6rem;
  }
  li:last-child::after {
    content: '';
    position: absolute;
    z-index: -1;
    left: calc(var(--side) / 2);
    top: 50%;
    bottom: -1rem;
    border-left: 2px solid color-mix(in srgb, var(--accent) 70%, var(--wash));
  }
  .gpu {
    top: -1.2rem;
    translate: -50%;
  }
  .gpu1 {
    left: calc(var(--side) / 4);
  }
  .gpu2 {
    left: calc(var(--side) * 3 / 4);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    font-size: 0.85rem;
  }
  .legend span::before {
    content: '';
    display: inline-block;
    width: 0.7em;
    height: 0.7em;
    margin-right: 0.4em;
    background: var(--tone);
  }
  .end {
    display: grid;
    grid-template-columns: var(--side) 1fr;
    column-gap: 0.75rem;
    align-items: center;
  }
  .end.input > :first-child {
    grid-row: span 3;
  }
  .end.output {
    padding-top: 0.5rem;
    grid-template-columns: 1fr auto;
  }
  li button {
    display: grid;
    grid-template-columns: var(--side) 6.5rem minmax(0, 1fr);
    grid-template-rows: 1fr repeat(3, auto) 1fr;
    column-gap: 0.75rem;
    align-items: center;
    width: 100%;
    font-size: 0.85rem;
    line-height: 1.3;
  }
  .drawing {
    grid-row: 1 / -1;
    display: block;
    width: var(--side);
    height: var(--side);
  }
  li .name,
  .measure.parameters {
    grid-row: 2;
  }
  .measure.work {
    grid-row: 3;
  }
  .measure.time {
    grid-row: 4;
  }
  li .shape {
    grid-row: 3;
    grid-column: 2;
    font-size: 0.75rem;
    white-space: nowrap;
  }
  .measure {
    grid-column: 3;
    display: flex;
    align-items: center;
    gap: 0.4rem;
    min-height: 1em;
  }
  .measure .bar {
    width: calc(var(--share) / var(--largest) * 75%);
    min-width: 1px;
    height: 0.6rem;
  }
  .measure .value {
    font-size: 0.75rem;
    font-variant-numeric: tabular-nums;
  }

  @container (min-width: 40rem) {
    ol {
      display: grid;
      grid-template-rows: repeat(var(--rows), auto);
      grid-auto-columns: minmax(0, 1fr);
      grid-auto-flow: column;
      column-gap: 2rem;
    }
    .top .wires {
      clip-path: inset(50% 0 0);
    }
    li:last-child::after {
      display: none;
    }
  }
`;
