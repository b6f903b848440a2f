import { redo } from '../../actions/annotate/redo.ts';
import { undo } from '../../actions/annotate/undo.ts';
import { useKeyOf } from '../../actions/useKeyOf.ts';
import { useMask } from '../../store/useMask.ts';
import { useTool } from '../../tools/useTool.ts';
import { keepFocus } from './keepFocus.ts';
import { RedoIcon, UndoIcon } from './toolIcons.tsx';

/** Undo and redo with what they would change, and where the history stands. */
export function HistoryControls() {
  const history = useMask((state) => state.history);
  // What is in the hand decides too.
  useTool((state) => state.stateName);
  const undoKey = useKeyOf(undo.id);
  const redoKey = useKeyOf(redo.id);
  const undoTitle = history.undoLabel ? `Undo ${history.undoLabel}` : 'Undo';
  const redoTitle = history.redoLabel ? `Redo ${history.redoLabel}` : 'Redo';
  return (
    <div className="history" role="group" aria-label="History">
      <button
        type="button"
        className="button quiet"
        disabled={!undo.enabled()}
        title={`${undoTitle}${undoKey.bracketed}`}
        aria-label={undoTitle}
        data-testid="undo"
        onMouseDown={keepFocus}
        onClick={() => void undo.run()}
      >
        <UndoIcon />
        <span className="ellipsis history-label">{history.undoLabel ?? 'nothing to undo'}</span>
      </button>
      <span className="muted" data-testid="history-position" title="Steps of this image’s history">
        {history.cursor} of {history.length}
      </span>
      <button
        type="button"
        className="button quiet"
        disabled={!redo.enabled()}
        title={`${redoTitle}${redoKey.bracketed}`}
        aria-label={redoTitle}
        data-testid="redo"
        onMouseDown={keepFocus}
        onClick={() => void redo.run()}
      >
        <RedoIcon />
      </button>
    </div>
  );
}
