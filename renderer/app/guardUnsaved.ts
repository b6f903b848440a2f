import { useMask } from '../store/useMask.ts';

/** Asks, through the main process, before a window with steps that could not be stored is closed or reloaded. */
export function guardUnsaved(window: Window): void {
  window.addEventListener('beforeunload', (event) => {
    if (useMask.getState().saving !== 'unsaved') return;
    event.preventDefault();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- Chromium before 119 goes by this alone.
    event.returnValue = true;
  });
}
