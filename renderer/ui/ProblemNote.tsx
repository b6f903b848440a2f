import type { ReactNode } from 'react';
import type { Problem } from '#core/problem.ts';

interface ProblemNoteProps {
  readonly problem: Problem;
  /** A button that does what the hint says. */
  readonly children?: ReactNode;
}

/** What went wrong, where, why and what to do, in the place that it is about. */
export function ProblemNote({ problem, children }: ProblemNoteProps) {
  const more = [problem.detail, problem.hint].filter((part) => part !== undefined && part !== '');
  return (
    <div className={`problem ${problem.severity}`} role="status" data-testid={`problem-${problem.code}`}>
      <div>
        <p className="problem-title">
          {problem.subject === undefined ? problem.title : `${problem.subject}: ${problem.title}`}
        </p>
        {more.map((part) => (
          <p key={part} className="problem-more">
            {part}
          </p>
        ))}
        {children}
      </div>
    </div>
  );
}
