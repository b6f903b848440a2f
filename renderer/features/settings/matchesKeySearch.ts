import type { Action } from '../../actions/action.ts';
import { hotkeyLabel } from '../../actions/hotkeyLabel.ts';

/** Every word is in the action's name or its group, or is one of its keys: `brush`, `ctrl+z`. */
export function matchesKeySearch(action: Action, keys: readonly string[], query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${action.label} ${action.group}`.toLowerCase();
  const labels = keys.map((key) => hotkeyLabel(key).toLowerCase());
  return words.every((word) => text.includes(word) || labels.includes(word));
}
