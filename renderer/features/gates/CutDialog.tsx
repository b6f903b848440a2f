import { useEffect } from 'react';
import type { CutReport } from '#core/gates/cutReport.ts';
import { chooseModel } from '../../store/chooseModel.ts';
import { useDialog } from '../../store/useDialog.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { FailedStep } from '../../ui/FailedStep.tsx';
import { count } from '../../ui/figureFormat.ts';
import { bytes, parameters } from '../../ui/format.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useCutJob } from './useCutJob.ts';

/** A smaller student without the neurons that no image of the folder keeps, and the proof that it says the same. */
export function CutDialog() {
  const closeDialog = useDialog((state) => state.close);
  const close = (): void => {
    useCutJob.getState().cancel();
    useCutJob.getState().forget();
    closeDialog();
  };
  useEffect(() => {
    if (useCutJob.getState().job.status === 'idle') void useCutJob.getState().start();
  }, []);
  return (
    <Dialog title="Cut what is never kept" onClose={close} testId="cut-dialog">
      <Step close={close} />
    </Dialog>
  );
}

function Step({ close }: { readonly close: () => void }) {
  const job = useCutJob((state) => state.job);
  const start = useCutJob((state) => state.start);
  const write = useCutJob((state) => state.write);
  switch (job.status) {
    case 'idle':
    case 'running':
    case 'writing': {
      const { done, total } = job.status === 'running' ? job : { done: 0, total: 0 };
      return (
        <>
          <div className="dialog-body" data-testid="cut-running">
            <ProgressBar label="Comparing the two students" done={done} total={total} />
            <p className="faint">
              {job.status === 'writing'
                ? 'Writing the model folder'
                : total === 0
                  ? 'Cutting the student'
                  : `Comparing both on the images: ${done} of ${total}`}
            </p>
          </div>
          <div className="dialog-foot">
            <button type="button" className="button" onClick={close}>
              Stop
            </button>
          </div>
        </>
      );
    }
    case 'made':
      return (
        <>
          <div className="dialog-body" data-testid="cut-made">
            <Report
              report={job.student.report}
              parametersAfter={job.student.parameters}
              bytesAfter={job.student.onnx.length}
            />
          </div>
          <div className="dialog-foot">
            <button type="button" className="button" onClick={close}>
              Discard
            </button>
            <button
              type="button"
              className="button primary"
              data-testid="cut-write"
              onClick={() => void write()}
            >
              Save as a model…
            </button>
          </div>
        </>
      );
    case 'finished':
      return (
        <>
          <div className="dialog-body" data-testid="cut-finished">
            <p>
              <b>{job.model.name}</b> is written and in the list of models.
            </p>
            <p className="selectable faint">{job.model.folder}</p>
          </div>
          <div className="dialog-foot">
            <button type="button" className="button" onClick={close}>
              Close
            </button>
            <button
              type="button"
              className="button primary"
              data-testid="cut-use"
              onClick={() => {
                chooseModel('student', job.model.id);
                close();
              }}
            >
              Use it as the student
            </button>
          </div>
        </>
      );
    case 'failed':
      return (
        <FailedStep
          problem={job.problem}
          close={close}
          again={{ label: 'Try again', run: () => void start() }}
        />
      );
  }
}

interface ReportProps {
  readonly report: CutReport;
  readonly parametersAfter: number;
  readonly bytesAfter: number;
}

function Report({ report, parametersAfter, bytesAfter }: ReportProps) {
  const { equivalence, images, layers, parametersBefore, bytesBefore } = report;
  const cut = layers.reduce((sum, layer) => sum + layer.cut, 0);
  const { equalImages, differentPixels, pixels, largestLogitDifference } = equivalence;
  const equal = equalImages === equivalence.images;
  return (
    <>
      <p>
        <b>{cut} neurons</b> that none of {images} images keeps are gone.
      </p>
      <dl className="figures cut-figures">
        <dt>Parameters</dt>
        <dd className="wide">
          {parameters(parametersBefore)} → {parameters(parametersAfter)}
        </dd>
        <dt>File</dt>
        <dd className="wide">
          {bytes(bytesBefore)} → {bytes(bytesAfter)}
        </dd>
        <dt>Same class map</dt>
        <dd className="wide" data-testid="cut-equal">
          {equalImages} of {equivalence.images} images
        </dd>
        {!equal && (
          <>
            <dt>Pixels that differ</dt>
            <dd className="wide">
              {count(differentPixels)} of {count(pixels)}
            </dd>
          </>
        )}
        <dt>Largest difference of a logit</dt>
        <dd className="wide">{largestLogitDifference.toExponential(1)}</dd>
      </dl>
      <p className="figures-note cut-note">
        {equal
          ? 'On these images the two are the same. On others the smaller one cannot choose what is gone.'
          : 'Rounding tipped the choice between two neurons of nearly the same logit: look at these images before you use it.'}
      </p>
    </>
  );
}
