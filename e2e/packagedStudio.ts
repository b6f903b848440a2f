import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chromium, type Browser, type Page } from '@playwright/test';
import type { LaunchOptions, StudioWindow } from './studio.ts';

export interface PackagedWindow extends StudioWindow {
  /** What the studio has written to its error output so far. */
  errorOutput(): string;
}

const LISTENING = /DevTools listening on (ws:\S+)/;
const STARTS_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 15_000;

/**
 * Starts a packaged studio and waits until its project is on screen. Its fuses take no `--inspect`, by which Playwright
 * reaches the main process: the package under test is the one that ships, so it is driven through its window alone,
 * by Chromium's own debugging port, which this run asks for on the command line. `more`: further arguments.
 */
export async function launchPackaged(
  executable: string,
  options: LaunchOptions,
  more: readonly string[] = [],
): Promise<PackagedWindow> {
  const { folder, userData, env = {} } = options;
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const switches = [...(isRoot ? ['--no-sandbox'] : []), '--remote-debugging-port=0', ...more];
  const args = [...switches, ...(folder === null ? [] : [folder])];
  let said = '';
  const main = spawn(executable, args, {
    env: { ...process.env, DYNASEG_USER_DATA: userData, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  main.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const errorOutput = () => said;
  try {
    // Without Playwright's defaults: Electron has no download settings of a browser to override.
    const browser = await chromium.connectOverCDP(await debuggingAddress(main, errorOutput), {
      noDefaults: true,
    });
    const page = await firstPage(browser);
    await page.getByTestId('library-list').waitFor({ timeout: 90_000 });
    return {
      page,
      errorOutput,
      close: () => close(main, page, browser),
      kill: () => end(main, 'SIGKILL'),
    };
  } catch (error) {
    await end(main, 'SIGKILL');
    throw error;
  }
}

/** The address that Chromium says on its error output once it listens. */
function debuggingAddress(main: ChildProcess, errorOutput: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (how: string) => {
      clearTimeout(timer);
      reject(new Error(`the packaged studio ${how}:\n${errorOutput().slice(-2000)}`));
    };
    const timer = setTimeout(() => fail('opened no debugging port'), STARTS_WITHIN_MS);
    main.once('error', (error) => fail(`did not start: ${error.message}`));
    main.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
    main.stderr!.on('data', () => {
      const address = LISTENING.exec(errorOutput())?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}

async function firstPage(browser: Browser): Promise<Page> {
  const [context] = browser.contexts();
  if (!context) throw new Error('the packaged studio has no window to drive');
  return context.pages()[0] ?? context.waitForEvent('page');
}

/** The window is closed; the studio ends by itself. Throws where it does not. */
async function close(main: ChildProcess, page: Page, browser: Browser): Promise<void> {
  const gone = hasEnded(main) ? Promise.resolve() : once(main, 'exit');
  // Not waited for: a window that closes need not answer.
  void page.evaluate(() => window.close()).catch(() => undefined);
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), ENDS_WITHIN_MS).unref());
  const ended = await Promise.race([gone, late]);
  void browser.close().catch(() => undefined);
  if (ended !== 'late') return;
  await end(main, 'SIGKILL');
  throw new Error(
    `the packaged studio was still there ${ENDS_WITHIN_MS / 1000} s after its window was closed`,
  );
}

const hasEnded = (main: ChildProcess): boolean => main.exitCode !== null || main.signalCode !== null;

async function end(main: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(main)) return;
  const gone = once(main, 'exit');
  main.kill(signal);
  await gone;
}
