// Grids of one shape side by side, such as input × weights = products. The pointer or
// the arrow keys choose a place in all of them, and a sentence tells what stands there.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import './value-grid.js';
import { STEPS, stepped } from './steps.js';

class ValueReader extends Component {
  static properties = {
    grids: { attribute: false }, // { name, label, values, scale, mark }, and the sign before it
    columns: { attribute: false },
    first: { attribute: false }, // the place that is told until another is chosen
    tell: { attribute: false }, // (index) => the sentence
    label: {},
    at: { state: true }, // the chosen place
  };

  static styles = [
    Component.styles,
    css`
      :host {
        display: grid;
        justify-items: start;
        gap: 0.3rem;
        min-width: 0;
      }
      .grids {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 0.75rem;
      }
      figure {
        display: grid;
        gap: 0.2rem;
      }
      figcaption {
        color: var(--muted);
        font-size: 0.8rem;
      }
      value-grid {
        min-width: 2.9rem;
      }
      .wide {
        width: 9rem;
      }
      .grids > span {
        font-size: 1.3rem;
      }
      p {
        font-size: 0.85rem;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  constructor() {
    super();
    this.at = null;
  }

  /** The place that is told; another map's window may be smaller. */
  get #place() {
    const { at, first, grids } = this;
    return at !== null && at < grids[0].values.length ? at : first;
  }

  render() {
    const { grids, columns, label } = this;
    const place = this.#place;
    const wide = columns > 5 || grids[0].values.length / columns > 5 ? 'wide' : '';
    return html`<div
        class="grids"
        tabindex="0"
        role="application"
        aria-label=${label}
        @keydown=${this.#key}
      >
        ${grids.map(
          ({ sign, name, label, values, scale, mark }) => html`${sign ? html`<span>${sign}</span>` : nothing}
            <figure class=${wide}>
              <figcaption>${name}</figcaption>
              <value-grid
                .values=${values}
                .columns=${columns}
                .scale=${scale}
                .mark=${mark ?? -1}
                .cursor=${place}
                label=${label}
                @point=${({ detail }) => (this.at = detail)}
              ></value-grid>
            </figure>`,
        )}
      </div>
      <p role="status" aria-live=${this.at === null ? 'off' : 'polite'}>${this.tell(place)}</p>`;
  }

  #key = (event) => {
    if (!Object.hasOwn(STEPS, event.key)) return;
    event.preventDefault();
    const { columns, grids } = this;
    this.at = stepped(event.key, this.#place, columns, grids[0].values.length);
  };
}

customElements.define('value-reader', ValueReader);
