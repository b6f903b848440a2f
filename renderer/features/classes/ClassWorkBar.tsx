import { useClassEditor } from '../../store/useClassEditor.ts';
import { useProject } from '../../store/useProject.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';

/** How far counting or changing is, with its Cancel; else the last change of the masks, with its Undo. */
export function ClassWorkBar() {
  const work = useClassEditor((state) => state.work);
  const last = useClassEditor((state) => state.last);
  const projectId = useProject((state) => state.project?.id);
  const { cancel, undo, count } = useClassEditor.getState();
  if (work && work.total > 0) {
    return (
      <div className="classes-work">
        <span className="muted">
          {work.kind === 'counting' ? 'Counting' : 'Changing'} {work.done} of {work.total} masks
        </span>
        <ProgressBar label="Masks" done={work.done} total={work.total} />
        <button type="button" className="button" onClick={() => void cancel()}>
          Cancel
        </button>
      </div>
    );
  }
  if (!last || last.projectId !== projectId) return null;
  return (
    <div className="classes-work" role="status" data-testid="classes-last">
      <span>
        {last.label}: {last.imageIds.length} {last.imageIds.length === 1 ? 'mask' : 'masks'}, as one step
      </span>
      <button
        type="button"
        className="button"
        data-testid="classes-undo"
        onClick={() => void undo().then(() => count())}
      >
        Undo
      </button>
    </div>
  );
}
