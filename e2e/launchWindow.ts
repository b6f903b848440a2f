import { launchPackaged } from './packagedStudio.ts';
import { launchStudio, type LaunchOptions, type StudioWindow } from './studio.ts';

/** Starts the packaged studio where DYNASEG_PACKAGE names its binary, else the built one. */
export function launchWindow(options: LaunchOptions): Promise<StudioWindow> {
  const executable = process.env.DYNASEG_PACKAGE;
  return executable ? launchPackaged(executable, options) : launchStudio(options);
}
