import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { METRIC_FACTS } from '#core/evaluation/imageMetric.ts';
import type { ResultRow } from '#core/evaluation/resultQuery.ts';
import { referenceIndex } from '#core/evaluation/evaluationPlan.ts';
import type { ImageEntry } from '#core/ipc/schemas.ts';
import { openResult } from '../../actions/evaluate/openResult.ts';
import { chosenRun, useEvaluation } from '../../store/useEvaluation.ts';
import { useInspected } from '../../store/useInspected.ts';
import { useProject } from '../../store/useProject.ts';
import { useResultList } from '../../store/useResultList.ts';
import { isFiltered, useRunView } from '../../store/useRunView.ts';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { count, metricValue, points } from '../../ui/figureFormat.ts';
import { Thumbnail } from '../library/Thumbnail.tsx';

const ROW = 62;

/** The images of the run that pass the filter, in its order; Enter or a click opens one in Compare. */
export function ResultList() {
  const total = useResultList((state) => state.total);
  const rows = useResultList((state) => state.rows);
  const problem = useResultList((state) => state.problem);
  const images = useProject((state) => state.project?.images);
  const entries = useMemo(() => new Map(images?.map((image) => [image.id, image])), [images]);
  // Where it was left, so that coming back from Compare goes on there.
  const [at, setAt] = useState(() => useInspected.getState().inspected?.index ?? 0);
  const scroller = useRef<HTMLDivElement>(null);
  // The virtualiser's own functions change under the same name: the compiler must leave this component alone.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: total ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 4,
  });
  const items = virtual.getVirtualItems();
  const from = items[0]?.index;
  const to = items.at(-1)?.index;
  useEffect(() => {
    if (from !== undefined && to !== undefined) useResultList.getState().need(from, to);
  }, [from, to, rows]);
  useEffect(() => {
    if (total !== null && at < total) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, total, virtual]);

  if (problem) {
    return (
      <div className="empty">
        <ProblemNote problem={problem} />
      </div>
    );
  }
  if (total === 0) return <NoImages />;
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = (total ?? 1) - 1;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 1);
    const places: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: last,
    };
    const next = places[event.key];
    const row = rows.get(at);
    if (event.key === 'Enter' && row) void openResult(row, at);
    else if (next === undefined) return;
    else setAt(Math.min(last, Math.max(0, next)));
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={scroller}
      className="picture-list"
      role="listbox"
      aria-label="Images of the evaluation"
      tabIndex={0}
      aria-activedescendant={`result-${at}`}
      data-testid="result-list"
      onKeyDown={onKeyDown}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {items.map(({ index, start }) => {
          const row = rows.get(index);
          return (
            <div
              key={index}
              id={`result-${index}`}
              className="picture-row"
              role="option"
              aria-selected={index === at}
              aria-setsize={total ?? undefined}
              aria-posinset={index + 1}
              data-testid={`result-${index}`}
              data-name={row?.name}
              style={{ transform: `translateY(${start}px)`, height: ROW }}
              onClick={() => {
                setAt(index);
                if (row) void openResult(row, index);
              }}
            >
              {row && <RowContent row={row} image={entries.get(row.imageId)} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function NoImages() {
  const run = useEvaluation(chosenRun);
  const hasFilter = useRunView(isFiltered);
  return (
    <div className="empty">
      <p>
        {hasFilter
          ? 'No image passes this filter.'
          : run?.state === 'running'
            ? 'The first images appear here as soon as they are measured.'
            : 'No image is measured yet: resume the run.'}
      </p>
      {hasFilter && (
        <button type="button" className="button" onClick={() => useRunView.getState().clearFilter()}>
          Show all
        </button>
      )}
    </div>
  );
}

function RowContent({ row, image }: { readonly row: ResultRow; readonly image: ImageEntry | undefined }) {
  const sort = useRunView((state) => state.sort);
  const focus = useRunView((state) => state.focus);
  const run = useEvaluation(chosenRun);
  const reference = run ? referenceIndex(run.plan) : null;
  const own = row.contestants[focus];
  const teacher = reference === null || reference === focus ? null : row.contestants[reference];
  const base = row.name.slice(row.name.lastIndexOf('/') + 1);
  const value =
    sort.by === 'metric'
      ? metricValue(sort.metric, own?.metrics[sort.metric])
      : row.cellPixels === null
        ? ''
        : `${count(row.cellPixels)} px`;
  const quality = [teacher?.metrics.miou, own?.metrics.miou].filter((one) => one !== undefined);
  return (
    <>
      {image ? <Thumbnail url={image.url} /> : <span className="thumbnail" />}
      <span className="result-text">
        <span className="ellipsis" title={row.name}>
          {base}
        </span>
        <span className="result-figures">
          <strong title={sort.by === 'metric' ? METRIC_FACTS[sort.metric].label : undefined}>{value}</strong>
          {own === null && <span className="faint">not measured yet</span>}
          {row.hasTruth && own && (
            <span className="faint" title={teacher ? 'mIoU of the teacher and of this model' : 'mIoU'}>
              {quality.map((one) => points(one ?? null)).join(' → ')}
            </span>
          )}
        </span>
      </span>
    </>
  );
}
