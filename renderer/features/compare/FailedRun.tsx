import type { Problem } from '#core/problem.ts';
import { useStopped, wasStopped } from '../../store/useStopped.ts';
import { ProblemNote } from '../../ui/ProblemNote.tsx';

/** Why a model said nothing of the picture; one that was stopped can be run again. */
export function FailedRun({ problem }: { readonly problem: Problem }) {
  const sha256 = useStopped((state) => [...state.aside].find(([, why]) => why === problem)?.[0]);
  return (
    <ProblemNote problem={problem}>
      {wasStopped(problem) && sha256 !== undefined && (
        <button
          type="button"
          className="button"
          data-testid="run-again"
          onClick={() => useStopped.getState().forget(sha256)}
        >
          Run it again
        </button>
      )}
    </ProblemNote>
  );
}
