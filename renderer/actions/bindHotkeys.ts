import { tinykeys } from 'tinykeys';
import { useDialog } from '../store/useDialog.ts';
import { useView } from '../store/useView.ts';
import type { Action } from './action.ts';
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

/** Binds the keys of all actions; returns the function that unbinds them. */
export function bindHotkeys(window: Window, actions: readonly Action[]): () => void {
  const byKey = new Map<string, Action[]>();
  for (const action of actions) {
    for (const key of action.hotkeys) byKey.set(key, [...(byKey.get(key) ?? []), action]);
  }
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
  const unbind = tinykeys(
    window,
    Object.fromEntries(
      [...byKey].map(([key, candidates]) => [key, (event: KeyboardEvent) => handle(event, candidates)]),
    ),
  );
  const abort = new AbortController();
  const { signal } = abort;
  window.addEventListener('keyup', (event) => event.code === held?.code && letGo(), { signal });
  window.addEventListener('blur', letGo, { signal });
  return () => {
    unbind();
    abort.abort();
    letGo();
  };
}
