import { ACTION_GROUPS } from '../actions/action.ts';
import { hotkeyLabel } from '../actions/hotkeyLabel.ts';
import { currentHotkeys } from '../actions/currentHotkeys.ts';
import { actions } from '../actions/registry.ts';
import { useDialog } from '../store/useDialog.ts';
import { useSettings } from '../store/useSettings.ts';
import { Dialog } from '../ui/Dialog.tsx';

/** What hands do that no action is: the stage's own. */
const BY_HAND = [
  ['Zoom at the cursor', 'Wheel'],
  ['Pan, in mid-stroke too', 'Space+drag'],
  ['Pan', 'Middle drag'],
] as const;

/** Every action with its keys. */
export function HotkeySheet() {
  const close = useDialog((state) => state.close);
  const show = useDialog((state) => state.show);
  const set = useSettings((state) => state.settings.hotkeys);
  return (
    <Dialog title="Keys" onClose={close} testId="hotkey-sheet">
      <div className="hotkeys">
        {ACTION_GROUPS.map((group) => {
          const rows = actions.filter(
            (action) => action.group === group && currentHotkeys(action, set).length > 0,
          );
          return (
            rows.length > 0 && (
              <section key={group} className="hotkey-group">
                <h3>{group}</h3>
                {rows.map((action) => (
                  <div key={action.id} className="hotkey-row">
                    <span>{action.label}</span>
                    <span className="hotkey-keys">
                      {[...new Set(currentHotkeys(action, set).map(hotkeyLabel))].map((label) => (
                        <kbd key={label} className="kbd">
                          {label}
                        </kbd>
                      ))}
                    </span>
                  </div>
                ))}
                {group === 'Disputes' && (
                  <div className="hotkey-row">
                    <span>Neither is right: it is this class</span>
                    <kbd className="kbd">1 – =</kbd>
                  </div>
                )}
                {group === 'View' &&
                  BY_HAND.map(([what, how]) => (
                    <div key={what} className="hotkey-row">
                      <span>{what}</span>
                      <kbd className="kbd">{how}</kbd>
                    </div>
                  ))}
              </section>
            )
          );
        })}
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => show('hotkeySettings')}>
          Change keys
        </button>
      </div>
    </Dialog>
  );
}
