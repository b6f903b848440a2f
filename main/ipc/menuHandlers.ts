import type { MenuAction } from '#core/hotkeys/menuAction.ts';
import type { GroupHandlers } from './calls.ts';

/** What the window's actions are called, and their keys: the menu is built again when these change. */
export function menuHandlers(menu: {
  readonly build: (actions: readonly MenuAction[]) => Promise<void>;
  readonly enable: (actions: readonly MenuAction[]) => void;
}): GroupHandlers<'menu'> {
  let shown = '';
  return {
    'menu.show': async ({ actions }) => {
      const text = JSON.stringify(actions.map((action) => ({ ...action, enabled: true })));
      if (text === shown) menu.enable(actions);
      else await menu.build(actions);
      shown = text;
      return null;
    },
  };
}
