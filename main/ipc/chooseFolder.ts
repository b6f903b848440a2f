import { dialog, type BrowserWindow, type OpenDialogOptions } from 'electron';

export interface ChooseOptions {
  readonly title: string;
  /** What the confirming button says. */
  readonly button: string;
  readonly defaultPath?: string;
  /** The user may make a new folder. */
  readonly create?: boolean;
  /** A file is chosen, not a folder. */
  readonly file?: boolean;
}

/** Asks for a folder; null where the user closes the dialog. */
export type Choose = (options: ChooseOptions) => Promise<string | null>;

/** Asks for a folder to write into, which may be a new one. */
export function chooseOutput(choose: Choose, title: string): Promise<string | null> {
  return choose({ title, button: 'Write here', create: true });
}

/** The platform's folder dialog, on top of the window. */
export function folderDialog(window: () => BrowserWindow | null): Choose {
  return async (options) => {
    const request: OpenDialogOptions = {
      title: options.title,
      buttonLabel: options.button,
      defaultPath: options.defaultPath,
      properties: options.create
        ? ['openDirectory', 'createDirectory', 'promptToCreate']
        : [options.file ? 'openFile' : 'openDirectory'],
    };
    const parent = window();
    const answer = parent
      ? await dialog.showOpenDialog(parent, request)
      : await dialog.showOpenDialog(request);
    return answer.canceled ? null : (answer.filePaths[0] ?? null);
  };
}
