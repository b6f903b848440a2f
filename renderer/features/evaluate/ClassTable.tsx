import type { ClassFigures, EvaluationFigures } from '#core/evaluation/evaluationFigures.ts';
import { referenceIndex } from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import type { ClassTable as Classes } from '#core/labels/classTable.ts';
import { useRunView } from '../../store/useRunView.ts';
import { percent } from '../../ui/format.ts';
import { ClassSwatch } from '../disputes/ClassSwatch.tsx';
import { shortLabel } from './contestants.ts';
import { isCertain, points, range, signedPoints, UNKNOWN } from '../../ui/figureFormat.ts';

interface ClassRowFigures {
  readonly id: number;
  readonly teacher: number | null;
  readonly own: number | null;
  /** Against the teacher's pixels, where there is no truth. */
  readonly figures: ClassFigures | null;
}

/** Per class, what was lost first: teacher, student, the difference with its interval. */
export function ClassTable({
  run,
  figures,
  table,
}: {
  readonly run: EvaluationRun;
  readonly figures: EvaluationFigures;
  readonly table: Classes;
}) {
  const focus = useRunView((state) => state.focus);
  const chosen = useRunView((state) => state.filter.classId);
  const changeFilter = useRunView((state) => state.changeFilter);
  const sortBy = useRunView((state) => state.sortBy);
  const own = figures.contestants[focus];
  const reference = referenceIndex(run.plan);
  const teacher = reference === null || reference === focus ? undefined : figures.contestants[reference];
  if (!own) return null;
  const hasTruth = own.quality !== null;
  const rows = rowsOf(own, teacher, table);
  if (rows.length === 0) return null;
  const showClass = (id: number): void => {
    changeFilter({ classId: chosen === id ? undefined : id });
    sortBy(teacher ? (hasTruth ? 'miouDrop' : 'disputed') : 'miou');
  };
  return (
    <section className="eval-section" aria-label="Classes">
      <header className="eval-head">
        <h2>Classes</h2>
        <span className="faint">
          {hasTruth
            ? `${shortLabel(run.plan, focus)}${teacher ? ' against teacher, largest loss first' : ''}`
            : `${shortLabel(run.plan, focus)}: IoU with the teacher’s pixels`}
        </span>
      </header>
      <table className="class-figures" data-testid="class-figures">
        <thead>
          <tr>
            <th scope="col">Class</th>
            {hasTruth && (
              <th scope="col" className="number" title="Share of the pixels with truth">
                Share
              </th>
            )}
            <th scope="col" className="class-bars-head">
              IoU
            </th>
            {hasTruth && teacher && (
              <th scope="col" className="number">
                Teacher
              </th>
            )}
            <th scope="col" className="number">
              {teacher ? 'Student' : 'IoU'}
            </th>
            {hasTruth && teacher && (
              <th scope="col" className="number" title="Student less teacher, with its interval">
                Difference
              </th>
            )}
            {hasTruth && (
              <>
                <th scope="col" className="number" title="Of the pixels that it calls so, how many are so">
                  Precision
                </th>
                <th scope="col" className="number" title="Of the pixels that are so, how many it calls so">
                  Recall
                </th>
                <th scope="col" className="number">
                  F1
                </th>
                <th scope="col" className="number" title="Boundary IoU">
                  Border
                </th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.id}
              className={chosen === row.id ? 'focused' : undefined}
              data-testid={`class-row-${row.id}`}
              onClick={() => showClass(row.id)}
            >
              <th scope="row">
                <button
                  type="button"
                  className="class-name"
                  aria-pressed={chosen === row.id}
                  title="Show only the images that have this class"
                  onClick={(event) => {
                    event.stopPropagation();
                    showClass(row.id);
                  }}
                >
                  <ClassSwatch table={table} id={row.id} />
                </button>
              </th>
              {hasTruth && (
                <td className="number faint">
                  {row.figures?.share == null ? UNKNOWN : percent(row.figures.share)}
                </td>
              )}
              <td>
                <IouBars teacher={row.teacher} own={row.own} />
              </td>
              {hasTruth && teacher && <td className="number">{points(row.teacher)}</td>}
              <td className="number">{points(row.own)}</td>
              {hasTruth && teacher && <DifferenceCell figures={row.figures} />}
              {hasTruth && (
                <>
                  <td className="number">{points(row.figures?.precision ?? null)}</td>
                  <td className="number">{points(row.figures?.recall ?? null)}</td>
                  <td className="number">{points(row.figures?.f1 ?? null)}</td>
                  <td className="number">{points(row.figures?.boundaryIou ?? null)}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function rowsOf(
  own: EvaluationFigures['contestants'][number],
  teacher: EvaluationFigures['contestants'][number] | undefined,
  table: Classes,
): readonly ClassRowFigures[] {
  if (own.quality) {
    const rows = own.quality.classes.map((figures): ClassRowFigures => {
      const theirs = teacher?.quality?.classes.find(({ id }) => id === figures.id);
      return { id: figures.id, teacher: theirs?.iou ?? null, own: figures.iou, figures };
    });
    const lost = ({ figures, own: iou }: ClassRowFigures): number =>
      teacher ? (figures?.difference?.value ?? Infinity) : (iou ?? Infinity);
    return rows.sort((a, b) => lost(a) - lost(b));
  }
  const { agreement } = own;
  if (!agreement) return [];
  return table.classes
    .map(({ id }, index): ClassRowFigures => ({
      id,
      teacher: null,
      own: agreement.classIou[index] ?? null,
      figures: null,
    }))
    .filter((row) => row.own !== null)
    .sort((a, b) => (a.own ?? 0) - (b.own ?? 0));
}

function IouBars({ teacher, own }: { readonly teacher: number | null; readonly own: number | null }) {
  return (
    <span className="iou-bars" aria-hidden="true">
      {teacher !== null && (
        <span className="iou-bar" style={{ width: `${teacher * 100}%`, background: 'var(--teacher)' }} />
      )}
      {own !== null && (
        <span className="iou-bar" style={{ width: `${own * 100}%`, background: 'var(--student)' }} />
      )}
    </span>
  );
}

function DifferenceCell({ figures }: { readonly figures: ClassFigures | null }) {
  const found = figures?.difference;
  if (found?.value == null) return <td className="number faint">{UNKNOWN}</td>;
  const tone = isCertain(found) ? (found.value < 0 ? 'tone-worse' : 'tone-better') : undefined;
  return (
    <td
      className="number difference-cell"
      title={tone === undefined ? 'May be chance: the interval holds zero' : ''}
    >
      <span className={tone}>{signedPoints(found.value)}</span>{' '}
      <span className="faint figure-more">{range(found, signedPoints)}</span>
    </td>
  );
}
