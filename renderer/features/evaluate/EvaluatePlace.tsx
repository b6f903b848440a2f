import type { EvaluationRun } from '#core/evaluation/evaluationRun.ts';
import { chosenRun, useEvaluation } from '../../store/useEvaluation.ts';
import { useProject } from '../../store/useProject.ts';
import { useRunView } from '../../store/useRunView.ts';
import { chooseFolder } from '../../store/openProject.ts';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { CalibrationChart } from './CalibrationChart.tsx';
import { ClassTable } from './ClassTable.tsx';
import { ConfusionTable } from './ConfusionTable.tsx';
import { CostChart } from './CostChart.tsx';
import { Verdict } from './Verdict.tsx';
import './evaluate.css';
import { Headlines } from './Headlines.tsx';
import { RunBar } from './RunBar.tsx';
import { RunForm } from './RunForm.tsx';

/** Judge students over the whole folder: a run, its figures, and in the panel beside it the images behind them. */
export function EvaluatePlace() {
  const runs = useEvaluation((state) => state.runs);
  const isSettingUp = useEvaluation((state) => state.isSettingUp);
  const run = useEvaluation(chosenRun);
  const count = useProject((state) => state.project?.images.length ?? 0);
  return (
    <section className="evaluate" aria-label="Evaluate" data-testid="evaluate">
      {count === 0 ? (
        <div className="empty">
          <h2>Nothing to evaluate yet</h2>
          <p>Open a folder of images, best with ground truth beside it, and measure your students over it.</p>
          <button type="button" className="button primary" onClick={() => void chooseFolder()}>
            Open a folder
          </button>
        </div>
      ) : runs === null ? (
        <div className="empty" role="status">
          <p>Reading the evaluations of this folder</p>
        </div>
      ) : isSettingUp || !run ? (
        <div className="evaluate-scroll">
          <RunForm />
        </div>
      ) : (
        <RunPage key={run.id} run={run} />
      )}
    </section>
  );
}

function RunPage({ run }: { readonly run: EvaluationRun }) {
  const figures = useRunView((state) => state.figures);
  const problem = useRunView((state) => state.problem);
  const isLoading = useRunView((state) => state.isLoading);
  const table = useProject((state) => state.project?.classTable);
  const isEmpty = !figures || figures.contestants.every(({ images }) => images === 0);
  return (
    <>
      <RunBar run={run} />
      <div className="evaluate-scroll" data-testid="evaluate-figures" data-loading={isLoading}>
        {problem && <ProblemNote problem={problem} />}
        {isEmpty && !problem && <NoFigures run={run} isLoading={isLoading} />}
        {!isEmpty && table && (
          <>
            <Verdict run={run} figures={figures} />
            <Headlines run={run} figures={figures} />
            <div className="chart-row">
              <CostChart run={run} figures={figures} />
              <CalibrationChart run={run} figures={figures} />
            </div>
            <ClassTable run={run} figures={figures} table={table} />
            <ConfusionTable run={run} figures={figures} table={table} />
          </>
        )}
      </div>
    </>
  );
}

function NoFigures({ run, isLoading }: { readonly run: EvaluationRun; readonly isLoading: boolean }) {
  const says =
    run.state === 'running'
      ? 'The models are loaded; figures appear with the first images.'
      : isLoading
        ? 'Adding up the figures'
        : run.progress.done > 0
          ? 'No measured image passes this filter.'
          : 'Nothing is measured yet: resume the run.';
  return (
    <div className="empty" role="status">
      <p>{says}</p>
    </div>
  );
}
