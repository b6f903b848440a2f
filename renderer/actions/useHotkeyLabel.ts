import { useSettings } from '../store/useSettings.ts';
import type { Action } from './action.ts';
import { currentHotkeys } from './currentHotkeys.ts';
import { hotkeyLabel } from './hotkeyLabel.ts';

/** The first key of an action as people write it, as it is set now; empty where it has none. */
export function useHotkeyLabel(action: Pick<Action, 'id' | 'hotkeys'>): string {
  const set = useSettings((state) => state.settings.hotkeys);
  const first = currentHotkeys(action, set)[0];
  return first === undefined ? '' : hotkeyLabel(first);
}
