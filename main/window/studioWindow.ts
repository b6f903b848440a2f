import { BrowserWindow, dialog, screen } from 'electron';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { appPaths, inUserData } from '../appPaths.ts';
import { writeFileAtomicSync } from '../node/atomicFile.ts';
import { PAGE_URL } from '../ownPage.ts';

const boundsSchema = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().default(1440),
  height: z.number().int().default(900),
  maximised: z.boolean().default(false),
});
type Bounds = z.infer<typeof boundsSchema>;

const MIN_WIDTH = 1100;
const MIN_HEIGHT = 700;

/** As the window was left, on a screen that still exists; the default where that is not known. */
function readBounds(): Bounds {
  let bounds: Bounds;
  try {
    bounds = boundsSchema.parse(JSON.parse(readFileSync(inUserData('window.json'), 'utf8')));
  } catch {
    return boundsSchema.parse({});
  }
  const { x, y } = bounds;
  const onScreen =
    x !== undefined &&
    y !== undefined &&
    screen
      .getAllDisplays()
      .some(
        ({ workArea: area }) =>
          x < area.x + area.width && x + bounds.width > area.x && y >= area.y && y < area.y + area.height,
      );
  return onScreen ? bounds : { ...bounds, x: undefined, y: undefined };
}

function rememberBounds(window: BrowserWindow): void {
  const bounds: Bounds = { ...window.getNormalBounds(), maximised: window.isMaximized() };
  try {
    writeFileAtomicSync(inUserData('window.json'), JSON.stringify(bounds));
  } catch {
    // The place of the window is not worth a message.
  }
}

async function offerReload(window: BrowserWindow, reason: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The window stopped working',
    detail: `Reason: ${reason}. Every finished step is in the project file.`,
    buttons: ['Reload', 'Quit'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) window.reload();
  else window.close();
}

/** The page holds steps that the project file refused: true to close all the same. */
function losesUnsaved(window: BrowserWindow): boolean {
  const choice = dialog.showMessageBoxSync(window, {
    type: 'warning',
    message: 'Some of what you painted is not saved',
    detail:
      'The project file could not be written. Stay, make room or give access, and try again in Annotate.',
    buttons: ['Stay', 'Close and lose it'],
    defaultId: 0,
    cancelId: 0,
  });
  return choice === 1;
}

/** Opens the studio's one window on its page. `log` hears of crashes and of what the page could not load. */
export function openStudioWindow(log: (message: string) => void): BrowserWindow {
  const { maximised, ...bounds } = readBounds();
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    title: 'DynaSeg Studio',
    backgroundColor: '#1b1b1c',
    show: false,
    webPreferences: {
      preload: appPaths.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (maximised) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => rememberBounds(window));
  window.webContents.on('will-prevent-unload', (event) => {
    if (losesUnsaved(window)) event.preventDefault();
  });
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit') return;
    log(`the window's process is gone: ${details.reason} (${details.exitCode})`);
    void offerReload(window, details.reason);
  });
  window.webContents.on('preload-error', (_event, path, error) => log(`${path}: ${error.message}`));
  window.webContents.on('did-fail-load', (_event, code, description, url) => {
    log(`${url}: ${description} (${code})`);
  });
  void window.loadURL(PAGE_URL);
  return window;
}
