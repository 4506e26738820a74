// The chart with its title and legend, to be saved.
import { count, t } from '../i18n/index.js';
import { STROKES, byRace, chartLines, strokeWidth } from './chart-lines.js';
import { nameOf } from './recorded.js';
import { datasetOfRace, getRace, hasBegun } from './state.js';

/**
 * @param {{ canvas: HTMLCanvasElement, colour: (name: string) => string }} chart  as it is on the page
 * @returns {HTMLCanvasElement}
 */
export function chartPicture({ canvas: chart, colour }) {
  const scale = devicePixelRatio * (parseFloat(getComputedStyle(document.documentElement).fontSize) / 16);
  const [head, foot, gap, row] = [64, 12, 24, 24].map((length) => length * scale);
  const rows = legend();
  const canvas = document.createElement('canvas');
  canvas.width = chart.width + 2 * gap;
  canvas.height = chart.height + head + rows.length * row + foot;
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
  if (hasBegun()) context.fillText(subtitle(), gap, 0.8 * head);

  for (const [index, { name, lines }] of rows.entries()) {
    const y = head + chart.height + (index + 0.5) * row;
    if (name) context.fillText(name, gap, y);
    else drawSamples(context, lines, { left: gap, y, scale, colour });
  }
  return canvas;
}

/** Rows of the lines that are drawn: of the race that runs, and of those behind it, each below its name. */
function legend() {
  const drawn = chartLines(getRace()).filter(({ kind, xs }) => kind !== 'validation' && xs.length > 0);
  return byRace(drawn).flatMap(({ race, lines }) => (race ? [{ name: nameOf(race) }, { lines }] : [{ lines }]));
}

function drawSamples(context, lines, { left, y, scale, colour }) {
  for (const line of lines) {
    const { colour: own, dash } = STROKES[line.activation];
    context.globalAlpha = line.kind === 'behind' ? 0.45 : 1;
    context.strokeStyle = colour(own);
    context.lineWidth = strokeWidth(line) * scale;
    context.setLineDash(dash.map((length) => length * scale));
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(left + 36 * scale, y);
    context.stroke();
    context.globalAlpha = 1;
    const name = t('race.activation', line);
    context.fillText(name, left + 44 * scale, y);
    left += 68 * scale + context.measureText(name).width;
  }
}

function subtitle() {
  const { started, settings } = getRace();
  const dataset = datasetOfRace();
  const { network, batch, seed } = started ?? settings;
  return t('race.chart.subtitle', {
    network,
    dataset: dataset?.name ?? settings.data,
    images: count(dataset?.training ?? 0),
    batch,
    seed: String(seed),
  });
}
