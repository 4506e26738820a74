// What the ways to ask about an answer look like: on the left, on the table that photos
// lie on, a picture; on the right what it shows, what can be set, and numbers.
import { css } from 'lit';

export const whyStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .picture {
    --focus: #fff;
    display: grid;
    align-content: center;
    justify-items: center;
    gap: 0.75rem;
    min-width: 0;
    padding: clamp(1rem, 2.5vw, 2.5rem) var(--gutter);
    background: var(--table);
    color: var(--on-table);
  }
  .picture > * {
    width: min(100%, 32rem, 72svh);
  }
  .picture canvas {
    display: block;
    width: 100%;
    aspect-ratio: 1;
    outline: 1px solid #ffffff30;
  }
  .text {
    display: grid;
    align-content: start;
    gap: 1.1rem;
    min-width: 0;
    padding: clamp(1.25rem, 2.5vw, 2.5rem) var(--gutter);
  }
  h3 {
    margin: 0;
    font-size: clamp(1.3rem, 1.9vw, 1.7rem);
    font-weight: 700;
    line-height: 1.15;
    letter-spacing: -0.02em;
    text-wrap: balance;
  }
  h4 {
    margin: 0;
    font-size: 1rem;
    font-weight: 650;
  }
  .lead {
    max-width: 40rem;
    text-wrap: pretty;
  }
  .result {
    max-width: 40rem;
    padding-left: 1rem;
    border-left: 0.35rem solid var(--accent);
    font-weight: 600;
    text-wrap: pretty;
  }
  .trouble {
    display: grid;
    justify-items: start;
    gap: 0.6rem;
    max-width: 40rem;
    padding-left: 1rem;
    border-left: 0.35rem solid var(--attention);
    font-weight: 600;
  }
  .note {
    max-width: 40rem;
    color: var(--muted);
    font-size: 0.9rem;
    text-wrap: pretty;
  }
  .controls,
  .going {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.75rem 1.25rem;
  }
  .going {
    align-items: center;
  }
  .field {
    display: grid;
    gap: 0.2rem;
    min-width: 8rem;
    max-width: 100%;
    color: var(--muted);
    font-size: 0.85rem;
  }
  .field output {
    color: inherit;
    font-weight: 650;
    font-variant-numeric: tabular-nums;
  }
  .field span {
    display: flex;
    justify-content: space-between;
    gap: 0.75rem;
  }
  select.box,
  input.box {
    min-width: 0;
    max-width: 100%;
    min-height: 2.5rem;
    padding: 0.25rem 0.6rem;
    font-size: 0.95rem;
  }
  input[type='range'] {
    width: 100%;
    margin: 0;
    accent-color: var(--accent);
  }
  .choice {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    min-height: 2.5rem;
    font-size: 0.9rem;
  }
  .choice input {
    accent-color: var(--accent);
  }
  progress {
    flex: 1 1 10rem;
    max-width: 22rem;
    height: 0.5rem;
    accent-color: var(--accent);
  }
  table {
    font-size: 0.9rem;
  }
  @media (min-width: 56rem) {
    :host {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
`;
