import { Component, type ReactNode } from 'react';
import { toProblem, type Problem } from '#core/problem.ts';
import { ProblemNote } from '../ui/ProblemNote.tsx';

interface ErrorBoundaryState {
  readonly problem: Problem | null;
}

/** A crash of the interface: what it was, and a way on. Finished strokes are in the project file. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { problem: null };

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { problem: toProblem(error, { code: 'window.crash' }) };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    if (!problem) return this.props.children;
    return (
      <div className="empty" data-testid="crash">
        <h2>The window stopped</h2>
        <p>Every finished stroke is in the project file. Reload the window to go on.</p>
        <ProblemNote problem={problem} />
        <button type="button" className="button primary" onClick={() => window.location.reload()}>
          Reload
        </button>
      </div>
    );
  }
}
