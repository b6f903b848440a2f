import type { ChildProcess } from 'node:child_process';
import { imagePoint, type ImagePoint } from '#core/geometry.ts';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { findElectron } from '../scripts/electronRuntime.ts';
import { ROOT } from '../scripts/repository.ts';

export interface LaunchOptions {
  /** The image folder to open; null: the samples that come with the studio. */
  readonly folder: string | null;
  /** Settings, projects and logs of this run: a folder of the test's own. */
  readonly userData: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A studio that is driven through its window alone, as a user does. */
export interface StudioWindow {
  readonly page: Page;
  /** Ends it as a user does. */
  close(): Promise<void>;
  /** SIGKILL to the main process; the window's processes end with it. */
  kill(): Promise<void>;
}

export interface RunningStudio extends StudioWindow {
  readonly app: ElectronApplication;
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
    args: [...(isRoot ? ['--no-sandbox'] : []), ROOT, ...(folder === null ? [] : [folder])],
    env: { ...Object.fromEntries(inherited), DYNASEG_USER_DATA: userData, ...env },
  });
  const page = await app.firstWindow();
  await page.getByTestId('library-list').waitFor({ timeout: 90_000 });
  const main = app.process(); // also once the app is closed, when Playwright no longer tells
  return { app, page, close: () => app.close(), kill: () => kill(main) };
}

async function kill(main: ChildProcess): Promise<void> {
  if (main.exitCode !== null || main.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => main.once('exit', () => resolve()));
  main.kill('SIGKILL');
  await gone;
}

/** Where image points lie on the page, for a stage by its test id. */
export interface StageGeometry {
  /** CSS pixels per image pixel. */
  readonly scale: number;
  /** The whole page coordinates nearest to a point of the picture; whole numbers are the corners of pixels. */
  toPage(x: number, y: number): PagePoint;
  /** The point of the picture under page coordinates, exactly as the stage computes it. */
  toImage(at: PagePoint): ImagePoint;
}

export interface PagePoint {
  readonly x: number;
  readonly y: number;
}

/** Reads where the picture lies now: ask again after zooming, panning or resizing. */
export async function stageGeometry(page: Page, stageId: string): Promise<StageGeometry> {
  const read = await page.getByTestId(stageId).evaluate((element) => {
    const { left, top } = element.getBoundingClientRect();
    return { left, top, placement: element.getAttribute('data-placement') };
  });
  if (read.placement === null) throw new Error(`the stage ${stageId} shows no picture`);
  const [scale = NaN, left = NaN, top = NaN] = read.placement.split(' ').map(Number);
  return {
    scale,
    toPage: (x, y) => ({
      x: Math.round(read.left + left + x * scale),
      y: Math.round(read.top + top + y * scale),
    }),
    toImage: (at) => imagePoint((at.x - read.left - left) / scale, (at.y - read.top - top) / scale),
  };
}
