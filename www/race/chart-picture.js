// The chart with its title and legend, to be saved.
import { count, t } from '../i18n/index.js';
import { STROKES } from './chart-lines.js';
import { getRace, lanesInRace } from './state.js';

/**
 * @param {HTMLCanvasElement} chart as it is on the page
 * @returns {HTMLCanvasElement}
 */
export function chartPicture(chart) {
  const scale = devicePixelRatio * (parseFloat(getComputedStyle(document.documentElement).fontSize) / 16);
  const [head, foot, gap] = [64, 44, 24].map((length) => length * scale);
  const canvas = document.createElement('canvas');
  canvas.width = chart.width + 2 * gap;
  canvas.height = chart.height + head + foot;
  const context = canvas.getContext('2d');
  const style = getComputedStyle(document.body);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(chart, gap, head);

  context.fillStyle = style.color;
  context.textBaseline = 'middle';
  context.font = `700 ${20 * scale}px ${style.fontFamily}`;
  context.fillText(`AlexNet Live: ${t('race.chart.title')}`, gap, 0.42 * head);
  context.font = `${13 * scale}px ${style.fontFamily}`;
  context.fillText(subtitle(), gap, 0.8 * head);

  let left = gap;
  const y = canvas.height - foot / 2;
  for (const { activation } of lanesInRace()) {
    const { colour, dash } = STROKES[activation];
    context.strokeStyle = colourOf(colour);
    context.lineWidth = 2.5 * scale;
    context.setLineDash(dash.map((length) => length * scale));
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(left + 36 * scale, y);
    context.stroke();
    const name = t('race.activation', { activation });
    context.fillText(name, left + 44 * scale, y);
    left += 68 * scale + context.measureText(name).width;
  }
  return canvas;
}

function subtitle() {
  const { started, settings, data } = getRace();
  const { network, batch, seed } = started ?? settings;
  return t('race.chart.subtitle', {
    network,
    dataset: data.info?.name ?? settings.data,
    images: count(data.info?.training ?? 0),
    batch,
    seed: String(seed),
  });
}

/** Custom properties of the race stand on its view. */
function colourOf(name) {
  const view = document.querySelector('alexnet-app').renderRoot.querySelector('race-view');
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  view.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
