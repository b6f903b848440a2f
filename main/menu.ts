import { app, Menu, shell, type MenuItemConstructorOptions } from 'electron';
import type { RecentProject } from '#core/ipc/schemas.ts';

export interface MenuCalls {
  /** Runs an action of the window by its id. */
  readonly command: (action: string) => void;
  readonly openRecent: (folder: string) => void;
  readonly logFolder: () => string;
}

function recentItems(recent: readonly RecentProject[], calls: MenuCalls): MenuItemConstructorOptions[] {
  if (recent.length === 0) return [{ label: 'Nothing yet', enabled: false }];
  return recent.map(({ name, folder }) => ({
    label: `${name}  ${folder}`,
    click: () => calls.openRecent(folder),
  }));
}

/** The application menu. Built again when the list of recent projects changes. */
export function showMenu(recent: readonly RecentProject[], calls: MenuCalls): void {
  const isMac = process.platform === 'darwin';
  const command = (label: string, action: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => calls.command(action),
  });
  // The window handles these keys itself, where it knows whether a text field has the focus: shown, not taken.
  const shown = (label: string, action: string, accelerator: string): MenuItemConstructorOptions => ({
    ...command(label, action, accelerator),
    registerAccelerator: false,
  });
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        command('Open Folder…', 'project.choose', 'CmdOrCtrl+O'),
        { label: 'Open Recent', submenu: recentItems(recent, calls) },
        { type: 'separator' },
        command('Choose Ground-Truth Folder…', 'truth.choose'),
        command('Add Model Folder…', 'models.choose'),
        { type: 'separator' },
        command('Export Masks…', 'export.open', 'CmdOrCtrl+Shift+E'),
        { type: 'separator' },
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        shown('Undo', 'edit.undo', 'CmdOrCtrl+Z'),
        shown('Redo', 'edit.redo', 'CmdOrCtrl+Shift+Z'),
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        { role: 'togglefullscreen' },
        { type: 'separator' },
        { role: 'reload' },
        { role: 'toggleDevTools' },
      ],
    },
    {
      role: 'help',
      submenu: [
        { label: 'Show Logs', click: () => void shell.openPath(calls.logFolder()) },
        {
          label: `DynaSeg Studio ${app.getVersion()} (Electron ${process.versions.electron})`,
          enabled: false,
        },
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
