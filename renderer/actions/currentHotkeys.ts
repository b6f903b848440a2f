import { useSettings } from '../store/useSettings.ts';
import type { Action } from './action.ts';

/** The keys of an action as the user set them, else its own. */
export function currentHotkeys(
  action: Pick<Action, 'id' | 'hotkeys'>,
  set: Readonly<Record<string, readonly string[]>> = useSettings.getState().settings.hotkeys,
): readonly string[] {
  return set[action.id] ?? action.hotkeys;
}
