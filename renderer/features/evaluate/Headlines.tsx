import type { ContestantFigures, EvaluationFigures, Interval } from '#core/evaluation/evaluationFigures.ts';
import { contestantLabel } from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import { useRunView } from '../../store/useRunView.ts';
import { macs, milliseconds, percent } from '../../ui/format.ts';
import { contestantColour } from './contestants.ts';
import { count, isCertain, points, range, signedPoints, UNKNOWN } from '../../ui/figureFormat.ts';

interface Column {
  readonly key: string;
  readonly label: string;
  readonly says: string;
  /** Left out where no contestant knows it. */
  readonly cell: (figures: ContestantFigures) => Cell | null;
}

interface Cell {
  readonly text: string;
  /** A second, quieter line: the ends of an interval. */
  readonly more?: string;
  readonly tone?: 'worse' | 'better';
}

const interval = (found: Interval | undefined): Cell | null =>
  found === undefined || found.value === null
    ? null
    : { text: points(found.value), more: range(found, points) };

const difference = (found: Interval | undefined): Cell | null => {
  if (found === undefined || found.value === null) return null;
  const tone = isCertain(found) ? (found.value < 0 ? 'worse' : 'better') : undefined;
  return { text: signedPoints(found.value), more: range(found, signedPoints), tone };
};

const COLUMNS: readonly Column[] = [
  {
    key: 'miou',
    label: 'mIoU',
    says: 'Mean over the classes of intersection over union, from one confusion matrix over all images. Below: its bootstrap interval over images',
    cell: ({ quality }) => interval(quality?.headlines.miou),
  },
  {
    key: 'miouDifference',
    label: 'to teacher',
    says: 'This model less the teacher, on the same images. In colour: the interval does not hold zero, so it is not chance',
    cell: ({ quality }) => difference(quality?.difference?.miou),
  },
  {
    key: 'ms',
    label: 'ms',
    says: 'Milliseconds per image, decode to class map: median, and the 95th percentile below',
    cell: ({ cost }) =>
      cost.median === null
        ? null
        : {
            text: milliseconds(cost.median),
            more: cost.p95 === null ? undefined : `p95 ${milliseconds(cost.p95)}`,
          },
  },
  {
    key: 'macs',
    label: 'Multiply-adds',
    says: 'Mean multiply-adds of a run',
    cell: ({ cost }) => (cost.macs === null ? null : { text: macs(cost.macs) }),
  },
  {
    key: 'accuracy',
    label: 'Accuracy',
    says: 'Share of the pixels with truth that are right',
    cell: ({ quality }) => interval(quality?.headlines.pixelAccuracy),
  },
  {
    key: 'fwiou',
    label: 'fw IoU',
    says: 'IoU weighted by how frequent each class is',
    cell: ({ quality }) => interval(quality?.headlines.frequencyWeightedIou),
  },
  {
    key: 'boundaryIou',
    label: 'Border IoU',
    says: 'Intersection over union of the bands along the borders',
    cell: ({ quality }) => interval(quality?.headlines.boundaryIou),
  },
  {
    key: 'boundaryF',
    label: 'Border F',
    says: 'How well borders lie on the true ones, within the width of the run',
    cell: ({ quality }) => interval(quality?.headlines.boundaryF),
  },
  {
    key: 'agreement',
    label: 'Agreement',
    says: 'Share of the pixels on which it says what the teacher says',
    cell: ({ agreement }) =>
      agreement?.equalShare == null
        ? null
        : { text: percent(agreement.equalShare), more: `IoU ${points(agreement.miou)}` },
  },
  {
    key: 'divergence',
    label: 'KL',
    says: 'KL divergence of its class probabilities from the teacher’s, nats, mean over the pictures',
    cell: ({ agreement }) =>
      agreement?.divergence.mean == null ? null : { text: agreement.divergence.mean.toFixed(3) },
  },
  {
    key: 'calibration',
    label: 'ECE',
    says: 'Expected calibration error: how far confidence and accuracy are apart',
    cell: ({ calibration }) => (calibration === null ? null : { text: percent(calibration.error) }),
  },
];

/** Every contestant with its figures, teacher first; a row chosen is what the rest of the page is about. */
export function Headlines({
  run,
  figures,
}: {
  readonly run: EvaluationRun;
  readonly figures: EvaluationFigures;
}) {
  const focus = useRunView((state) => state.focus);
  const setFocus = useRunView((state) => state.setFocus);
  const rows = figures.contestants;
  const columns = COLUMNS.filter(({ cell }) => rows.some((row) => cell(row) !== null));
  const first = rows[0];
  const level = Math.round(figures.bootstrap.level * 100);
  return (
    <section className="eval-section" aria-label="Models">
      <div className="table-scroll">
        <table className="headlines" data-testid="headlines">
          <thead>
            <tr>
              <th scope="col">Model</th>
              {columns.map(({ key, label, says }) => (
                <th key={key} scope="col" className="number" title={says}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr
                key={contestantLabel(row.contestant) + row.contestant.role}
                className={index === focus ? 'focused' : undefined}
                data-testid={`contestant-${index}`}
                onClick={() => setFocus(index)}
              >
                <th scope="row">
                  <button
                    type="button"
                    className="contestant-name"
                    aria-pressed={index === focus}
                    title="Show the classes, the confusions and the images of this model"
                    onClick={(event) => {
                      event.stopPropagation();
                      setFocus(index);
                    }}
                  >
                    <span className="dot" style={{ background: contestantColour(run.plan, index, focus) }} />
                    <span className="ellipsis">{row.contestant.name}</span>
                    <span className="faint contestant-keep">
                      {row.contestant.role === 'teacher'
                        ? 'teacher'
                        : (row.contestant.keepRatio ?? 'as trained')}
                    </span>
                  </button>
                </th>
                {columns.map(({ key, cell }) => (
                  <FigureCell key={key} id={`${key}-${index}`} cell={cell(row)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="faint eval-note">
        {first && `${count(first.images)} images, ${count(first.withTruth)} with truth`}
        {first &&
          first.withTruth > 1 &&
          ` · intervals: ${level}%, ${count(figures.bootstrap.rounds)} bootstrap rounds over images`}
      </p>
    </section>
  );
}

function FigureCell({ id, cell }: { readonly id: string; readonly cell: Cell | null }) {
  return (
    <td className="number" data-testid={`figure-${id}`}>
      {cell === null ? (
        <span className="faint">{UNKNOWN}</span>
      ) : (
        <>
          <span className={cell.tone === undefined ? undefined : `tone-${cell.tone}`}>{cell.text}</span>
          {cell.more !== undefined && cell.more !== '' && (
            <div className="faint figure-more">{cell.more}</div>
          )}
        </>
      )}
    </td>
  );
}
