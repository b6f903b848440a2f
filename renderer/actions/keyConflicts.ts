import { normaliseHotkey } from '#core/hotkeys/hotkey.ts';
import type { Action } from './action.ts';
import { currentHotkeys } from './currentHotkeys.ts';

export interface KeyConflict {
  readonly key: string;
  readonly first: Action;
  readonly second: Action;
}

/** Keys as settings keep them, by action. */
type SetKeys = Readonly<Record<string, readonly string[]>>;

/** Both could mean the same key at the same time: in a place that they share, in the same mode. */
function meet(a: Action, b: Action): boolean {
  if (a.mode !== b.mode) return false;
  return !a.places || !b.places || a.places.some((place) => b.places?.includes(place));
}

/** The other actions that a key means already where `action` would mean it. */
export function actionsOnKey(action: Action, key: string, all: readonly Action[], set: SetKeys): Action[] {
  const wanted = normaliseHotkey(key);
  return all.filter(
    (other) =>
      other.id !== action.id &&
      meet(action, other) &&
      currentHotkeys(other, set).some((one) => normaliseHotkey(one) === wanted),
  );
}

/** Pairs of actions that want the same key in the same place. */
export function keyConflicts(all: readonly Action[], set: SetKeys = {}): KeyConflict[] {
  return all.flatMap((first, index) => {
    const later = all.slice(index + 1);
    const keys = new Set(currentHotkeys(first, set).map(normaliseHotkey));
    return [...keys].flatMap((key) =>
      actionsOnKey(first, key, later, set).map((second) => ({ key, first, second })),
    );
  });
}
