// What every component is: a Lit element that draws the state anew when it
// changes, with the buttons, fields and focus ring that all of them share.
import { LitElement, css } from 'lit';
import { getState, subscribe } from '../store.js';

const shared = css`
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  h2,
  h3,
  p,
  ol,
  ul,
  figure,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  ol,
  ul {
    list-style: none;
  }
  a {
    color: var(--accent-ink);
    text-underline-offset: 0.15em;
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    cursor: pointer;
  }
  :focus-visible {
    outline: 3px solid var(--focus, var(--accent));
    outline-offset: 2px;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    min-height: 2.5rem;
    padding: 0.3em 0.9em;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--paper);
    color: var(--ink);
    font-weight: 550;
    text-decoration: none;
    white-space: nowrap;
    transition: border-color 150ms;
  }
  .button:hover {
    border-color: currentcolor;
  }
  .button.primary {
    border-color: transparent;
    background: var(--primary, #0877bd);
    color: #fff;
  }
  .button.primary:hover {
    background: #06629c;
  }
  .button.quiet {
    border-color: transparent;
    background: none;
  }
  .icon svg {
    display: block;
    width: 1.15em;
    height: 1.15em;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  input {
    font: inherit;
    color: inherit;
  }
  .box {
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--paper);
    color: var(--ink);
    font: inherit;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;

export class Component extends LitElement {
  static styles = shared;

  #end = () => {};

  connectedCallback() {
    super.connectedCallback();
    this.#end = subscribe(() => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#end();
  }

  /** The page's state; see store.js. */
  get state() {
    return getState();
  }
}
