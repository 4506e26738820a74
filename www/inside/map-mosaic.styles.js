// The look of map-mosaic.js.
import { css } from 'lit';

export const mosaicStyles = css`
  .mosaic {
    position: relative;
    cursor: zoom-in;
    touch-action: pan-y;
  }
  .mosaic > canvas {
    width: 100%;
    aspect-ratio: var(--ratio);
  }
  .tile {
    box-shadow: 0 0 0 3px var(--paper);
  }
  .tile.open {
    outline-color: var(--attention);
  }
  .tower {
    position: absolute;
    left: 0;
    right: 0;
    top: calc(100% * var(--y) - 1px);
    border-top: 2px solid var(--accent);
    pointer-events: none;
  }
  .lens {
    position: absolute;
    z-index: 1;
    --wide: min(11rem, 100% / 3);
    left: clamp(0px, 100% * var(--x), 100% - var(--wide));
    top: calc(100% * var(--below) + 0.5rem);
    width: var(--wide);
    padding: 0.3rem;
    border: 1px solid var(--line);
    background: var(--paper);
    font-size: 0.8rem;
    line-height: 1.3;
    pointer-events: none;
    visibility: hidden;
  }
  .lens.up {
    top: auto;
    bottom: calc(100% * var(--above) + 0.5rem);
  }
  .mosaic:hover .lens.on,
  .mosaic:focus-visible .lens.on {
    visibility: visible;
  }
  .lens canvas {
    width: 100%;
  }
  .legend {
    display: flex;
    align-items: center;
    gap: 0.4rem;
    color: var(--muted);
    font-size: 0.85rem;
    font-variant-numeric: tabular-nums;
  }
  .legend i {
    width: 6rem;
    height: 0.7rem;
    background: linear-gradient(90deg, #f59322, #e8eaeb, #0877bd);
  }
`;
