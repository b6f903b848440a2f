import { app } from 'electron';
import log from 'electron-log/main';
import { inUserData } from './appPaths.ts';

/** Logs to the user's data folder, and to the terminal where there is one. Crashes of this process land here too. */
export function startLog(): void {
  log.transports.file.resolvePathFn = () => inUserData('logs', 'main.log');
  log.transports.file.maxSize = 2 ** 20;
  log.transports.console.level = 'warn';
  log.errorHandler.startCatching({ showDialog: true });
  const { electron, chrome, node } = process.versions;
  log.info(`DynaSeg Studio ${app.getVersion()} on Electron ${electron}, Chromium ${chrome}, Node ${node}`);
}

export const logWarning = (message: string): void => log.warn(message);
