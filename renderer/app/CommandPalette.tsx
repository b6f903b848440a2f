import { useMemo, useState, type KeyboardEvent } from 'react';
import type { Action } from '../actions/action.ts';
import { actions } from '../actions/registry.ts';
import { runAction } from '../actions/runAction.ts';
import { useHotkeyLabel } from '../actions/useHotkeyLabel.ts';
import { useDialog } from '../store/useDialog.ts';
import { useView } from '../store/useView.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { findActions } from './findActions.ts';

/** Every command by its name: type, choose, Enter. */
export function CommandPalette() {
  const close = useDialog((state) => state.close);
  const place = useView((state) => state.place);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(
    () =>
      findActions(
        actions.filter((action) => !action.release && (!action.places || action.places.includes(place))),
        query,
      ),
    [query, place],
  );
  const chosen = found[Math.min(at, found.length - 1)];

  const run = (action: Action): void => {
    close();
    void runAction(action);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter' && chosen) run(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog title="Find a command" onClose={close} testId="palette" bare>
      <input
        className="palette-input"
        autoFocus
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={chosen ? `palette-${chosen.id}` : undefined}
        aria-label="Find a command"
        placeholder="Find a command"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="palette-list" className="palette-list" role="listbox" aria-label="Commands">
        {found.map((action) => (
          <div
            key={action.id}
            id={`palette-${action.id}`}
            ref={(element) => {
              if (action === chosen) element?.scrollIntoView({ block: 'nearest' });
            }}
            className="palette-row"
            role="option"
            aria-selected={action === chosen}
            aria-disabled={!action.enabled()}
            onPointerMove={() => setAt(found.indexOf(action))}
            onClick={() => run(action)}
          >
            <span>{action.label}</span>
            <span className="faint">{action.group}</span>
            <FirstKey action={action} />
          </div>
        ))}
        {found.length === 0 && <p className="palette-none faint">No command has this in its name</p>}
      </div>
    </Dialog>
  );
}

function FirstKey({ action }: { readonly action: Action }) {
  const label = useHotkeyLabel(action);
  return label === '' ? null : <kbd className="kbd">{label}</kbd>;
}
