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
  // The window handles its keys itself, where it knows whether a text field has the focus: shown here, not taken.
  const command = (label: string, action: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    registerAccelerator: false,
    click: () => calls.command(action),
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
        command('Undo', 'mask.undo', 'CmdOrCtrl+Z'),
        command('Redo', 'mask.redo', 'CmdOrCtrl+Shift+Z'),
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
        command('Compare', 'place.compare', 'Alt+1'),
        command('Annotate', 'place.annotate', 'Alt+2'),
        command('Models', 'place.models', 'Alt+3'),
        { type: 'separator' },
        command('Fit the Picture', 'view.fit', 'CmdOrCtrl+0'),
        command('Zoom In', 'view.zoomIn', 'CmdOrCtrl+='),
        command('Zoom Out', 'view.zoomOut', 'CmdOrCtrl+-'),
        { type: 'separator' },
        command('Library', 'view.library', 'CmdOrCtrl+B'),
        command('Inspector', 'view.inspector', 'CmdOrCtrl+I'),
        command('Light or Dark Theme', 'view.theme'),
        { role: 'togglefullscreen' },
        { type: 'separator' },
        { role: 'reload' },
        { role: 'toggleDevTools' },
      ],
    },
    {
      role: 'help',
      submenu: [
        command('Keys', 'help.hotkeys'),
        command('All Commands', 'help.palette', 'CmdOrCtrl+K'),
        { type: 'separator' },
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
