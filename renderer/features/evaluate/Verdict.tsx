import type { EvaluationFigures } from '#core/evaluation/evaluationFigures.ts';
import { contestantLabel, referenceIndex } from '#core/evaluation/evaluationPlan.ts';
import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import { openResult } from '../../actions/evaluate/openResult.ts';
import { useResultList } from '../../store/useResultList.ts';
import { useRunView } from '../../store/useRunView.ts';
import { count, isCertain, range, signedPoints } from '../../ui/figureFormat.ts';
import { change } from '../../ui/format.ts';

/** In one line: whether the student in focus is worse than its teacher, what it saves, and where to look first. */
export function Verdict({
  run,
  figures,
}: {
  readonly run: EvaluationRun;
  readonly figures: EvaluationFigures;
}) {
  const focus = useRunView((state) => state.focus);
  const first = useResultList((state) => state.rows.get(0));
  const reference = referenceIndex(run.plan);
  const own = figures.contestants[focus];
  const teacher = reference === null ? undefined : figures.contestants[reference];
  const found = own?.quality?.difference?.miou;
  if (!own || !teacher || found?.value == null) return null;
  const isSure = isCertain(found);
  const lost = (own.quality?.classes ?? [])
    .filter(({ difference }) => difference && isCertain(difference) && (difference.value ?? 0) < 0)
    .sort((a, b) => (a.difference?.value ?? 0) - (b.difference?.value ?? 0));
  const worst = lost[0];
  const { changeFilter, sortBy } = useRunView.getState();
  return (
    <section className="run-verdict" aria-label="In short" data-testid="verdict">
      <span title={`${signedPoints(found.value)} mIoU, ${range(found, signedPoints)}`}>
        {contestantLabel(own.contestant)}:{' '}
        {isSure ? (
          <b className={found.value < 0 ? 'tone-worse' : 'tone-better'}>
            {signedPoints(found.value)} mIoU {found.value < 0 ? 'worse' : 'better'} than its teacher
          </b>
        ) : (
          <b>
            {signedPoints(found.value)} mIoU, which {count(own.withTruth)} images cannot tell from chance
          </b>
        )}
      </span>
      <span className="muted">{savings(own.cost, teacher.cost)}</span>
      {worst && (
        <span>
          Loses most in{' '}
          <button
            type="button"
            className="link"
            title="Show the images that have this class, the worst first"
            onClick={() => {
              changeFilter({ classId: worst.id });
              sortBy('miouDrop');
            }}
          >
            {worst.name} {signedPoints(worst.difference?.value ?? null)}
          </button>
          {lost.length > 1 && <span className="faint"> and {lost.length - 1} more for certain</span>}
        </span>
      )}
      {first && (
        <button type="button" className="link" onClick={() => void openResult(first, 0)}>
          Show the first image
        </button>
      )}
    </section>
  );
}

type Cost = EvaluationFigures['contestants'][number]['cost'];

/** `−42% time, −36% multiply-adds`. */
function savings(own: Cost, teacher: Cost): string {
  const parts = [
    own.median !== null && teacher.median && `${change(own.median / teacher.median - 1)} time`,
    own.macs !== null && teacher.macs && `${change(own.macs / teacher.macs - 1)} multiply-adds`,
  ];
  return parts.filter(Boolean).join(', ');
}
