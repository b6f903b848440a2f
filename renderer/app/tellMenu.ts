import { acceleratorOf } from '#core/hotkeys/hotkey.ts';
import { currentHotkeys } from '../actions/currentHotkeys.ts';
import { actions } from '../actions/registry.ts';
import { call } from '../store/studio.ts';
import { useProject } from '../store/useProject.ts';
import { useSettings } from '../store/useSettings.ts';
import { useView } from '../store/useView.ts';

/** Many stores change at once when a project opens: the menu is told once, after them. */
const SETTLE_MS = 100;

/** Keeps the application menu in step with the actions, their keys and the place that is shown. */
export function tellMenu(): void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const tell = (): void => {
    timer = null;
    const { place } = useView.getState();
    const told = actions
      // A key that is held has no sense as a line of a menu.
      .filter((action) => !action.release)
      .map((action) => ({
        id: action.id,
        label: action.label,
        group: action.group,
        hotkey: currentHotkeys(action).find((key) => acceleratorOf(key) !== null) ?? null,
        enabled: action.places?.includes(place) ?? true,
      }));
    // The menu is a second way to everything: where it cannot be told, nothing else stops.
    call('menu.show', { actions: told }).catch(() => undefined);
  };
  const later = (): void => {
    timer ??= setTimeout(tell, SETTLE_MS);
  };
  useProject.subscribe(({ project }, before) => {
    if (project?.classTable !== before.project?.classTable) later();
  });
  useSettings.subscribe(({ settings }, before) => {
    if (settings.hotkeys !== before.settings.hotkeys) later();
  });
  useView.subscribe(({ place }, before) => {
    if (place !== before.place) later();
  });
  later();
}
