import { useDialog } from '../../store/useDialog.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { FailedStep } from '../../ui/FailedStep.tsx';
import { PruneForm } from './PruneForm.tsx';
import { PruneOutcome } from './PruneOutcome.tsx';
import { PruneRun } from './PruneRun.tsx';
import { usePruneJob } from './usePruneJob.ts';
import './prune.css';

/** A student of a model in the list, without training: what from, how small, how far it is, what came of it. */
export function PruneDialog() {
  const closeDialog = useDialog((state) => state.close);
  const close = (): void => {
    usePruneJob.getState().forget();
    closeDialog();
  };
  return (
    <Dialog title="Make a student without training" onClose={close} testId="prune-dialog">
      <PruneStep close={close} />
    </Dialog>
  );
}

function PruneStep({ close }: { readonly close: () => void }) {
  const job = usePruneJob((state) => state.job);
  switch (job.status) {
    case 'idle':
      return <PruneForm close={close} />;
    case 'running':
      return <PruneRun wish={job.wish} progress={job.progress} close={close} />;
    case 'writing':
      return (
        <div className="dialog-body prune-body">
          <p className="muted">Writing {job.wish.folder}</p>
        </div>
      );
    case 'finished':
      return <PruneOutcome model={job.model} report={job.report} close={close} />;
    case 'failed':
      return (
        <FailedStep
          problem={job.problem}
          close={close}
          className="prune-body"
          again={{ label: 'Change it', run: () => usePruneJob.getState().forget(), testId: 'prune-back' }}
        />
      );
  }
}
