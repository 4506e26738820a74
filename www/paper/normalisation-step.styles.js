// The look of normalisation-step.js.
import { css } from 'lit';

export const normalisationStyles = css`
  .controls .field {
    flex: 1 1 8rem;
    max-width: 14rem;
  }
  .channels {
    display: grid;
    grid-template-columns: repeat(16, minmax(0, 1fr));
    height: clamp(11rem, 26vh, 17rem);
    cursor: ns-resize;
    touch-action: pan-y;
    user-select: none;
  }
  .channel {
    position: relative;
    border-bottom: 2px solid var(--line);
  }
  .channel.summed {
    background: var(--wash);
    border-color: var(--ink);
  }
  .channel i {
    position: absolute;
    inset: auto 12% 0;
    height: calc(100% * var(--share));
  }
  .before {
    border: 1.5px solid color-mix(in srgb, var(--ink) 45%, var(--paper));
    border-bottom: 0;
  }
  .after {
    background: color-mix(in srgb, var(--accent) 45%, var(--paper));
  }
  .looked .before {
    border-color: var(--ink);
  }
  .looked .after {
    background: var(--accent);
  }
  .legend i {
    display: inline-block;
    position: static;
    width: 0.8em;
    height: 0.8em;
    margin-right: 0.4em;
    border-bottom: 1.5px solid;
  }
  .legend .after {
    border: 0;
  }
  .formula {
    display: grid;
    gap: 0.3rem;
    font-size: clamp(1rem, 1.6vw, 1.4rem);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  sup,
  sub {
    line-height: 0;
  }
  .formula b {
    color: var(--accent-ink);
  }
  .formula .squares {
    color: var(--muted);
    font-size: 0.75em;
    font-weight: 400;
  }
  td .bar {
    display: block;
    width: clamp(5rem, 14vw, 14rem);
    height: 0.6rem;
    background: linear-gradient(90deg, var(--accent) calc(100% * var(--share)), var(--wash) 0);
  }
`;
