import type { Action } from '../../actions/action.ts';
import { compareReportAction, reportAction } from '../../actions/evaluate/reportActions.ts';
import {
  cancelRunAction,
  newRunAction,
  pauseRunAction,
  removeRunAction,
  resumeRunAction,
} from '../../actions/evaluate/runActions.ts';
import { runAction } from '../../actions/runAction.ts';
import type { EvaluationRun, RunState } from '#core/evaluation/evaluationRun.ts';
import { formatProblem } from '#core/problem.ts';
import { useEvaluation } from '../../store/useEvaluation.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import { MenuButton } from '../../ui/MenuButton.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { count, duration } from '../../ui/figureFormat.ts';

const STATE_WORDS: Readonly<Record<RunState, string>> = {
  ready: 'not finished',
  running: 'running',
  paused: 'paused',
  done: 'done',
  cancelled: 'cancelled',
};

/** Which run, how far it is, and what can be done with it. */
export function RunBar({ run }: { readonly run: EvaluationRun }) {
  const runs = useEvaluation((state) => state.runs) ?? [];
  const isBusy = useEvaluation((state) => state.isBusy);
  const isRunning = run.state === 'running';
  const isWhole = run.progress.done >= run.progress.total;
  return (
    <div className="run-bar">
      <select
        className="select run-select"
        aria-label="Evaluation"
        data-testid="run-select"
        value={run.id}
        onChange={(event) => useEvaluation.getState().choose(Number(event.target.value))}
      >
        {runs.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name} ({STATE_WORDS[one.state]})
          </option>
        ))}
      </select>
      <RunProgress run={run} />
      {run.problems.length > 0 && <FailedImages run={run} />}
      <span className="run-actions">
        {isRunning && <ActionButton action={pauseRunAction} label="Pause" disabled={isBusy} />}
        {(isRunning || run.state === 'paused') && (
          <ActionButton action={cancelRunAction} label="Cancel" disabled={isBusy} />
        )}
        {!isRunning && !isWhole && (
          <ActionButton action={resumeRunAction} label={resumeLabel(run)} primary disabled={isBusy} />
        )}
        <ActionButton action={reportAction} label="Report…" disabled={isBusy || run.progress.done === 0} />
        <ActionButton
          action={compareReportAction}
          label="Against a report…"
          disabled={isBusy || run.progress.done === 0}
        />
        <ActionButton action={newRunAction} label="New run" disabled={isBusy} />
        <button
          type="button"
          className="icon-button"
          aria-label={removeRunAction.label}
          title={removeRunAction.label}
          disabled={isBusy || isRunning}
          data-testid={removeRunAction.id}
          onClick={() => void runAction(removeRunAction)}
        >
          <Icon name="close" size={13} />
        </button>
      </span>
    </div>
  );
}

/** What is left to do, in the word for why. */
function resumeLabel({ state }: EvaluationRun): string {
  return state === 'done' ? 'Measure what changed' : 'Resume';
}

interface ActionButtonProps {
  readonly action: Action;
  readonly label: string;
  readonly primary?: boolean;
  readonly disabled: boolean;
}

function ActionButton({ action, label, primary = false, disabled }: ActionButtonProps) {
  return (
    <button
      type="button"
      className={primary ? 'button primary' : 'button'}
      disabled={disabled}
      title={action.label}
      data-testid={action.id}
      onClick={() => void runAction(action)}
    >
      {label}
    </button>
  );
}

function RunProgress({ run }: { readonly run: EvaluationRun }) {
  const { done, total, perSecond, secondsLeft } = run.progress;
  const isRunning = run.state === 'running';
  const parts = [
    done < total || isRunning ? `${count(done)} of ${count(total)} images` : `${count(done)} images`,
    isRunning && perSecond !== null ? `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} a second` : null,
    isRunning && secondsLeft !== null ? `${duration(secondsLeft)} left` : null,
    isRunning ? null : STATE_WORDS[run.state],
  ].filter((part) => part !== null);
  return (
    <span className="run-progress" data-testid="run-progress" data-state={run.state} data-done={done}>
      {(isRunning || done < total) && <ProgressBar label="Images measured" done={done} total={total} />}
      <span className="muted">{parts.join(' · ')}</span>
    </span>
  );
}

/** The images that could not be measured, and why. */
function FailedImages({ run }: { readonly run: EvaluationRun }) {
  return (
    <MenuButton
      label="Images that could not be measured"
      testId="run-failed"
      button={
        <>
          <Icon name="alert" size={13} /> {count(run.progress.failed)} not measured
        </>
      }
    >
      {() =>
        run.problems.map((problem) => (
          <p key={`${problem.code} ${problem.subject ?? ''}`} className="run-problem selectable">
            {formatProblem(problem)}
          </p>
        ))
      }
    </MenuButton>
  );
}
