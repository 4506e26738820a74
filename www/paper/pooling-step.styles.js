// The look of pooling-step.js.
import { css } from 'lit';
import { SIDE } from './pooling.js';

export const poolingStyles = css`
  .boards {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 1.25rem clamp(1rem, 3vw, 3rem);
    align-items: start;
    max-width: 48rem;
  }
  .input {
    grid-column: 1 / -1;
  }
  @media (min-width: 42rem) {
    .boards {
      grid-template-columns: minmax(0, 2fr) minmax(0, 1fr);
    }
    .input {
      grid-column: 1;
      grid-row: 1 / span 2;
    }
  }
  figcaption {
    min-height: 3em;
    padding-bottom: 0.4rem;
    font-size: 0.9rem;
  }
  figcaption b {
    display: block;
    font-weight: 650;
  }
  .grid {
    position: relative;
    display: grid;
    grid-template-columns: repeat(var(--side), minmax(0, 1fr));
  }
  .grid input,
  .grid button {
    width: 100%;
    min-width: 0;
    aspect-ratio: 1;
    padding: 0;
    border: 1px solid var(--paper);
    border-radius: 0;
    background: color-mix(in srgb, var(--accent) calc(6% * var(--value)), var(--wash));
    color: var(--ink);
    font-size: clamp(0.8rem, 1.4vw, 1.15rem);
    font-variant-numeric: tabular-nums;
    text-align: center;
  }
  .grid input.wins {
    font-weight: 800;
    box-shadow: inset 0 0 0 3px var(--attention);
  }
  .grid button.changed::after {
    content: '≠';
    margin-left: 0.25em;
    font-weight: 700;
  }
  .grid button.changed {
    box-shadow: inset 0 0 0 3px var(--attention);
  }
  .grid button[aria-current='true'] {
    outline: 3px solid var(--ink);
    outline-offset: -3px;
  }
  .window {
    position: absolute;
    left: calc(100% * var(--x) / ${SIDE});
    top: calc(100% * var(--y) / ${SIDE});
    width: calc(100% * var(--size) / ${SIDE});
    aspect-ratio: 1;
    border: 3px solid var(--ink);
    pointer-events: none;
  }
  .moves {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
  }
  .moves .arrow {
    min-width: 2.75rem;
  }
`;
