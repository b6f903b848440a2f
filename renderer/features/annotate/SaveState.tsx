import { useMask } from '../../store/useMask.ts';
import { useProject } from '../../store/useProject.ts';

const TEXTS = { saved: 'saved', saving: 'saving', unsaved: 'not saved' } as const;

/** Whether what is on screen is in the project file; quiet as long as it is. */
export function SaveState() {
  const saving = useMask((state) => state.saving);
  const started = useMask((state) => state.history.length > 0);
  const readOnly = useProject((state) => state.project?.readOnly ?? false);
  const text =
    saving === 'saved' && readOnly ? 'read-only' : saving === 'saved' && !started ? '' : TEXTS[saving];
  return (
    <span className="save-state" data-saving={saving} data-testid="save-state" role="status">
      {text}
    </span>
  );
}
