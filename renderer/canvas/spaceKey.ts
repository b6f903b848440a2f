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

const isIn = (target: EventTarget | null, selector: string): boolean =>
  target instanceof HTMLElement && target.closest(selector) !== null;

/**
 * Where Space means the element: it types, presses or opens. With the pointer over a picture it pans all the
 * same, but where text is typed: the button or thumbnail that was clicked before still has the focus.
 */
function takesSpace(target: EventTarget | null): boolean {
  if (isIn(target, 'input:not([type="range"]), textarea, [contenteditable]')) return true;
  if (document.querySelector('.picture-view:hover')) return false;
  return isIn(target, 'input, select, button, [role="option"], [role="slider"]');
}

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
