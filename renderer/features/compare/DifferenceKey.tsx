import { className } from '#core/labels/classTable.ts';
import { useView } from '../../store/useView.ts';
import { agreementOf } from '../../store/imageFigures.ts';
import { percent } from '../../ui/format.ts';
import { useImageFigures, useSlot } from './useComparison.ts';

/** What the two colours of the difference mean now. */
export function DifferenceKey() {
  const solo = useView((state) => state.solo);
  const { run } = useSlot('teacher');
  const figures = useImageFigures();
  const agreement = agreementOf(figures ?? undefined);
  const name = solo !== null && run ? className(run.table, solo) : null;
  return (
    <div className="difference-key" data-testid="difference-key">
      {figures?.problem ? (
        <span>{figures.problem.title}</span>
      ) : agreement === null ? (
        <span className="muted">comparing</span>
      ) : (
        <>
          <span>
            {agreement === 1 ? 'They agree on every pixel' : `${percent(1 - agreement)} of pixels differ`}
          </span>
          {agreement < 1 && (
            <>
              <span className="slot-mark teacher" />
              <span className="muted">{name ? `only the teacher says ${name}` : "teacher's claim"}</span>
              <span className="slot-mark student" />
              <span className="muted">{name ? `only the student says ${name}` : "student's claim"}</span>
            </>
          )}
        </>
      )}
    </div>
  );
}
