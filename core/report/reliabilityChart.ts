import type { ContestantFigures } from '../evaluation/evaluationFigures.ts';
import { escapeHtml, percent } from './html.ts';

const SIZE = 320;
const LEFT = 48;
const TOP = 12;
const BOTTOM = 40;
const INNER = SIZE - TOP - BOTTOM;
const WIDTH = LEFT + INNER + 16;

/** Accuracy over confidence as SVG: on the diagonal a model is as sure as it is right. */
export function reliabilityChart(
  { bins }: NonNullable<ContestantFigures['calibration']>,
  { label, colour }: { readonly label: string; readonly colour: string },
): string {
  const px = (share: number): number => LEFT + share * INNER;
  const py = (share: number): number => TOP + (1 - share) * INNER;
  const most = Math.max(...bins.map(({ pixels }) => pixels), 1);
  const known = bins.filter(({ pixels }) => pixels > 0);
  const bars = known.map(({ from, to, pixels, accuracy, confidence }) => {
    const says = `confidence ${percent(confidence ?? 0)}, right ${percent(accuracy ?? 0)}, ${pixels} pixels`;
    // Area, not height: few pixels are faint.
    const opacity = 0.15 + 0.5 * Math.sqrt(pixels / most);
    return `<g><title>${says}</title><rect x="${px(from) + 1}" width="${px(to) - px(from) - 2}" y="${py(accuracy ?? 0)}" height="${py(0) - py(accuracy ?? 0)}" fill="${colour}" opacity="${opacity.toFixed(2)}"/></g>`;
  });
  const line = known
    .map(({ confidence, accuracy }) => `${px(confidence ?? 0).toFixed(1)},${py(accuracy ?? 0).toFixed(1)}`)
    .join(' ');
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) =>
      `<text x="${LEFT - 8}" y="${py(tick) + 4}" text-anchor="end">${tick * 100}%</text><text x="${px(tick)}" y="${SIZE - BOTTOM + 16}" text-anchor="middle">${tick * 100}%</text><line class="axis" x1="${LEFT}" x2="${px(1)}" y1="${py(tick)}" y2="${py(tick)}"/>`,
  );
  return `<svg viewBox="0 0 ${WIDTH} ${SIZE}" role="img" aria-label="${escapeHtml(`Reliability of ${label}`)}">
${ticks.join('')}${bars.join('')}
<line x1="${px(0)}" y1="${py(0)}" x2="${px(1)}" y2="${py(1)}" stroke="var(--quiet)" stroke-dasharray="3 4"/>
<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>
<text x="${px(0.5)}" y="${SIZE - 6}" text-anchor="middle">confidence</text><text x="12" y="${py(0.5)}" text-anchor="middle" transform="rotate(-90 12 ${py(0.5)})">right</text>
</svg>`;
}
