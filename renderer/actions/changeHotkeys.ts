import { normaliseHotkey } from '#core/hotkeys/hotkey.ts';
import { useSettings } from '../store/useSettings.ts';
import type { Action } from './action.ts';
import { currentHotkeys } from './currentHotkeys.ts';

/** Gives an action these keys, from now on; those that it has by itself are not stored. */
export function setHotkeys(action: Action, keys: readonly string[]): void {
  const { settings, change } = useSettings.getState();
  const hotkeys = { ...settings.hotkeys };
  const own = action.hotkeys.map(normaliseHotkey).join(' ');
  if (keys.map(normaliseHotkey).join(' ') === own) Reflect.deleteProperty(hotkeys, action.id);
  else hotkeys[action.id] = [...keys];
  change({ hotkeys });
}

/** Gives a key to an action and takes it from the others that meant it there. */
export function moveHotkey(action: Action, key: string, from: readonly Action[]): void {
  const wanted = normaliseHotkey(key);
  for (const other of from) {
    setHotkeys(
      other,
      currentHotkeys(other).filter((one) => normaliseHotkey(one) !== wanted),
    );
  }
  const kept = currentHotkeys(action).filter((one) => normaliseHotkey(one) !== wanted);
  setHotkeys(action, [...kept, key]);
}

/** Every action has its own keys again. */
export function resetHotkeys(): void {
  useSettings.getState().change({ hotkeys: {} });
}
