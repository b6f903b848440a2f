import { useState } from 'react';
import type { ContestantFigures, EvaluationFigures } from '#core/evaluation/evaluationFigures.ts';
import { contestantLabel } from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import { onParetoFront } from '#core/evaluation/paretoFront.ts';
import { useRunView } from '../../store/useRunView.ts';
import { macs as macsText, milliseconds } from '../../ui/format.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { chartScale, LEAST_CHART, tickLabel } from './chartScale.ts';
import { contestantColour, shortLabel } from './contestants.ts';
import { points } from '../../ui/figureFormat.ts';
import { useElementWidth } from '../../ui/useElementWidth.ts';

type CostKind = 'ms' | 'macs';

const HEIGHT = 250;
const MARGIN = { left: 46, right: 16, top: 12, bottom: 36 };
const GIGA = 1e9;
/** CSS pixels between the baselines of two labels. */
const LINE = 13;

interface Mark {
  readonly index: number;
  readonly cost: number;
  /** Of the time alone: its 95th percentile. */
  readonly p95: number | null;
  /** In points. */
  readonly quality: number;
  readonly label: string;
  readonly says: string;
  readonly onFront: boolean;
}

/** Quality is mIoU where there is truth, else IoU against the teacher. */
const qualityOf = ({ quality, agreement }: ContestantFigures, hasTruth: boolean): number | null =>
  hasTruth ? (quality?.headlines.miou.value ?? null) : (agreement?.miou ?? null);

function marksOf(run: EvaluationRun, figures: EvaluationFigures, kind: CostKind): readonly Mark[] {
  const hasTruth = figures.contestants.some(({ quality }) => quality !== null);
  const known = figures.contestants.map((one) => ({
    one,
    cost: kind === 'ms' ? one.cost.median : one.cost.macs === null ? null : one.cost.macs / GIGA,
    gain: qualityOf(one, hasTruth),
  }));
  const front = onParetoFront(known);
  return known.flatMap(({ one, cost, gain }, index): Mark[] => {
    if (cost === null || gain === null) return [];
    const { median, p95 } = one.cost;
    const says = [
      contestantLabel(one.contestant),
      `${hasTruth ? 'mIoU' : 'IoU with the teacher'} ${points(gain)}`,
      median === null ? null : `median ${milliseconds(median)} ms`,
      p95 === null ? null : `p95 ${milliseconds(p95)} ms`,
      one.cost.macs === null ? null : `${macsText(one.cost.macs)} multiply-adds`,
    ];
    return [
      {
        index,
        cost,
        p95: kind === 'ms' ? p95 : null,
        quality: gain * 100,
        label: shortLabel(run.plan, index),
        says: says.filter((part) => part !== null).join(', '),
        onFront: front[index] ?? false,
      },
    ];
  });
}

/** What each model costs against how good it is; those that none beats in both are joined by a line. */
export function CostChart({
  run,
  figures,
}: {
  readonly run: EvaluationRun;
  readonly figures: EvaluationFigures;
}) {
  const [kind, setKind] = useState<CostKind>('ms');
  const [frame, width] = useElementWidth(LEAST_CHART);
  const marks = marksOf(run, figures, kind);
  const hasTruth = figures.contestants.some(({ quality }) => quality !== null);
  return (
    <section className="eval-section chart" aria-label="Cost against quality">
      <header className="eval-head">
        <h2>Cost against quality</h2>
        <Segmented
          label="Cost"
          value={kind}
          options={[
            { value: 'ms', label: 'Milliseconds', testId: 'cost-ms' },
            { value: 'macs', label: 'Multiply-adds', testId: 'cost-macs' },
          ]}
          onChange={setKind}
        />
      </header>
      <div ref={frame} className="chart-frame">
        {marks.length === 0 ? (
          <p className="faint">No model has both figures yet.</p>
        ) : (
          <CostPlot
            run={run}
            marks={marks}
            width={width}
            axes={{
              x:
                kind === 'ms'
                  ? 'ms per image: median, line to the 95th percentile'
                  : 'G multiply-adds per image',
              y: hasTruth ? 'mIoU' : 'IoU with teacher',
            }}
          />
        )}
      </div>
    </section>
  );
}

interface CostPlotProps {
  readonly run: EvaluationRun;
  readonly marks: readonly Mark[];
  readonly width: number;
  readonly axes: { readonly x: string; readonly y: string };
}

