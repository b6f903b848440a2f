import type { StartKind } from '#core/ipc/schemas.ts';
import { ActionKey } from '../../actions/ActionKey.tsx';
import { STARTS, startMask, whyNotStart } from '../../actions/annotate/startMask.ts';
import { useMask } from '../../store/useMask.ts';
import { modelIn, useModels } from '../../store/useModels.ts';
import { useResults } from '../../store/useResults.ts';

/** What stands over an image without a mask: four ways to begin. */
export function StartPanel() {
  // What can be started from changes while this is shown: runs finish, other models are chosen.
  useModels();
  useMask((state) => state.status);
  useResults((state) => state.runs);
  return (
    <section className="start-panel" aria-label="Start a mask" data-testid="start-panel">
      <h2>This image has no mask yet: start from</h2>
      <div className="start-buttons">
        {STARTS.map(({ kind, name }, index) => {
          const reason = whyNotStart(kind);
          return (
            <button
              key={kind}
              type="button"
              className="start-button"
              disabled={reason !== null}
              data-testid={`start-${kind}`}
              onClick={() => void startMask[index]?.run()}
            >
              <span className="start-name">
                {name} <ActionKey id={`mask.start.${kind}`} />
              </span>
              <span className="muted">{reason ?? about(kind)}</span>
            </button>
          );
        })}
      </div>
    </section>
  );
}

function about(kind: StartKind): string {
  switch (kind) {
    case 'teacher':
    case 'student':
      return modelIn(kind)?.name ?? '';
    case 'truth':
      return 'the mask that came with it';
    case 'empty':
      return 'every pixel is “ignore”';
  }
}
