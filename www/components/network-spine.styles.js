// The look of network-spine.js: across where there is room, else downwards.
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
  li button[aria-expanded='true'] {
    background: var(--paper);
    box-shadow: 0 0 0 1px var(--line);
  }
  .blank {
    position: relative; /* before the line */
    display: block;
    border: 1.5px dashed var(--muted);
    background: var(--wash);
  }
  picture-crop,
  .blank {
    width: 4.75rem;
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

  /* Downwards: a row for each stage, two bars in it. */
  .network {
    position: relative;
    display: grid;
    gap: 0.5rem;
    margin-top: 0.75rem;
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
    grid-template-columns: 4.75rem 1fr;
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
    grid-template-columns: 3rem 7rem minmax(0, 1fr);
    grid-template-rows: repeat(2, auto);
    column-gap: 0.75rem;
    align-items: center;
    width: 100%;
    padding: 0.2rem 0;
    font-size: 0.85rem;
    line-height: 1.3;
  }
  .drawing {
    grid-row: 1 / span 2;
    display: block;
    width: 3rem;
    height: 3.4rem;
  }
  li .shape {
    grid-row: 2;
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
      columns: 2;
      column-gap: 2rem;
    }
    li {
      break-inside: avoid;
    }
  }

  /* Across: a column for each stage; parameters grow upwards, work downwards. */
  @container (min-width: 62rem) {
    .network {
      grid-template-columns: 6.25rem minmax(0, 1fr) 7rem;
      gap: 0 1rem;
      align-items: start;
    }
    .network::before {
      content: '';
      position: absolute;
      left: 2rem;
      right: 6.5rem;
      top: 2.5rem;
      height: 2px;
      background: var(--accent);
      opacity: 0.5;
    }
    ol {
      display: grid;
      column-gap: 0;
      grid-template-columns: repeat(var(--stages), minmax(0, 1fr));
    }
    .end {
      position: relative;
      display: block;
      font-size: 0.85rem;
      line-height: 1.3;
    }
    .end.input {
      width: 4.75rem;
      text-align: center;
    }
    .end.input .name {
      margin-top: 0.45rem;
      font-size: 0.8rem;
    }
    .end .shape {
      font-size: 0.72rem;
    }
    .legend span {
      height: 1.75rem;
    }
    .legend .time {
      width: 6.25rem;
      margin-top: 0.9rem;
      line-height: 1.2;
      white-space: normal;
    }
    .end.output {
      display: block;
      height: 5.2rem;
      padding: 1.35rem 0 0 0.75rem;
    }
    li button {
      position: relative;
      display: block;
      padding: 0 0 0.25rem;
      text-align: center;
      font-size: 0.8rem;
    }
    .drawing {
      width: 100%;
      height: 5.2rem;
    }
    li .shape,
    .measure {
      display: block;
    }
    li .shape {
      min-height: 2.6em;
      font-size: 0.72rem;
    }
    .shape span {
      display: block;
    }
    .measure {
      display: flex;
      flex-direction: column;
      align-items: center;
      gap: 0.15rem;
      height: 3.5rem;
    }
    .measure .bar {
      width: min(2.2rem, 60%);
      min-width: 0;
      height: calc(var(--share) / var(--largest) * 2.4rem);
      min-height: 1px;
    }
    .measure .value {
      min-height: 1.2em;
      font-size: 0.72rem;
      line-height: 1.2;
    }
    .measure.parameters {
      flex-direction: column-reverse;
    }
    .measure.work {
      padding-top: 2px;
      border-top: 1.5px solid var(--line);
    }
    .legend {
      position: absolute;
      left: 0;
      top: 10.5rem;
      flex-direction: column;
      gap: 0;
    }
  }
`;
