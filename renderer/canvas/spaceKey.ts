const listeners = new Set<() => void>();
let held = false;

/** Whether Space is held down for panning. */
export const isSpaceHeld = (): boolean => held;

export function onSpaceChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(value: boolean): void {
  if (value === held) return;
  held = value;
  for (const listener of listeners) listener();
}

/** Where Space means the element: it types, presses or opens. */
const takesSpace = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('input, textarea, select, button, [role="option"], [role="slider"], [contenteditable]') !==
    null;

/** Follows the Space key of the window; returns the function that stops it. */
export function watchSpaceKey(window: Window): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.code !== 'Space' || takesSpace(event.target)) return;
      event.preventDefault();
      set(true);
    },
    { signal },
  );
  window.addEventListener('keyup', (event) => event.code === 'Space' && set(false), { signal });
  window.addEventListener('blur', () => set(false), { signal });
  return () => {
    abort.abort();
    set(false);
  };
}
