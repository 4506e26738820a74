// Training: on the left the pictures that are learnt, on the right the race of
// the paper's Figure 1; below them what decides it and why it goes as it does.
import { css, html, nothing } from 'lit';
import { Component } from '../components/component.js';
import '../components/device-line.js';
import '../components/device-trouble.js';
import { startRace } from './actions/start.js';
import { clearRace, writeRace } from './actions/change.js';
import './race-chart.js';
import './race-inside.js';
import './race-lanes.js';
import './race-numbers.js';
import './race-offer.js';
import './race-settings.js';
import './race-stage.js';
import './race-tools.js';
import './race-verdict.js';

export { takeRaceDrop } from './actions/drop.js';

class RaceView extends Component {
  static styles = [
    Component.styles,
    css`
      :host {
        --relu: var(--accent);
        --tanh: var(--attention);
        --sigmoid: light-dark(#4a535c, #b4bec7);
        --grid: light-dark(#e6eaed, #232a31);
        display: block;
      }
      .stage,
      .track {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
      }
      .track {
        grid-template-rows: auto minmax(17rem, 1fr) auto;
        gap: 1rem;
        align-content: stretch;
        min-width: 0;
        padding: clamp(1rem, 2vw, 2rem) var(--gutter) 1.25rem;
      }
      .head {
        display: grid;
        gap: 0.75rem;
      }
      @media (min-width: 56rem) {
        .stage {
          grid-template-columns: minmax(19rem, 0.55fr) minmax(0, 1fr);
          min-height: clamp(34rem, calc(100svh - 5rem), 70rem);
        }
        .track {
          padding-left: clamp(1.25rem, 2.5vw, 2.5rem);
        }
      }
    `,
  ];

  connectedCallback() {
    super.connectedCallback();
    startRace();
    writeRace();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearRace();
  }

  render() {
    const { gpu } = this.state;
    return html`<race-offer></race-offer>
      <div class="stage">
        <race-stage></race-stage>
        <div class="track">
          ${gpu.status === 'unavailable' ? html`<device-trouble></device-trouble>` : nothing}
          <div class="head">
            <race-verdict></race-verdict>
            <race-tools></race-tools>
            <device-line></device-line>
          </div>
          <race-chart></race-chart>
          <race-lanes></race-lanes>
        </div>
      </div>
      <race-settings></race-settings>
      <race-inside></race-inside>
      <race-numbers></race-numbers>`;
  }
}

customElements.define('race-view', RaceView);
