import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { findElectron } from '../scripts/electronRuntime.ts';
import { ROOT } from '../scripts/repository.ts';

export interface LaunchOptions {
  /** The image folder to open. */
  readonly folder: string;
  /** Settings, projects and logs of this run: a folder of the test's own. */
  readonly userData: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningStudio {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Ends it as a user does. */
  close(): Promise<void>;
  /** SIGKILL to the main process and to everything that it started. */
  kill(): Promise<void>;
}

/** Starts the built studio in the real Electron and waits until its project is on screen. */
export async function launchStudio(options: LaunchOptions): Promise<RunningStudio> {
  const { folder, userData, env = {} } = options;
  const executablePath =
    process.env.DYNASEG_ELECTRON ?? (await findElectron((line) => console.log(line))).executable;
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const app = await _electron.launch({
    executablePath,
    args: [...(isRoot ? ['--no-sandbox'] : []), ROOT, folder],
    env: { ...Object.fromEntries(inherited), DYNASEG_USER_DATA: userData, ...env },
  });
  const page = await app.firstWindow();
  await page.getByTestId('library-list').waitFor();
  return { app, page, close: () => app.close(), kill: () => kill(app) };
}

async function kill(app: ElectronApplication): Promise<void> {
  const main = app.process();
  const gone = new Promise<void>((resolve) => main.once('exit', () => resolve()));
  main.kill('SIGKILL');
  await gone;
}

/** Where image points lie on the page, for a stage by its test id. */
export interface StageGeometry {
  /** Page coordinates of a point of the picture; whole numbers are the corners of pixels. */
  toPage(x: number, y: number): { x: number; y: number };
  /** CSS pixels per image pixel. */
  readonly scale: number;
}

/** Reads where the picture lies now: ask again after zooming or resizing. */
export async function stageGeometry(page: Page, stageId: string): Promise<StageGeometry> {
  const stage = page.getByTestId(stageId);
  const [box, placement] = await Promise.all([stage.boundingBox(), stage.getAttribute('data-placement')]);
  if (!box || placement === null) throw new Error(`the stage ${stageId} shows no picture`);
  const [scale = NaN, left = NaN, top = NaN] = placement.split(' ').map(Number);
  return {
    scale,
    toPage: (x, y) => ({ x: box.x + left + x * scale, y: box.y + top + y * scale }),
  };
}

/** The middle of pixel (x, y), as most gestures want it. */
export function middleOfPixel(geometry: StageGeometry, x: number, y: number): { x: number; y: number } {
  return geometry.toPage(x + 0.5, y + 0.5);
}
