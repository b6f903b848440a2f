import { escapeHtml } from './html.ts';

export interface ScatterPoint {
  readonly label: string;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
  /** Ends of its interval; null: none is drawn. */
  readonly low: number | null;
  readonly high: number | null;
  readonly onFront: boolean;
}

export interface ScatterOptions {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}

const WIDTH = 520;
const HEIGHT = 320;
const LEFT = 66;
const RIGHT = 20;
const TOP = 16;
const BOTTOM = 44;

/** Cost (to the right) against quality (upwards) as SVG, with the intervals and the Pareto front. */
export function scatterChart(points: readonly ScatterPoint[], options: ScatterOptions): string {
  const xs = niceTicks(0, Math.max(...points.map(({ x }) => x)) * 1.15);
  const lows = points.map(({ y, low }) => low ?? y);
  const highs = points.map(({ y, high }) => high ?? y);
  const spread = Math.max(Math.max(...highs) - Math.min(...lows), 0.01);
  const ys = niceTicks(
    Math.max(0, Math.min(...lows) - spread * 0.25),
    Math.min(1, Math.max(...highs) + spread * 0.35),
  );
  const [x0, x1] = [xs[0]!, xs.at(-1)!];
  const [y0, y1] = [ys[0]!, ys.at(-1)!];
  const px = (x: number): number => LEFT + ((x - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT);
  const py = (y: number): number => HEIGHT - BOTTOM - ((y - y0) / (y1 - y0)) * (HEIGHT - TOP - BOTTOM);
  const grid = [
    ...ys.map(
      (y) =>
        `<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${py(y)}" y2="${py(y)}"/><text x="${LEFT - 8}" y="${py(y) + 4}" text-anchor="end">${options.formatY(y)}</text>`,
    ),
    ...xs.map(
      (x) =>
        `<text x="${px(x)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${options.formatX(x)}</text>`,
    ),
  ];
  const front = points.filter(({ onFront }) => onFront).sort((a, b) => a.x - b.x);
  const line = front.map(({ x, y }) => `${px(x)},${py(y)}`).join(' ');
  const marks = points.map(({ label, colour, x, y, low, high, onFront }) => {
    const interval =
      low === null || high === null
        ? ''
        : `<line x1="${px(x)}" x2="${px(x)}" y1="${py(low)}" y2="${py(high)}" stroke="${colour}" stroke-width="1.5" opacity=".6"/>`;
    const right = px(x) > WIDTH * 0.5;
    return `<g><title>${escapeHtml(`${label}: ${options.formatX(x)} ${options.xLabel}, ${options.formatY(y)}`)}</title>${interval}<circle cx="${px(x)}" cy="${py(y)}" r="5.5" fill="${onFront ? colour : 'var(--card)'}" stroke="${colour}" stroke-width="2"/><text class="ink" x="${px(x) + (right ? -11 : 11)}" y="${py(y) - 8}" text-anchor="${right ? 'end' : 'start'}">${escapeHtml(label)}</text></g>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(`${options.yLabel} against ${options.xLabel}`)}">
${grid.join('')}
<polyline points="${line}" fill="none" stroke="var(--quiet)" stroke-dasharray="4 4" opacity=".8"/>
${marks.join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${escapeHtml(options.xLabel)}</text>
<text x="12" y="${(TOP + HEIGHT - BOTTOM) / 2}" text-anchor="middle" transform="rotate(-90 12 ${(TOP + HEIGHT - BOTTOM) / 2})">${escapeHtml(options.yLabel)}</text>
</svg>`;
}

/** About five round numbers from at most `low` to at least `high`. */
export function niceTicks(low: number, high: number): number[] {
  const span = high > low ? high - low : 1;
  const power = 10 ** Math.floor(Math.log10(span / 5));
  const step = [1, 2, 5, 10].map((n) => n * power).find((candidate) => span / candidate <= 6) ?? 10 * power;
  const ticks: number[] = [];
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  for (let n = first; n <= last; n++) ticks.push(Number((n * step).toPrecision(12)));
  return ticks.length > 1 ? ticks : [low, low + span];
}
