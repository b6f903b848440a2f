import { retrySave } from '../../actions/annotate/retrySave.ts';
import { useMask } from '../../store/useMask.ts';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { keepFocus } from './keepFocus.ts';

/** What could not be stored and why, for as long as it is so. It takes no focus. */
export function SaveProblem() {
  const saving = useMask((state) => state.saving);
  const problem = useMask((state) => state.problem);
  if (saving !== 'unsaved' || !problem) return null;
  return (
    <div className="save-problem" data-testid="save-problem">
      <ProblemNote problem={{ ...problem, title: `not saved: ${problem.title}` }}>
        <p className="problem-more">What you painted is kept in this window, and you can go on.</p>
        <button type="button" className="button" onMouseDown={keepFocus} onClick={() => void retrySave.run()}>
          Try again
        </button>
      </ProblemNote>
    </div>
  );
}
