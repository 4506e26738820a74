// The look of dropout-step.js.
import { css } from 'lit';

export const dropoutStyles = css`
  .controls .field {
    flex: 1 1 10rem;
    max-width: 18rem;
  }
  .boards {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.5rem clamp(1rem, 3vw, 3rem);
    align-items: start;
  }
  .network {
    position: relative;
    height: clamp(20rem, 58vh, 32rem);
    max-width: 40rem;
    background: var(--wash);
  }
  .connections {
    position: absolute;
    width: 100%;
    height: 100%;
  }
  .connections path {
    stroke: var(--accent);
    stroke-width: 1.75;
    vector-effect: non-scaling-stroke;
  }
  .connections .negative {
    stroke: var(--attention);
  }
  .unit {
    position: absolute;
    display: grid;
    place-items: center;
    width: 1.8rem;
    height: 1.8rem;
    margin: -0.9rem;
    border: 2px solid var(--ink);
    border-radius: 50%;
    background: var(--paper);
    font-size: 0.85rem;
  }
  button.unit {
    border-color: var(--accent);
    background: color-mix(in srgb, var(--accent) 35%, var(--paper));
  }
  /* As in lecture notes: a cross through the unit. */
  .unit[aria-pressed='true'] {
    border-color: color-mix(in srgb, var(--ink) 55%, var(--wash));
    background: var(--wash);
  }
  .unit[aria-pressed='true']::before,
  .unit[aria-pressed='true']::after {
    content: '';
    position: absolute;
    width: 130%;
    height: 2.5px;
    background: var(--ink);
    rotate: 45deg;
  }
  .unit[aria-pressed='true']::after {
    rotate: -45deg;
  }
  .output span {
    position: absolute;
    top: 100%;
    font-size: 0.8rem;
    font-variant-numeric: tabular-nums;
  }
  .sheets {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
    gap: 1rem;
    max-width: 40rem;
  }
  .sheets .button {
    grid-column: 1 / -1;
    justify-self: start;
  }
  .answers {
    display: grid;
    gap: 1rem;
  }
  .answers table {
    width: 100%;
  }
  .answers th,
  .answers td {
    padding-right: 0.5rem;
    white-space: normal;
    vertical-align: bottom;
  }
  .answers .number {
    padding: 0.25rem 0 0 0.5rem;
  }
  .drawn td {
    padding: 0;
  }
  .strip {
    display: block;
    width: 100%;
    height: 2.6rem;
    overflow: visible;
  }
  .axis {
    fill: none;
    stroke: var(--line);
    vector-effect: non-scaling-stroke;
  }
  .dots {
    fill: none;
    stroke: var(--accent-ink);
    stroke-width: 5;
    stroke-linecap: round;
    stroke-opacity: 0.35;
    vector-effect: non-scaling-stroke;
  }
  .strip .mean,
  .strip .scaled {
    stroke: var(--ink);
    stroke-width: 3;
    vector-effect: non-scaling-stroke;
  }
  .strip .scaled {
    stroke: var(--attention);
    stroke-width: 5;
  }
  th.mean,
  th.scaled {
    border-bottom: 3px solid var(--ink);
  }
  th.scaled {
    border-color: var(--attention);
  }
  .settling {
    display: block;
    width: 100%;
    max-width: 34rem;
  }
  polyline {
    fill: none;
    stroke: var(--ink);
    stroke-width: 2;
    vector-effect: non-scaling-stroke;
  }
  polyline.scaled {
    stroke: var(--attention);
    stroke-dasharray: 6 4;
  }
  .legend {
    display: grid;
    gap: 0.15rem;
  }
  .legend i {
    display: inline-block;
    width: 1.6rem;
    margin-right: 0.5rem;
    border-top: 2px solid var(--ink);
    vertical-align: middle;
  }
  .legend .scaled {
    border-top: 2px dashed var(--attention);
  }
  @media (min-width: 80rem) {
    .boards {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
  }
`;
