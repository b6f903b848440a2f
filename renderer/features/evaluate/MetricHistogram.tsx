import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import { METRIC_FACTS, type ImageMetric } from '#core/evaluation/imageMetric.ts';
import type { MetricHistogram as Histogram } from '#core/evaluation/resultQuery.ts';
import { call } from '../../store/studio.ts';
import { useProject } from '../../store/useProject.ts';
import { sentFilter, useRunView } from '../../store/useRunView.ts';
import { count, metricValue } from '../../ui/figureFormat.ts';
import { useElementWidth } from '../../ui/useElementWidth.ts';

const BINS = 36;
const HEIGHT = 56;

/** First and last bin of a brush. */
interface Brush {
  readonly from: number;
  readonly to: number;
}

/** How the images lie in a metric; a part of it is chosen by dragging or with the arrow keys. */
export function MetricHistogram({
  run,
  metric,
}: {
  readonly run: EvaluationRun;
  readonly metric: ImageMetric;
}) {
  const focus = useRunView((state) => state.focus);
  const filter = useRunView((state) => state.filter);
  const changeFilter = useRunView((state) => state.changeFilter);
  const histogram = useHistogram(run, metric);
  const [frame, width] = useElementWidth();
  const [draft, setDraft] = useState<Brush | null>(null);
  const start = useRef<number | null>(null);
  if (!histogram || histogram.counts.length === 0) return null;
  const { edges, counts, missing } = histogram;
  const bins = counts.length;
  const others = (filter.ranges ?? []).filter((one) => one.metric !== metric || one.contestant !== focus);
  const own = filter.ranges?.find((one) => one.metric === metric && one.contestant === focus);
  const kept: Brush | null = own
    ? { from: binOf(edges, own.min), to: Math.max(binOf(edges, own.min), lastBinOf(edges, own.max)) }
    : null;
  const brush = draft ?? kept;
  const most = Math.max(...counts, 1);
  const step = width / bins;

  const apply = (next: Brush | null): void => {
    setDraft(null);
    const range = next && {
      contestant: focus,
      metric,
      min: edges[next.from]!,
      max: edges[next.to + 1]!,
    };
    const ranges = range ? [...others, range] : others;
    changeFilter({ ranges: ranges.length === 0 ? undefined : ranges });
  };
  const binAt = (event: PointerEvent<SVGSVGElement>): number => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    return Math.min(bins - 1, Math.max(0, Math.floor(x / step)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = brushAfterKey(event, brush, bins);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    apply(next);
  };
  const facts = METRIC_FACTS[metric];
  const says = brush
    ? `${metricValue(metric, edges[brush.from])} to ${metricValue(metric, edges[brush.to + 1])}`
    : `all: ${metricValue(metric, edges[0])} to ${metricValue(metric, edges.at(-1))}`;
  return (
    <div ref={frame} className="histogram">
      <svg
        width={width}
        height={HEIGHT}
        role="slider"
        tabIndex={0}
        aria-label={`${facts.label}: part that is shown. Arrow keys move it, with Shift they widen it, Escape shows all`}
        aria-valuemin={0}
        aria-valuemax={bins - 1}
        aria-valuenow={brush?.from ?? 0}
        aria-valuetext={says}
        data-testid="histogram"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = binAt(event);
          setDraft({ from: start.current, to: start.current });
        }}
        onPointerMove={(event) => {
          if (start.current === null) return;
          const bin = binAt(event);
          setDraft({ from: Math.min(bin, start.current), to: Math.max(bin, start.current) });
        }}
        onPointerUp={() => {
          start.current = null;
          // A click on the one bin that is chosen lets go of it.
          const isSame = kept !== null && draft?.from === kept.from && draft.to === kept.to;
          apply(isSame ? null : draft);
        }}
        onPointerCancel={() => {
          start.current = null;
          setDraft(null);
        }}
        onDoubleClick={() => apply(null)}
        onKeyDown={onKeyDown}
      >
        {counts.map((value, bin) => {
          const height = value === 0 ? 0 : Math.max(2, (value / most) * (HEIGHT - 4));
          const isIn = !brush || (bin >= brush.from && bin <= brush.to);
          return (
            <rect
              key={edges[bin]}
              className={isIn ? 'histogram-bar in' : 'histogram-bar'}
              x={bin * step + 0.5}
              width={Math.max(1, step - 1)}
              y={HEIGHT - height}
              height={height}
            >
              <title>{`${count(value)} images, ${metricValue(metric, edges[bin])} to ${metricValue(metric, edges[bin + 1])}`}</title>
            </rect>
          );
        })}
        {brush && (
          <rect
            className="histogram-brush"
            x={brush.from * step}
            width={(brush.to - brush.from + 1) * step}
            y={0.5}
            height={HEIGHT - 1}
          />
        )}
      </svg>
      <div className="histogram-ends faint">
        <span>{metricValue(metric, edges[0])}</span>
        {missing > 0 && <span title="Images for which it is not known">{count(missing)} without</span>}
        <span>{metricValue(metric, edges.at(-1))}</span>
      </div>
    </div>
  );
}

/** The bin that a value lies in. */
function binOf(edges: readonly number[], value: number): number {
  const above = edges.findIndex((edge) => edge > value + 1e-12);
  return Math.min(edges.length - 2, Math.max(0, above < 0 ? edges.length - 2 : above - 1));
}

/** The bin that ends at a value or holds it. */
function lastBinOf(edges: readonly number[], value: number): number {
  const end = edges.findIndex((edge) => edge >= value - 1e-12);
  return Math.min(edges.length - 2, Math.max(0, end < 0 ? edges.length - 2 : end - 1));
}

/** undefined: the key is none of the brush's. */
function brushAfterKey(
  { key, shiftKey }: KeyboardEvent,
  brush: Brush | null,
  bins: number,
): Brush | null | undefined {
  if (key === 'Escape') return brush ? null : undefined;
  const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  if (step === 0) return undefined;
  if (!brush) return step === 1 ? { from: 0, to: 0 } : { from: bins - 1, to: bins - 1 };
  if (shiftKey) return { from: brush.from, to: Math.min(bins - 1, Math.max(brush.from, brush.to + step)) };
  const from = Math.min(bins - 1 - (brush.to - brush.from), Math.max(0, brush.from + step));
  return { from, to: from + brush.to - brush.from };
}

/** The histogram of a metric over the images that pass the rest of the filter. */
function useHistogram(run: EvaluationRun, metric: ImageMetric): Histogram | null {
  const focus = useRunView((state) => state.focus);
  const filter = useRunView((state) => state.filter);
  const version = useRunView((state) => state.version);
  const projectId = useProject((state) => state.project?.id);
  const [found, setFound] = useState<{ readonly metric: ImageMetric; readonly histogram: Histogram } | null>(
    null,
  );
  const runId = run.id;
  useEffect(() => {
    if (projectId === undefined) return;
    let isLate = false;
    const ranges = filter.ranges?.filter((one) => one.metric !== metric || one.contestant !== focus);
    const rest = sentFilter({ filter: { ...filter, ranges } });
    const request = { projectId, runId, filter: rest, contestant: focus, metric, bins: BINS };
    call('evaluation.histogram', request).then(
      (histogram) => {
        if (!isLate) setFound({ metric, histogram });
      },
      // The list itself says what is wrong.
      () => undefined,
    );
    return () => {
      isLate = true;
    };
  }, [projectId, runId, metric, focus, filter, version]);
  return found?.metric === metric ? found.histogram : null;
}
