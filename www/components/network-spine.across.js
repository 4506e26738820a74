// The look of network-spine.js where there is room: a column for each stage, parameters
// grow upwards, work downwards. It follows network-spine.styles.js, which is for less.
import { css } from 'lit';

export const acrossStyles = css`
  @container (min-width: 62rem) {
    .network {
      --side: 5.2rem;
      grid-template-columns: 6.25rem minmax(0, 1fr) 7rem;
      gap: 0 1rem;
      align-items: start;
    }
    .drawing g,
    .wires g {
      transform: none;
    }
    .wires {
      left: calc(-50% + var(--from));
      top: 0;
      width: calc(100% - var(--from) - var(--to));
      height: var(--side);
    }
    .from-edge {
      --from: min(50%, var(--side) / 2);
    }
    .to-edge {
      --to: min(50%, var(--side) / 2);
    }
    li:first-child,
    .towers li:first-child {
      --from: calc(50% - 4.65rem);
    }
    li:last-child::after {
      display: block;
      left: 50%;
      right: -1.5rem;
      top: calc(var(--side) / 2 - 1px);
      bottom: auto;
      border-top: 2px solid color-mix(in srgb, var(--accent) 70%, var(--wash));
    }
    .top .wires {
      clip-path: none;
    }
    .gpu {
      top: auto;
      left: -2rem;
      translate: 0 -50%;
    }
    .gpu1 {
      top: calc(var(--side) / 4);
    }
    .gpu2 {
      top: calc(var(--side) * 3 / 4);
    }
    ol,
    ol.towers {
      display: grid;
      column-gap: 0;
      grid-template-columns: repeat(var(--stages), minmax(0, 1fr));
      grid-template-rows: none;
      grid-auto-flow: row;
      margin-top: 0;
    }
    .end {
      position: relative;
      display: block;
      font-size: 0.85rem;
      line-height: 1.3;
    }
    .end.input {
      width: 5.2rem;
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
      height: var(--side);
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
      height: 3.95rem; /* room above the largest */
      flex-direction: column-reverse;
    }
    .measure.work {
      padding-top: 2px;
      border-top: 1.5px solid var(--line);
    }
    .legend {
      position: absolute;
      left: 0;
      top: 10.95rem;
      flex-direction: column;
      gap: 0;
    }
  }
`;
