import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import { METRIC_FACTS, type ImageMetric } from '#core/evaluation/imageMetric.ts';
import { className } from '#core/labels/classTable.ts';
import { REVIEW_STATES, type ReviewState } from '#core/review/review.ts';
import { REVIEW_NAMES } from '../../actions/review/setReview.ts';
import { chosenRun, useEvaluation } from '../../store/useEvaluation.ts';
import { useProject } from '../../store/useProject.ts';
import { useResultList } from '../../store/useResultList.ts';
import { isFiltered, useRunView } from '../../store/useRunView.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import { count, metricValue } from '../../ui/figureFormat.ts';
import { shortLabel } from './contestants.ts';
import './imagesPanel.css';
import { MetricHistogram } from './MetricHistogram.tsx';
import { ResultList } from './ResultList.tsx';

/** The galleries that people ask for by name, the rest of the metrics below them. */
const GALLERIES: readonly { readonly metric: ImageMetric; readonly label: string }[] = [
  { metric: 'miouDrop', label: 'Worst drop' },
  { metric: 'disputed', label: 'Most disputed' },
  { metric: 'worstRegion', label: 'Largest single regression' },
  { metric: 'milliseconds', label: 'Slowest' },
  { metric: 'gateDistance', label: 'Most unusual gates' },
];

const OTHERS = (Object.keys(METRIC_FACTS) as ImageMetric[]).filter(
  (metric) => !GALLERIES.some((gallery) => gallery.metric === metric),
);

/** The panel on the right of Evaluate: the images behind the figures. */
export function ImagesPanel() {
  const run = useEvaluation(chosenRun);
  const filter = useRunView((state) => state.filter);
  const sort = useRunView((state) => state.sort);
  if (!run) {
    return (
      <aside className="images-panel" aria-label="Images">
        <div className="empty">
          <p>The images behind the figures are listed here once a run has begun.</p>
        </div>
      </aside>
    );
  }
  return (
    <aside className="images-panel" aria-label="Images">
      <PanelHead run={run} />
      <ResultList key={JSON.stringify([run.id, filter, sort])} />
    </aside>
  );
}

function PanelHead({ run }: { readonly run: EvaluationRun }) {
  const sort = useRunView((state) => state.sort);
  const focus = useRunView((state) => state.focus);
  const filter = useRunView((state) => state.filter);
  const total = useResultList((state) => state.total);
  const table = useProject((state) => state.project?.classTable);
  const { sortBy, changeFilter, clearFilter, showCell } = useRunView.getState();
  const metric = sort.by === 'metric' ? sort.metric : null;
  return (
    <header className="images-head">
      <div className="images-title">
        <h2>Images</h2>
        <span className="faint ellipsis">{shortLabel(run.plan, focus)}</span>
        <span className="faint" data-testid="result-count">
          {total === null ? '…' : count(total)}
        </span>
      </div>
      <div className="images-row">
        <select
          className="select boxed"
          aria-label="Order of the images"
          data-testid="result-sort"
          value={metric ?? 'cell'}
          title={metric === null ? undefined : METRIC_FACTS[metric].says}
          onChange={(event) => sortBy(event.target.value as ImageMetric)}
        >
          {metric === null && <option value="cell">Most pixels of the cell</option>}
          <optgroup label="Galleries">
            {GALLERIES.map((gallery) => (
              <option key={gallery.metric} value={gallery.metric}>
                {gallery.label}
              </option>
            ))}
          </optgroup>
          <optgroup label="By any figure">
            {OTHERS.map((other) => (
              <option key={other} value={other}>
                {METRIC_FACTS[other].label}
              </option>
            ))}
          </optgroup>
        </select>
        {sort.by === 'metric' && (
          <button
            type="button"
            className="button"
            title="Turn the order around"
            data-testid="result-turn"
            onClick={() => sortBy(sort.metric, !sort.descending)}
          >
            {sort.descending === (METRIC_FACTS[sort.metric].worst === 'highest')
              ? 'worst first'
              : 'best first'}
          </button>
        )}
      </div>
      <div className="images-row">
        <select
          className="select boxed"
          aria-label="Only images that have this class"
          data-testid="result-class"
          value={filter.classId ?? ''}
          onChange={(event) =>
            changeFilter({ classId: event.target.value === '' ? undefined : Number(event.target.value) })
          }
        >
          <option value="">any class</option>
          {table?.classes.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <select
          className="select boxed"
          aria-label="Only images in this review state"
          data-testid="result-review"
          value={filter.review?.[0] ?? ''}
          onChange={(event) =>
            changeFilter({
              review: event.target.value === '' ? undefined : [event.target.value as ReviewState],
            })
          }
        >
          <option value="">any review</option>
          {REVIEW_STATES.map((state) => (
            <option key={state} value={state}>
              {REVIEW_NAMES[state]}
            </option>
          ))}
        </select>
      </div>
      {metric !== null && <MetricHistogram run={run} metric={metric} />}
      {isFiltered({ filter }) && (
        <div className="chips" data-testid="result-chips">
          {filter.cell && table && (
            <Chip
              text={`${className(table, filter.cell.row)} called ${
                filter.cell.column === null ? 'nothing' : className(table, filter.cell.column)
              }${filter.cell.against === 'reference' ? ' (teacher)' : ''}`}
              onRemove={() => showCell(null)}
            />
          )}
          {filter.ranges?.map((one) => (
            <Chip
              key={`${one.metric} ${one.contestant}`}
              text={`${METRIC_FACTS[one.metric].label} ${metricValue(one.metric, one.min)} to ${metricValue(one.metric, one.max)}`}
              onRemove={() => {
                const ranges = filter.ranges?.filter((other) => other !== one);
                changeFilter({ ranges: ranges?.length === 0 ? undefined : ranges });
              }}
            />
          ))}
          <button type="button" className="link" data-testid="result-all" onClick={clearFilter}>
            Show all
          </button>
        </div>
      )}
    </header>
  );
}

function Chip({ text, onRemove }: { readonly text: string; readonly onRemove: () => void }) {
  return (
    <span className="chip">
      <span className="ellipsis">{text}</span>
      <button type="button" className="icon-button" aria-label={`Without: ${text}`} onClick={onRemove}>
        <Icon name="close" size={11} />
      </button>
    </span>
  );
}