function CostPlot({ run, marks, width, axes }: CostPlotProps) {
  const focus = useRunView((state) => state.focus);
  const setFocus = useRunView((state) => state.setFocus);
  const sortBy = useRunView((state) => state.sortBy);
  const bottom = HEIGHT - MARGIN.bottom;
  const x = chartScale(
    marks.flatMap(({ cost, p95 }) => (p95 === null ? [cost] : [cost, p95])),
    { start: MARGIN.left, end: width - MARGIN.right },
    { least: 0 },
  );
  const y = chartScale(
    marks.map(({ quality }) => quality),
    { start: bottom, end: MARGIN.top },
    { least: 0, most: 100 },
  );
  const front = marks.filter(({ onFront }) => onFront).sort((a, b) => a.cost - b.cost);
  const labels = labelPlaces(marks, x.at, y.at, width);
  return (
    <svg
      width={width}
      height={HEIGHT}
      role="group"
      aria-label={`${axes.y} against ${axes.x}`}
      data-testid="cost-chart"
    >
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line
            className="chart-grid"
            x1={MARGIN.left}
            x2={width - MARGIN.right}
            y1={y.at(tick)}
            y2={y.at(tick)}
          />
          <text className="chart-tick" x={MARGIN.left - 6} y={y.at(tick) + 4} textAnchor="end">
            {tickLabel(tick, y.ticks)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <text key={tick} className="chart-tick" x={x.at(tick)} y={bottom + 15} textAnchor="middle">
          {tickLabel(tick, x.ticks)}
        </text>
      ))}
      <line className="chart-axis" x1={MARGIN.left} x2={width - MARGIN.right} y1={bottom} y2={bottom} />
      <text className="chart-title" x={width - MARGIN.right} y={HEIGHT - 4} textAnchor="end">
        {axes.x}
      </text>
      <text
        className="chart-title"
        x={12}
        y={MARGIN.top}
        textAnchor="end"
        transform={`rotate(-90 12 ${MARGIN.top})`}
      >
        {axes.y}
      </text>
      {front.length > 1 && (
        <polyline
          className="pareto"
          data-testid="pareto-front"
          points={front.map(({ cost, quality }) => `${x.at(cost)},${y.at(quality)}`).join(' ')}
        />
      )}
      {marks.map((mark, order) => {
        const colour = contestantColour(run.plan, mark.index, focus);
        const choose = (): void => {
          setFocus(mark.index);
          sortBy('milliseconds');
        };
        return (
          <g
            key={mark.index}
            className="cost-mark"
            role="button"
            tabIndex={0}
            aria-label={`${mark.says}. Show its slowest images`}
            aria-pressed={mark.index === focus}
            data-testid={`cost-mark-${mark.index}`}
            onClick={choose}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              choose();
            }}
          >
            <title>{mark.says}</title>
            {mark.p95 !== null && (
              <line
                stroke={colour}
                opacity={0.6}
                x1={x.at(mark.cost)}
                x2={x.at(mark.p95)}
                y1={y.at(mark.quality)}
                y2={y.at(mark.quality)}
              />
            )}
            <circle className="cost-hit" cx={x.at(mark.cost)} cy={y.at(mark.quality)} r={11} />
            <circle
              cx={x.at(mark.cost)}
              cy={y.at(mark.quality)}
              r={mark.index === focus ? 6 : 4.5}
              fill={mark.onFront ? colour : 'var(--bg-0)'}
              stroke={colour}
              strokeWidth={1.5}
            />
            <text
              className="chart-label"
              x={labels[order]?.x}
              y={labels[order]?.y}
              textAnchor={labels[order]?.anchor}
            >
              {mark.label}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

interface LabelPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'end';
}

/** Where a label may stand beside its mark, the best first: up, down, further up or down, to either side. */
const PLACES: readonly LabelPlace[] = [
  { x: 5, y: -8, anchor: 'start' },
  { x: 5, y: 17, anchor: 'start' },
  { x: -5, y: -8, anchor: 'end' },
  { x: -5, y: 17, anchor: 'end' },
  { x: 5, y: -8 - LINE, anchor: 'start' },
  { x: 5, y: 17 + LINE, anchor: 'start' },
];
/** CSS pixels of a letter, about. */
const LETTER = 6.4;

/** Beside each mark where its label covers no other label and stays inside. */
function labelPlaces(
  marks: readonly Mark[],
  atX: (value: number) => number,
  atY: (value: number) => number,
  width: number,
): readonly LabelPlace[] {
  const boxes: { left: number; right: number; y: number }[] = [];
  return marks.map(({ cost, quality, label }) => {
    const tried = PLACES.map((place) => {
      const x = atX(cost) + place.x;
      const y = atY(quality) + place.y;
      const left = place.anchor === 'start' ? x : x - label.length * LETTER;
      return { place: { x, y, anchor: place.anchor }, box: { left, right: left + label.length * LETTER, y } };
    });
    const isFree = ({ box }: (typeof tried)[number]): boolean =>
      box.left >= MARGIN.left &&
      box.right <= width &&
      box.y >= 10 &&
      !boxes.some(
        (other) => box.left < other.right && other.left < box.right && Math.abs(other.y - box.y) < LINE,
      );
    const chosen = tried.find(isFree) ?? tried[0]!;
    boxes.push(chosen.box);
    return chosen.place;
  });
}
