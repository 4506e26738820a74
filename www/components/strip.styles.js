// A strip of buttons along the page, one of which is `aria-current`.
import { css } from 'lit';

export const stripStyles = css`
  nav {
    overflow-x: auto;
    scrollbar-width: thin;
    background: var(--wash);
  }
  nav ol {
    display: flex;
    width: max-content;
    min-width: 100%;
    padding: 0 calc(var(--gutter) - 0.7rem);
  }
  nav button {
    position: relative;
    min-height: 2.75rem;
    padding: 0 0.7rem;
    color: var(--muted);
    font-size: 0.9rem;
    white-space: nowrap;
  }
  nav button:hover {
    color: var(--ink);
  }
  nav button:not([aria-current='false']) {
    color: var(--ink);
    font-weight: 650;
  }
  nav button:not([aria-current='false'])::after {
    content: '';
    position: absolute;
    inset: auto 0.7rem 0;
    height: 3px;
    background: var(--accent);
  }
`;
