// How uPlot draws the race: axes, lines, the threshold, where it is crossed.
import { THRESHOLD } from './curve.js';
import { count, percent, t } from '../i18n/index.js';
import { indexAt, STROKES, strokeWidth } from './chart-lines.js';

/**
 * @param {object} view
 * @param {import('./state.js').Race['chart']} view.chart
 * @param {import('./chart-lines.js').ChartLine[]} view.lines  of each series
 * @param {(name: string) => string} view.colour               of a custom property, as it is now
 * @param {number} view.rem                                    in pixels
 * @param {(u: object) => void} view.onCursor
 * @param {() => import('./chart-lines.js').ChartLine[]} view.now  the lines at the time of drawing
 */
export function chartOptions({ chart, lines, colour, rem, onCursor, now }) {
  const error = chart.y === 'error';
  const axis = {
    stroke: () => colour('--muted'),
    // Whole pixels: uPlot reads no others.
    font: `${Math.round(0.75 * rem)}px system-ui, sans-serif`,
    labelFont: `600 ${Math.round(0.8 * rem)}px system-ui, sans-serif`,
    labelSize: 1.6 * rem,
    grid: { stroke: () => colour('--grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: 600,
    height: 400,
    padding: [rem, rem, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, distr: chart.logx ? 3 : 1, range: (u, _, high) => rangeOfX(chart, now(), high) },
      y: { distr: chart.logy ? 3 : 1, range: (u, low, high) => rangeOfY(chart, low, high) },
    },
    axes: [
      {
        ...axis,
        label: t(`race.axis.${chart.x}`),
        size: 1.9 * rem,
        values: (u, splits) => splits.map((value) => (value === null ? '' : count(value))),
      },
      {
        ...axis,
        label: t(`race.axis.${chart.y}`),
        size: 3.4 * rem,
        values: (u, splits) =>
          splits.map((value) =>
            value === null ? '' : error ? percent(value, value > 0 && value < 0.01 ? 1 : 0) : count(value),
          ),
      },
    ],
    series: [{}, ...lines.map((line) => series(line, colour, rem))],
    hooks: {
      draw: [(u) => error && drawThreshold(u, now(), colour, rem)],
      setCursor: [onCursor],
    },
  };
}

function series(line, colour, rem) {
  const { activation, kind } = line;
  const { colour: name, dash } = STROKES[activation];
  const scale = rem / 16;
  return {
    stroke: () => colour(name),
    width: strokeWidth(line) * scale,
    alpha: { training: 1, validation: 0.9, behind: 0.4 }[kind],
    dash: dash.map((length) => length * scale),
    cap: activation === 'sigmoid' ? 'round' : 'butt',
    spanGaps: true,
    points: { show: kind === 'validation', size: 4 * scale, fill: () => colour(name) },
  };
}

/** The race that runs says how far the axis goes; without one, those behind it. */
function rangeOfX({ x, logx }, lines, high) {
  const ends = (kind) => lines.filter((line) => line.kind === kind).map(({ xs }) => xs.at(-1) ?? 0);
  const running = Math.max(0, ...ends('training'));
  const furthest = running > 0 ? running : high || 1;
  const least = x === 'epochs' ? 0.5 : 5;
  const end = Math.max(furthest * 1.03, least);
  return [logx ? end / 1000 : 0, end];
}

function rangeOfY({ y, logy }, low, high) {
  if (y === 'error') return [logy ? 0.001 : 0, 1];
  return [logy ? Math.max((low ?? 1) * 0.8, 1e-5) : 0, Math.max((high ?? 1) * 1.05, 0.1)];
}

/** The 25 % line, and on it the moment of each line. */
function drawThreshold(u, lines, colour, rem) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  const y = u.valToPos(THRESHOLD, 'y', true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.setLineDash([]); // of the line before
  ctx.strokeStyle = colour('--ink');
  ctx.fillStyle = colour('--ink');
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = `600 ${0.75 * rem * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  const label = percent(THRESHOLD, 0);
  ctx.fillText(label, placeOfLabel(u, lines, ctx.measureText(label).width, y, rem), y - 0.35 * rem * ratio);
  ctx.globalAlpha = 1;
  for (const line of lines) {
    if (line.crossing === null || line.xs.length === 0) continue;
    const x = u.valToPos(line.crossing, 'x', true);
    const own = colour(STROKES[line.activation].colour);
    const hollow = line.place > 0;
    ctx.globalAlpha = line.kind === 'behind' ? 0.45 : 1;
    ctx.fillStyle = hollow ? colour('--paper') : own;
    ctx.strokeStyle = hollow ? own : colour('--paper');
    ctx.lineWidth = 2 * ratio;
    ctx.beginPath();
    ctx.arc(x, y, (0.36 * rem) * ratio, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
  drawRatio(u, lines, y, colour, rem);
  ctx.restore();
}

/** Where a label above the threshold begins: at the end of it that fewer lines pass through. */
function placeOfLabel(u, lines, width, y, rem) {
  const margin = 0.3 * rem * devicePixelRatio;
  const { left, width: whole } = u.bbox;
  const places = [left + margin, left + whole - margin - width];
  const [atLeft, atRight] = places.map((from) => {
    const box = { from: from - margin, to: from + width + margin, top: y - 4 * margin, bottom: y };
    return lines.filter((line) => passes(u, line, box)).length;
  });
  return places[atRight < atLeft ? 1 : 0];
}

/** Whether a line passes through a box of the canvas. */
function passes(u, { xs, ys }, { from, to, top, bottom }) {
  const [low, high] = [from, to].map((at) => u.posToVal(at, 'x', true));
  if (xs.length === 0 || xs.at(-1) < low || xs[0] > high) return false;
  const heights = ys
    .slice(indexAt(xs, low), indexAt(xs, high) + 2) // from the point before to the one behind
    .filter((value) => value !== null)
    .map((value) => u.valToPos(value, 'y', true));
  return Math.min(...heights) <= bottom && Math.max(...heights) >= top;
}

/** From ReLU's moment to tanh's: the paper's six, as it came to here. */
function drawRatio(u, lines, y, colour, rem) {
  const moment = (name) =>
    lines.find(({ kind, activation }) => kind === 'training' && activation === name)?.crossing;
  const [first, second] = [moment('relu'), moment('tanh')];
  if (!first || !second || first === second) return;
  const { ctx } = u;
  const ratio = devicePixelRatio;
  const [from, to] = [first, second].map((at) => u.valToPos(at, 'x', true)).sort((a, b) => a - b);
  const above = y - 0.9 * rem * ratio;
  ctx.globalAlpha = 1;
  ctx.strokeStyle = colour('--ink');
  ctx.fillStyle = colour('--ink');
  ctx.lineWidth = 1.5 * ratio;
  ctx.beginPath();
  ctx.moveTo(from, above + 0.3 * rem * ratio);
  ctx.lineTo(from, above);
  ctx.lineTo(to, above);
  ctx.lineTo(to, above + 0.3 * rem * ratio);
  ctx.stroke();
  ctx.font = `700 ${0.95 * rem * ratio}px system-ui, sans-serif`;
  const label = t('race.ratio', { ratio: count(round(second / first)) });
  const width = ctx.measureText(label).width;
  const right = u.bbox.left + u.bbox.width - width;
  ctx.fillText(label, Math.min(Math.max((from + to - width) / 2, u.bbox.left), right), above - 0.35 * rem * ratio);
}

/** @param {number} ratio to what a person can say of it: 3.7, 12 */
export const round = (ratio) => (ratio < 9.95 ? Math.round(ratio * 10) / 10 : Math.round(ratio));

