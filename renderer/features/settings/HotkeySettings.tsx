import { useMemo, useState } from 'react';
import { normaliseHotkey } from '#core/hotkeys/hotkey.ts';
import { ACTION_GROUPS, type Action } from '../../actions/action.ts';
import { moveHotkey, resetHotkeys, setHotkeys } from '../../actions/changeHotkeys.ts';
import { currentHotkeys } from '../../actions/currentHotkeys.ts';
import { hotkeyLabel } from '../../actions/hotkeyLabel.ts';
import { actionsOnKey } from '../../actions/keyConflicts.ts';
import { actions } from '../../actions/registry.ts';
import { useSettings } from '../../store/useSettings.ts';
import { Icon } from '../../ui/icons/Icon.tsx';
import { KeyRecorder } from './KeyRecorder.tsx';
import { matchesKeySearch } from './matchesKeySearch.ts';

/** Every action with its keys: take one away, add one, or give an action its own back. */
export function HotkeySettings() {
  const set = useSettings((state) => state.settings.hotkeys);
  const [query, setQuery] = useState('');
  const [asked, setAsked] = useState<string | null>(null);
  const shown = useMemo(
    () => actions.filter((action) => matchesKeySearch(action, currentHotkeys(action, set), query)),
    [query, set],
  );
  return (
    <>
      <div className="hotkey-search">
        <input
          className="field"
          type="search"
          placeholder="Find an action or a key"
          aria-label="Find an action or a key"
          data-testid="hotkey-search"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <button
          type="button"
          className="button"
          disabled={Object.keys(set).length === 0}
          data-testid="hotkeys-reset"
          onClick={() => {
            setAsked(null);
            resetHotkeys();
          }}
        >
          Reset all
        </button>
      </div>
      <div className="hotkey-list" tabIndex={-1}>
        {ACTION_GROUPS.map((group) => {
          const rows = shown.filter((action) => action.group === group);
          return (
            rows.length > 0 && (
              <section key={group} aria-label={group}>
                <h3 className="faint">{group}</h3>
                {rows.map((action) => (
                  <HotkeyRow
                    key={action.id}
                    action={action}
                    changed={action.id in set}
                    recording={asked === action.id}
                    onRecord={(on) => setAsked(on ? action.id : null)}
                  />
                ))}
              </section>
            )
          );
        })}
        {shown.length === 0 && <p className="faint">No action has this in its name or on its keys</p>}
      </div>
    </>
  );
}

interface HotkeyRowProps {
  readonly action: Action;
  readonly changed: boolean;
  readonly recording: boolean;
  readonly onRecord: (on: boolean) => void;
}

/** Where an action's keys work, in words. */
const whereOf = ({ places, mode }: Action): string => {
  const where = places ? places.join(', ') : 'everywhere';
  return mode === undefined ? where : `${where}, on a ${mode}`;
};

function HotkeyRow({ action, changed, recording, onRecord }: HotkeyRowProps) {
  const set = useSettings((state) => state.settings.hotkeys);
  const [wanted, setWanted] = useState<string | null>(null);
  const keys = currentHotkeys(action, set);
  const taken = wanted === null ? [] : actionsOnKey(action, wanted, actions, set);
  const stop = (): void => {
    setWanted(null);
    onRecord(false);
  };
  const record = (key: string): void => {
    if (actionsOnKey(action, key, actions, set).length > 0) {
      setWanted(key);
      return;
    }
    moveHotkey(action, key, []);
    stop();
  };
  const remove = (key: string): void => {
    setHotkeys(
      action,
      keys.filter((one) => normaliseHotkey(one) !== normaliseHotkey(key)),
    );
  };
  const labels = new Map(keys.map((key) => [hotkeyLabel(key), key]));
  return (
    <div className="hotkey-setting" data-testid={`hotkey-${action.id}`}>
      <div className="hotkey-setting-row">
        <span className="hotkey-name">
          <span className="ellipsis">{action.label}</span>
          <span className="faint"> {whereOf(action)}</span>
        </span>
        <span className="hotkey-keys">
          {[...labels].map(([label, key]) => (
            <span key={label} className="kbd hotkey-chip">
              {label}
              <button
                type="button"
                aria-label={`Take ${label} from ${action.label}`}
                onClick={() => remove(key)}
              >
                <Icon name="close" size={10} />
              </button>
            </span>
          ))}
          {recording && wanted === null ? (
            <KeyRecorder label={action.label} onKey={record} onStop={stop} />
          ) : (
            <button
              type="button"
              className="icon-button"
              aria-label={`Add a key for ${action.label}`}
              title="Add a key"
              data-testid={`hotkey-add-${action.id}`}
              onClick={() => {
                setWanted(null);
                onRecord(true);
              }}
            >
              <Icon name="plus" size={13} />
            </button>
          )}
          <button
            type="button"
            className="link hotkey-reset"
            aria-label={`Reset the keys of ${action.label}`}
            style={{ visibility: changed ? 'visible' : 'hidden' }}
            onClick={() => {
              const own = action.hotkeys.flatMap((key) => actionsOnKey(action, key, actions, set));
              // Its own keys may be somebody else's by now: then they are asked for one by one.
              if (own.length === 0) setHotkeys(action, action.hotkeys);
              else {
                onRecord(true);
                setWanted(
                  action.hotkeys.find((key) => actionsOnKey(action, key, actions, set).length > 0) ?? null,
                );
              }
            }}
          >
            Reset
          </button>
        </span>
      </div>
      {recording && wanted !== null && (
        <div className="hotkey-conflict" role="alert" data-testid="hotkey-conflict">
          <span>
            <kbd className="kbd">{hotkeyLabel(wanted)}</kbd> is “
            {taken.map(({ label }) => label).join('”, “')}” there already.
          </span>
          <button
            type="button"
            className="button"
            data-testid="hotkey-move"
            onClick={() => {
              moveHotkey(action, wanted, taken);
              stop();
            }}
          >
            Take it from there
          </button>
          <button type="button" className="button" data-testid="hotkey-keep" onClick={stop}>
            Leave it
          </button>
        </div>
      )}
    </div>
  );
}
