import { useEffect, useState } from 'react';
import type { ResponseOf } from '#core/ipc/contract.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import { removeModel } from '../../store/chooseModel.ts';
import { call } from '../../store/studio.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { bytes } from '../../ui/format.ts';
import { ProblemNote } from '../../ui/ProblemNote.tsx';

/** Asks before a model leaves the list, and says what becomes of its files. */
export function RemoveDialog({ model, close }: { readonly model: ModelInfo; readonly close: () => void }) {
  const [files, setFiles] = useState<ResponseOf<'models.ownFiles'> | undefined>(undefined);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [removing, setRemoving] = useState(false);
  const { id, name, folder, source } = model;
  useEffect(() => {
    call('models.ownFiles', { modelId: id }).then(setFiles, (error: unknown) =>
      setProblem(toProblem(error, { code: 'models.ownFiles', subject: name })),
    );
  }, [id, name]);
  const remove = async (): Promise<void> => {
    setRemoving(true);
    try {
      await removeModel(model);
      close();
    } catch (error) {
      setProblem(toProblem(error, { code: 'models.remove', subject: name }));
      setRemoving(false);
    }
  };
  return (
    <Dialog title={`Remove ${name}`} onClose={close} testId="remove-dialog">
      <div className="dialog-body remove-body">
        <p data-testid="remove-says">
          {files === undefined
            ? 'Looking at its files'
            : files
              ? `The studio downloaded it: its files, ${bytes(files.bytes)}, are deleted.`
              : 'It leaves the list. Its files stay where they are.'}
        </p>
        <p className="faint selectable model-folder">{source ?? folder}</p>
        <p className="muted">
          Masks that began with it, evaluations and reports stay as they are, and keep its name.
        </p>
        {problem && <ProblemNote problem={problem} />}
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" autoFocus onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="button danger"
          data-testid="remove-run"
          disabled={files === undefined || removing}
          onClick={() => void remove()}
        >
          {files ? 'Remove and delete' : 'Remove'}
        </button>
      </div>
    </Dialog>
  );
}
