import { ActionKey } from '../../actions/ActionKey.tsx';
import { STARTS, startMask, whyNotStart } from '../../actions/annotate/startMask.ts';
import { useMask } from '../../store/useMask.ts';
import { MenuButton } from '../../ui/MenuButton.tsx';

/** The four starts again, for a mask that exists. */
export function StartOverMenu() {
  const ready = useMask((state) => state.status === 'ready');
  if (!ready) return null;
  return (
    <MenuButton label="Start over from" button="Start over from…" testId="start-over">
      {(close) => (
        <>
          <p className="menu-title">Replaces the whole mask; undo takes it back</p>
          {STARTS.map(({ kind, name }, index) => {
            const reason = whyNotStart(kind);
            return (
              <button
                key={kind}
                type="button"
                role="menuitem"
                className="menu-item"
                disabled={reason !== null}
                title={reason ?? undefined}
                data-testid={`start-over-${kind}`}
                onClick={() => {
                  close();
                  void startMask[index]?.run();
                }}
              >
                {name} <ActionKey id={`mask.start.${kind}`} />
              </button>
            );
          })}
        </>
      )}
    </MenuButton>
  );
}
