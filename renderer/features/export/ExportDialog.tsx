import { useState } from 'react';
import { formatById } from '#core/formats/formatRegistry.ts';
import { toProblem } from '#core/problem.ts';
import type { ExportSummary } from '#core/ipc/schemas.ts';
import { call } from '../../store/studio.ts';
import { useDialog } from '../../store/useDialog.ts';
import { useJobs, type ExportJob } from '../../store/useJobs.ts';
import { modelIn, useModels } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';
import { useToasts } from '../../store/useToasts.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { FailedStep } from '../../ui/FailedStep.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { RunningFoot } from '../../ui/RunningFoot.tsx';
import { FIRST_CHOICE, FormatChoice, unmappedClasses } from './FormatChoice.tsx';
import { retrainOptionsOf } from './retrainOptionsOf.ts';
import './export.css';

/** Where to, what will be written, how far it is, and what came of it. */
export function ExportDialog() {
  const job = useJobs((state) => state.exportJob);
  const forget = useJobs((state) => state.forgetExport);
  const closeDialog = useDialog((state) => state.close);
  const close = (): void => {
    forget();
    closeDialog();
  };
  return (
    <Dialog title="Export masks" onClose={close} testId="export-dialog">
      <ExportStep job={job} close={close} />
    </Dialog>
  );
}

function ExportStep({ job, close }: { readonly job: ExportJob; readonly close: () => void }) {
  switch (job.status) {
    case 'idle':
      return <ChooseStep close={close} />;
    case 'running':
      return <RunningStep job={job} close={close} />;
    case 'finished':
      return <FinishedStep summary={job.summary} close={close} />;
    case 'failed':
      return (
        <FailedStep
          problem={job.problem}
          close={close}
          again={{ label: 'Try again', run: () => void useJobs.getState().runExport(job.request) }}
        />
      );
  }
}

function ChooseStep({ close }: { readonly close: () => void }) {
  const images = useProject((state) => state.project?.images);
  const table = useProject((state) => state.project?.classTable);
  const [folder, setFolder] = useState<string | null>(null);
  const [choice, setChoice] = useState(FIRST_CHOICE);
  const open = table ? unmappedClasses(choice, table).length : 0;
  const masks = images?.filter((image) => image.hasMask).length ?? 0;
  const weighs = formatById(choice.format).weighs === true;
  const canWeigh = useModels(
    (state) => modelIn('teacher', state) !== null && modelIn('student', state) !== null,
  );
  const run = (): void => {
    const { correctedWeight, ...request } = choice;
    const retrain = weighs ? (retrainOptionsOf(correctedWeight) ?? undefined) : undefined;
    if (folder !== null) void useJobs.getState().runExport({ folder, ...request, retrain });
  };
  const choose = async (): Promise<void> => {
    try {
      const chosen = await call('export.choose', {});
      if (chosen !== null) setFolder(chosen);
    } catch (error) {
      useToasts.getState().showProblem(toProblem(error, { code: 'export.choose' }));
    }
  };
  return (
    <>
      <div className="dialog-body export-body">
        {masks === 0 ? (
          <p>
            No image of this folder has a mask yet. Go to Annotate, start one from the teacher, and fix what
            is wrong: then there is something to export.
          </p>
        ) : (
          <>
            <p>
              <b>{masks}</b> {masks === 1 ? 'mask' : 'masks'}, pixel for pixel as on the screen
              {weighs && ', but for open disputes'}:
            </p>
            {table && <FormatChoice choice={choice} onChange={setChoice} table={table} />}
            <div className="export-folder">
              <span
                className={`ellipsis ${folder === null ? 'faint' : 'selectable'}`}
                title={folder ?? undefined}
              >
                {folder ?? 'No folder chosen'}
              </span>
              <button
                type="button"
                className="button"
                data-testid="export-choose"
                onClick={() => void choose()}
              >
                Choose folder…
              </button>
            </div>
          </>
        )}
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="button primary"
          disabled={folder === null || masks === 0 || open > 0 || (weighs && !canWeigh)}
          data-testid="export-run"
          onClick={run}
        >
          Export {masks > 0 ? masks : ''}
        </button>
      </div>
    </>
  );
}

function RunningStep({
  job,
  close,
}: {
  readonly job: Extract<ExportJob, { status: 'running' }>;
  readonly close: () => void;
}) {
  return (
    <>
      <div className="dialog-body export-body">
        <p className="ellipsis muted">{job.current === '' ? 'Preparing' : job.current}</p>
        <ProgressBar
          label={job.looking ? 'Pictures looked at' : 'Masks written'}
          done={job.done}
          total={job.total}
        />
        <p className="faint">
          {job.done} of {job.total}{' '}
          {job.looking ? 'pictures looked at by teacher and student' : 'masks written'}
        </p>
      </div>
      <RunningFoot
        hide={close}
        stop={() => void useJobs.getState().cancelExport()}
        stopping={job.cancelling}
        testId="export-cancel"
      />
    </>
  );
}

function FinishedStep({ summary, close }: { readonly summary: ExportSummary; readonly close: () => void }) {
  const show = (): void => {
    call('shell.showInFolder', { path: summary.folder }).catch((error: unknown) => {
      useToasts.getState().showProblem(toProblem(error, { code: 'shell.show' }));
    });
  };
  return (
    <>
      <div className="dialog-body export-body" data-testid="export-result">
        <p>
          {summary.cancelled ? 'Stopped. ' : ''}
          <b>{summary.written}</b> of {summary.total} {summary.total === 1 ? 'mask' : 'masks'} written to
        </p>
        <p className="selectable export-path">{summary.folder}</p>
        {summary.weighed && (
          <p className="muted">
            {summary.weighed.open} open {summary.weighed.open === 1 ? 'dispute' : 'disputes'}:{' '}
            {summary.weighed.openPixels.toLocaleString('en')} pixels are ignored. {summary.weighed.decided}{' '}
            decided; {summary.weighed.correctedPixels.toLocaleString('en')} corrected pixels count more.
          </p>
        )}
        {summary.problems.map((problem) => (
          <ProblemNote key={`${problem.code} ${problem.subject ?? ''}`} problem={problem} />
        ))}
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={show}>
          Show in folder
        </button>
        <button type="button" className="button primary" onClick={close}>
          Done
        </button>
      </div>
    </>
  );
}
