import type { Problem } from '#core/problem.ts';
import { ProblemNote } from './ProblemNote.tsx';

interface FailedStepProps {
  readonly problem: Problem;
  readonly close: () => void;
  /** Of the body, where the dialog's other pages have one. */
  readonly className?: string;
  /** The way on. */
  readonly again: { readonly label: string; readonly run: () => void; readonly testId?: string };
}

/** The last page of a dialog whose work came to nothing: what was wrong, and the way to try again. */
export function FailedStep({ problem, close, className, again }: FailedStepProps) {
  return (
    <>
      <div className={className === undefined ? 'dialog-body' : `dialog-body ${className}`}>
        <ProblemNote problem={problem} />
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={close}>
          Close
        </button>
        <button type="button" className="button primary" data-testid={again.testId} onClick={again.run}>
          {again.label}
        </button>
      </div>
    </>
  );
}
