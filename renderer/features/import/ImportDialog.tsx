import { useState } from 'react';
import { useDialog } from '../../store/useDialog.ts';
import { useImport } from '../../store/useImport.ts';
import { useProject } from '../../store/useProject.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { SurveyTable } from './SurveyTable.tsx';
import './import.css';

type ImportAs = 'mask' | 'truth';

/** Which masks, what they are and what would become of them; then they are stored. */
export function ImportDialog() {
  const forget = useImport((state) => state.forget);
  const closeDialog = useDialog((state) => state.close);
  const [as, setAs] = useState<ImportAs>('mask');
  const close = (): void => {
    forget();
    closeDialog();
  };
  return (
    <Dialog title="Import masks" onClose={close} testId="import-dialog">
      <div className="dialog-body import-body">
        <ChosenPath />
        <ImportContent as={as} setAs={setAs} />
      </div>
      <ImportFoot as={as} close={close} />
    </Dialog>
  );
}

function ChosenPath() {
  const { path, work, choose, imported } = useImport();
  if (imported !== null) return null;
  return (
    <div className="import-path">
      <span className={`ellipsis ${path === null ? 'faint' : 'selectable'}`} title={path ?? undefined}>
        {path ?? 'No masks chosen'}
      </span>
      <button
        type="button"
        className="button"
        disabled={work !== null}
        data-testid="import-folder"
        onClick={() => void choose('folder')}
      >
        Choose folder…
      </button>
      <button type="button" className="button" disabled={work !== null} onClick={() => void choose('file')}>
        File…
      </button>
    </div>
  );
}

function ImportContent({ as, setAs }: { readonly as: ImportAs; readonly setAs: (as: ImportAs) => void }) {
  const { survey, work, problem, imported } = useImport();
  if (imported !== null) {
    return (
      <p data-testid="import-result">
        <b>{imported}</b> {imported === 1 ? 'mask' : 'masks'} imported{' '}
        {as === 'truth' ? 'as ground truth.' : 'to be fixed. Undo on any of the images takes all of it back.'}
      </p>
    );
  }
  if (work) {
    return (
      <>
        <p className="ellipsis muted">
          {work.kind === 'looking' ? 'Looking at' : 'Storing'} {work.current || 'the masks'}
        </p>
        <ProgressBar label="Masks" done={work.done} total={work.total} />
      </>
    );
  }
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      {!survey && !problem && (
        <p className="muted">
          Indexed PNG, ADE20K, Cityscapes, Pascal VOC, COCO, labelme, CVAT, Label Studio, mmsegmentation,
          imagefolder and retrain packs are recognised by their files. Nothing is stored before you have seen
          what would be.
        </p>
      )}
      {survey && (
        <>
          <p data-testid="import-format">
            <b>{survey.format.title}</b> <span className="muted">{survey.format.evidence}</span>
          </p>
          <SurveyTable survey={survey} />
          <div className="import-as">
            <span>Import as</span>
            <Segmented
              label="Import as"
              value={as}
              onChange={setAs}
              options={[
                { value: 'mask', label: 'Masks to fix', title: 'One step, which undo takes back' },
                {
                  value: 'truth',
                  label: 'Ground truth',
                  title: 'In place of the ground truth of this project',
                },
              ]}
            />
          </div>
        </>
      )}
    </>
  );
}

function ImportFoot({ as, close }: { readonly as: ImportAs; readonly close: () => void }) {
  const { survey, work, run, cancel, imported } = useImport();
  const readOnly = useProject((state) => state.project?.readOnly ?? false);
  if (imported !== null) {
    return (
      <div className="dialog-foot">
        <button type="button" className="button primary" onClick={close}>
          Done
        </button>
      </div>
    );
  }
  if (work) {
    return (
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => void cancel()}>
          Stop
        </button>
      </div>
    );
  }
  const open = survey?.classes.filter(({ becomes }) => becomes === null).length ?? 0;
  const usable = survey?.usable ?? 0;
  return (
    <div className="dialog-foot">
      {readOnly && <span className="muted">The project is open read-only</span>}
      {open > 0 && (
        <span className="muted">Say what {open === 1 ? 'one class is' : `${open} classes are`}</span>
      )}
      <button type="button" className="button" onClick={close}>
        Cancel
      </button>
      <button
        type="button"
        className="button primary"
        disabled={usable === 0 || open > 0 || readOnly}
        data-testid="import-run"
        onClick={() => void run(as)}
      >
        Import {usable > 0 ? usable : ''}
      </button>
    </div>
  );
}
