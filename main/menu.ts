import { app, Menu, shell, type MenuItemConstructorOptions } from 'electron';
import { acceleratorOf } from '#core/hotkeys/hotkey.ts';
import type { MenuAction } from '#core/hotkeys/menuAction.ts';
import type { RecentProject } from '#core/ipc/schemas.ts';

export interface MenuCalls {
  /** Runs an action of the window by its id. */
  readonly command: (action: string) => void;
  readonly openRecent: (folder: string) => void;
  readonly logFolder: () => string;
}

export interface MenuContent {
  /** Every action of the window, in its order; none until the window has told them. */
  readonly actions: readonly MenuAction[];
  readonly recent: readonly RecentProject[];
}

/** Stand in the Edit menu, whatever group they are of. */
const EDIT = ['mask.undo', 'mask.redo'];
const PREFERENCES = 'settings.open';
/** Menus with a place of their own; every other group follows View in the order of the actions. */
const OWN_MENUS = new Set(['Project', 'View', 'Help']);

type Items = MenuItemConstructorOptions[];

const LINE: MenuItemConstructorOptions = { type: 'separator' };

/** The application menu: every action of the window with its key as it is set now. */
export function showMenu(content: MenuContent, calls: MenuCalls): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(template(content, calls)));
}

/** What can be chosen now, without building the menu again: an open menu stays open. */
export function enableItems(actions: readonly MenuAction[]): void {
  const menu = Menu.getApplicationMenu();
  for (const { id, enabled } of actions) {
    const item = menu?.getMenuItemById(id);
    if (item) item.enabled = enabled;
  }
}

function template({ actions, recent }: MenuContent, calls: MenuCalls): Items {
  const isMac = process.platform === 'darwin';
  const item = (action: MenuAction): MenuItemConstructorOptions => ({
    id: action.id,
    label: action.label,
    enabled: action.enabled,
    ...acceleratorFor(action.hotkey, isMac),
    click: () => calls.command(action.id),
  });
  const named = (ids: readonly string[]): Items =>
    actions.filter(({ id }) => ids.includes(id)).map((action) => item(action));
  const group = (name: string): Items =>
    actions
      .filter((action) => action.group === name && !EDIT.includes(action.id) && action.id !== PREFERENCES)
      .map((action) => item(action));
  const others = [...new Set(actions.map((action) => action.group))].filter((name) => !OWN_MENUS.has(name));
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        ...group('Project').slice(0, 1),
        { label: 'Open Recent', submenu: recentItems(recent, calls) },
        ...group('Project').slice(1),
        LINE,
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        ...named(EDIT),
        LINE,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        LINE,
        ...named([PREFERENCES]),
      ],
    },
    {
      label: '&View',
      submenu: [
        ...group('View'),
        LINE,
        { role: 'togglefullscreen' },
        { role: 'reload' },
        { role: 'toggleDevTools' },
      ],
    },
    ...others.map((name) => ({ label: name, submenu: group(name) })),
    { role: 'help', submenu: [...group('Help'), LINE, ...aboutItems(calls)] },
  ];
}

/**
 * The window handles its keys itself, where it knows whether a text field has the focus: shown here, not taken. A
 * Mac's menu would take them all the same, so there only keys are shown that no text field wants.
 */
function acceleratorFor(hotkey: string | null, isMac: boolean): MenuItemConstructorOptions {
  const accelerator = hotkey === null ? null : acceleratorOf(hotkey);
  if (accelerator === null || (isMac && !accelerator.includes('CmdOrCtrl'))) return {};
  return { accelerator, registerAccelerator: false };
}

function recentItems(recent: readonly RecentProject[], calls: MenuCalls): Items {
  if (recent.length === 0) return [{ label: 'Nothing yet', enabled: false }];
  return recent.map(({ name, folder }) => ({
    label: `${name}  ${folder}`,
    click: () => calls.openRecent(folder),
  }));
}

function aboutItems(calls: MenuCalls): Items {
  return [
    { label: 'Show Logs', click: () => void shell.openPath(calls.logFolder()) },
    { label: `DynaSeg Studio ${app.getVersion()} (Electron ${process.versions.electron})`, enabled: false },
  ];
}
