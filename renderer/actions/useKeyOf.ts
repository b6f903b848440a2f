import { findAction } from './registry.ts';
import { useHotkeyLabel } from './useHotkeyLabel.ts';

const NONE = { id: '', hotkeys: [] };

export interface KeyOfAction {
  /** As people write it, as it is set now; empty where the action has no key. */
  readonly key: string;
  /** For the end of a tooltip: ` (Ctrl+Z)`, or nothing. */
  readonly bracketed: string;
}

/** The key of the action with this id. */
export function useKeyOf(id: string): KeyOfAction {
  const key = useHotkeyLabel(findAction(id) ?? NONE);
  return { key, bracketed: key === '' ? '' : ` (${key})` };
}
