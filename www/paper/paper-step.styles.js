// The look of every step of the paper, and of what it does with a photo.
import { css } from 'lit';

export const stepStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .text {
    padding: clamp(1.25rem, 2.5vw, 2.5rem) var(--gutter);
    background: var(--table);
    color: var(--on-table);
    --focus: #fff;
  }
  h2 {
    max-width: 18ch;
    margin: 0 0 0.6rem;
    font-size: clamp(1.7rem, 2.7vw, 2.75rem);
    font-weight: 750;
    line-height: 1.08;
    letter-spacing: -0.03em;
    text-wrap: balance;
  }
  .lead {
    max-width: 34rem;
    font-size: 1.02rem;
    text-wrap: pretty;
  }
  .facts {
    display: grid;
    gap: 0.9rem;
    max-width: 34rem;
    margin-top: 1.5rem;
  }
  .facts dt {
    color: var(--on-table-muted);
    font-size: 0.82rem;
  }
  .facts dd {
    font-size: 0.95rem;
    text-wrap: pretty;
  }
  .facts p:not(:first-child) {
    margin-top: 0.5rem;
  }
  .facts .button {
    margin-top: 0.5rem;
    border-color: #ffffff55;
    background: none;
    color: inherit;
  }
  .figure {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: 1.25rem;
    min-width: 0;
    padding: clamp(1.25rem, 2.5vw, 2.5rem) var(--gutter);
  }
  h3 {
    margin: 0;
    font-size: 1.05rem;
    font-weight: 650;
  }
  /* As a teacher's link has it: what is there to see, nothing to change. */
  :host([bare]) :is(.controls, .examples, .at-hand, .text .button) {
    display: none;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.75rem 1.5rem;
  }
  .controls .button {
    white-space: normal; /* a sentence, on a telephone */
  }
  .field {
    display: grid;
    gap: 0.2rem;
    min-width: 9rem;
    color: var(--muted);
    font-size: 0.85rem;
  }
  .field output,
  output.value {
    color: var(--ink);
    font-weight: 650;
    font-variant-numeric: tabular-nums;
  }
  .field span {
    display: flex;
    justify-content: space-between;
    gap: 0.5rem;
  }
  input[type='range'] {
    width: 100%;
    margin: 0;
    accent-color: var(--accent);
  }
  input[type='checkbox'],
  input[type='radio'] {
    accent-color: var(--accent);
  }
  .examples {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
  }
  .examples .button {
    min-height: 2.25rem;
    font-size: 0.88rem;
    font-weight: 500;
  }
  .examples [aria-pressed='true'] {
    border-color: var(--accent);
    box-shadow: inset 0 0 0 1px var(--accent);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.5rem;
    color: var(--muted);
    font-size: 0.85rem;
  }
  .choice {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    min-height: 2.5rem;
  }
  .note {
    max-width: 46rem;
    color: var(--muted);
    font-size: 0.9rem;
    text-wrap: pretty;
  }
  table {
    font-size: 0.9rem;
  }
  th,
  td {
    padding: 0.25rem 1rem 0.25rem 0;
    white-space: nowrap;
  }
  .place {
    display: flex;
    flex-wrap: wrap;
    gap: 1rem 2rem;
  }
  .place .photo {
    position: relative;
    width: min(14rem, 100%);
    cursor: crosshair;
  }
  .place .frame {
    min-width: 6px;
    min-height: 6px;
    outline-color: #fff;
    box-shadow: 0 0 0 4px #000a;
  }
  .place .controls {
    flex: 1 1 14rem;
    align-content: start;
  }
  .at-hand {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1rem;
  }
  .at-hand .loaded {
    display: flex;
    align-items: center;
    color: var(--muted);
    font-size: 0.9rem;
  }
  .at-hand b {
    font-weight: 550;
  }
  .at-hand .button {
    color: var(--accent-ink);
  }
  .at-hand task-progress {
    flex: 1 1 16rem;
  }
  .choice-of-photo {
    display: flex;
    flex-wrap: wrap;
    gap: 3px;
  }
  .choice-of-photo button {
    opacity: 0.55;
    transition: opacity 150ms;
  }
  .choice-of-photo button:hover,
  .choice-of-photo button:focus-visible {
    opacity: 1;
  }
  .choice-of-photo [aria-pressed='true'] {
    outline: 3px solid var(--accent);
    opacity: 1;
  }
  .choice-of-photo img {
    display: block;
    width: 2.5rem;
    height: 2.5rem;
    object-fit: cover;
  }
  .running {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1rem;
  }
  .button[aria-disabled='true'] {
    opacity: 0.5;
    cursor: default;
  }
  .running progress {
    width: 9rem;
    height: 0.5rem;
    accent-color: var(--accent);
  }
  .answers-table picture-crop {
    display: inline-block;
    width: 2.75rem;
    height: 2.75rem;
    margin-right: 0.6rem;
    vertical-align: middle;
  }
  .answers-table td[style] {
    background: linear-gradient(
        90deg,
        color-mix(in srgb, var(--accent) 25%, transparent) calc(100% * var(--share)),
        transparent 0
      )
      content-box;
  }
  .answers-table :is(th:first-child, td:nth-child(2)) {
    min-width: 6.5rem;
    white-space: normal;
  }
  .answers-table td.number {
    min-width: 5.5rem;
    padding-left: 0.3rem;
  }
  .answers-table .mean > * {
    border-top: 2px solid var(--ink);
    color: var(--ink);
    font-weight: 650;
  }
  .maps {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr));
    gap: 1rem 1.5rem;
  }
  .maps:has(> :nth-child(4)) {
    grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr));
  }
  .maps canvas {
    display: block;
    width: 100%;
    max-width: 36rem;
    image-rendering: pixelated;
  }
  .maps figcaption {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1rem;
    margin-top: 0.3rem;
    color: var(--muted);
    font-size: 0.85rem;
    font-variant-numeric: tabular-nums;
  }
  .maps b {
    color: var(--ink);
    font-weight: 650;
  }
  select {
    min-height: 2.5rem;
    padding: 0 0.5rem;
  }
  .wrapping th {
    white-space: normal;
  }
  svg text {
    fill: var(--muted);
    font-size: 11px;
    font-family: inherit;
  }
  @media (min-width: 56rem) {
    :host {
      grid-template-columns: minmax(19rem, 0.5fr) minmax(0, 1fr);
      min-height: clamp(30rem, calc(100svh - var(--around, 12rem)), 60rem);
    }
    /* What was measured stays beside where it is. */
    .told {
      position: sticky;
      top: clamp(1.25rem, 2.5vw, 2.5rem);
    }
    .figure {
      padding-left: clamp(1.5rem, 3vw, 3rem);
    }
  }
`;
