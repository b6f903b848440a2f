import type { ContestantFigures, Interval } from '#core/evaluation/evaluationFigures.ts';
import { contestantLabel } from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationReport } from '#core/report/evaluationReport.ts';

const percent = (share: number | null): string =>
  (share === null ? '-' : `${(share * 100).toFixed(1)}%`).padStart(7);

/** What `evaluate` and `merge` print without --json: each contestant's figures, the classes last. */
export function evaluationTable({ figures, classTable }: EvaluationReport): string {
  const lines = figures.contestants.flatMap((contestant) => [...contestantLines(contestant), '']);
  const [first] = figures.contestants;
  if (first?.quality) {
    const iou = figures.contestants.map(({ quality }) => quality?.classes.map((entry) => entry.iou) ?? []);
    lines.push(
      'IoU by class',
      ...classTable.classes.map(
        ({ name }, row) => `${name.padEnd(20)}${iou.map((column) => percent(column[row] ?? null)).join(' ')}`,
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

function contestantLines({
  contestant,
  images,
  quality,
  agreement,
  calibration,
  cost,
}: ContestantFigures): string[] {
  const lines = [`${contestantLabel(contestant)} (${contestant.modelId}) on ${images} images`];
  const line = (label: string, value: string) => lines.push(`${label.padEnd(20)}${value}`);
  if (quality) {
    const { headlines, difference } = quality;
    const withDifference = (value: Interval, other: Interval | undefined) =>
      `${percent(value.value)}${ends(value, percent)}${other ? `   against the teacher ${points(other)}` : ''}`;
    line('mean IoU', withDifference(headlines.miou, difference?.miou));
    line('pixel accuracy', withDifference(headlines.pixelAccuracy, difference?.pixelAccuracy));
    line('frequency-w. IoU', percent(headlines.frequencyWeightedIou.value));
    line('boundary IoU', withDifference(headlines.boundaryIou, difference?.boundaryIou));
    line('boundary F', percent(headlines.boundaryF.value));
  }
  if (agreement) {
    line(
      'as the teacher',
      `${percent(agreement.equalShare)} of the pixels, mean IoU ${percent(agreement.miou).trim()}`,
    );
    if (agreement.divergence.mean !== null)
      line('KL divergence', ` ${agreement.divergence.mean.toFixed(4)} nats`);
  }
  if (calibration) line('calibration error', percent(calibration.error));
  if (cost.median !== null) {
    const macs = cost.macs === null ? '' : `, ${(cost.macs / 1e9).toFixed(2)} G multiply-adds`;
    lines.push(
      `${cost.median.toFixed(0)} ms per image (median, decode to class map), p95 ${(cost.p95 ?? cost.median).toFixed(0)}${macs}`,
    );
  }
  return lines;
}

function points({ value, low, high }: Interval): string {
  const text = (share: number | null) =>
    share === null ? '-' : `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}`;
  const noise = low !== null && high !== null && low <= 0 && high >= 0 ? ', within noise' : '';
  return `${text(value)} points${low === null || high === null ? '' : ` (${text(low)} to ${text(high)}${noise})`}`;
}

function ends({ low, high }: Interval, format: (share: number) => string): string {
  return low === null || high === null ? '' : ` (${format(low).trim()} to ${format(high).trim()})`;
}
