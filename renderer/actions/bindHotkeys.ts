import { tinykeys } from 'tinykeys';
import { useDialog } from '../store/useDialog.ts';
import { useSettings } from '../store/useSettings.ts';
import { useView } from '../store/useView.ts';
import type { Action } from './action.ts';
import { currentHotkeys } from './currentHotkeys.ts';
import { runAction } from './runAction.ts';

/** Where letters are typed, only keys with Ctrl or Command are commands. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('input:not([type="range"]):not([type="checkbox"]), textarea, [contenteditable]') !== null;

/** Arrow keys, Home and End belong to a control that has the focus and moves by them. */
const movesByKey = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('input[type="range"], select, [role="slider"], [role="menu"], [role="radiogroup"]') !== null;

const MOVE_KEYS = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End']);

/** The actions of each key as the keys are set now; one that means it in a mode comes before those that always do. */
function actionsByKey(actions: readonly Action[]): ReadonlyMap<string, readonly Action[]> {
  const byKey = new Map<string, Action[]>();
  for (const action of actions) {
    for (const key of currentHotkeys(action)) byKey.set(key, [...(byKey.get(key) ?? []), action]);
  }
  for (const candidates of byKey.values()) {
    candidates.sort((a, b) => Number(a.mode === undefined) - Number(b.mode === undefined));
  }
  return byKey;
}

/** Binds the keys of all actions, anew whenever the user changes them; returns the function that unbinds them. */
export function bindHotkeys(window: Window, actions: readonly Action[]): () => void {
  let held: { readonly code: string; readonly action: Action } | null = null;
  const letGo = (): void => {
    held?.action.release?.();
    held = null;
  };
  const handle = (event: KeyboardEvent, candidates: readonly Action[]): void => {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (useDialog.getState().open !== null) return;
    if (isTyping(event.target) && !modified) return;
    if (movesByKey(event.target) && MOVE_KEYS.has(event.key)) return;
    const { place } = useView.getState();
    const action = candidates.find((one) => (!one.places || one.places.includes(place)) && one.enabled());
    if (!action) return;
    event.preventDefault();
    if (event.repeat && !action.repeats) return;
    if (action.release) held = { code: event.code, action };
    void runAction(action);
  };
  const bind = (): (() => void) =>
    tinykeys(
      window,
      Object.fromEntries(
        [...actionsByKey(actions)].map(([key, candidates]) => [
          key,
          (event: KeyboardEvent) => handle(event, candidates),
        ]),
      ),
    );
  let unbind = bind();
  const stopFollowing = useSettings.subscribe(({ settings }, before) => {
    if (settings.hotkeys === before.settings.hotkeys) return;
    letGo();
    unbind();
    unbind = bind();
  });
  const abort = new AbortController();
  const { signal } = abort;
  window.addEventListener('keyup', (event) => event.code === held?.code && letGo(), { signal });
  window.addEventListener('blur', letGo, { signal });
  return () => {
    stopFollowing();
    unbind();
    abort.abort();
    letGo();
  };
}
