import log from 'electron-log/main';
import { inUserData } from './appPaths.ts';

/** Logs to the user's data folder, and to the terminal where there is one. Crashes of this process land here too. */
export function startLog(): void {
  log.transports.file.resolvePathFn = () => inUserData('logs', 'main.log');
  log.transports.file.maxSize = 2 ** 20;
  log.transports.console.level = 'warn';
  log.errorHandler.startCatching({ showDialog: true });
}

export const logInfo = (message: string): void => log.info(message);
export const logWarning = (message: string): void => log.warn(message);
