import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the platform keeps an app's data; Electron's own rule, so that app and command line agree. */
function appDataFolder(environment: Environment, platform: NodeJS.Platform): string {
  switch (platform) {
    case 'win32':
      return environment.APPDATA ?? join(homedir(), 'AppData', 'Roaming');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support');
    default:
      return environment.XDG_CONFIG_HOME ?? join(homedir(), '.config');
  }
}

/** Settings, projects and logs: DYNASEG_USER_DATA where it is set, else the user's own. */
export function userDataFolder(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  return environment.DYNASEG_USER_DATA ?? join(appDataFolder(environment, platform), 'DynaSeg Studio');
}

/** The folder that holds the project files of all image folders. */
export function projectsFolder(): string {
  return join(userDataFolder(), 'projects');
}

/** The folder that holds the optimised forms of models. */
export function optimisedModelsFolder(): string {
  return join(userDataFolder(), 'optimised');
}

/** The folder that holds the models that were downloaded. */
export function downloadedModelsFolder(): string {
  return join(userDataFolder(), 'models');
}
