// What every component is: a Lit element that draws the state anew when it
// changes, with the buttons, fields and focus ring that all of them share.
import { LitElement, css, render } from 'lit';
import { getState, subscribe } from '../store.js';
import { failedPart } from './failed-part.js';

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
  .failed-part {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1rem;
    padding: 0.6rem 0.75rem;
    border-left: 0.35rem solid var(--attention);
    background: var(--paper);
    color: var(--ink);
    font-size: 0.9rem;
    overflow-wrap: anywhere;
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

  /** Why it could not be drawn. @type {unknown} */
  #failure = null;

  connectedCallback() {
    super.connectedCallback();
    this.#end = subscribe(() => (this.#failure === null ? this.requestUpdate() : this.#tellFailure()));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#end();
  }

  /** The page's state; see store.js. */
  get state() {
    return getState();
  }

  /**
   * Draws it, or says in its place that this failed. It is not tried again until the visitor asks:
   * what failed once would fail at each change of the state.
   */
  performUpdate() {
    if (this.#failure !== null) return;
    try {
      super.performUpdate();
    } catch (error) {
      console.error(error);
      this.#failure = error ?? new Error('nothing was said');
      this.#tellFailure();
    }
  }

  #tellFailure() {
    render(failedPart(this.#failure, this.#tryAgain), this.renderRoot, this.renderOptions);
  }

  #tryAgain = () => {
    this.#failure = null;
    // An update that was asked for meanwhile was never done: no other would be scheduled now.
    this.requestUpdate();
    this.performUpdate();
  };
}
