import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildStudio } from './build.ts';
import { findElectron } from './electronRuntime.ts';
import { ROOT } from './repository.ts';
import { ensureSystemPackages } from './systemPackages.ts';
import { hasDisplay } from './virtualDisplay.ts';

const log = (line: string) => console.error(line);

/** `npm start [-- DIR]`: builds what changed, finds Electron, opens the studio. */
async function start(args: readonly string[]): Promise<number> {
  if (!hasDisplay()) {
    log('There is no display here: neither DISPLAY nor WAYLAND_DISPLAY is set.');
    log('  Under a virtual one (Debian: apt-get install xvfb xauth):  xvfb-run -a npm start');
    log('  Without a window:                                          npx dynaseg --help');
    return 1;
  }
  const folder = args.find((argument) => !argument.startsWith('-'));
  if (folder !== undefined && !existsSync(folder)) {
    log(`${resolve(folder)}: there is no such folder. Usage: npm start -- DIR`);
    return 1;
  }
  const runtime = await findElectron(log);
  await ensureSystemPackages({ electron: runtime.executable, virtualDisplay: false }, log);
  await buildStudio(log);
  const switches: string[] = [];
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    log("start: running as root, so Chromium's sandbox is off (--no-sandbox)");
    switches.push('--no-sandbox');
  }
  const given =
    folder === undefined ? args : args.map((argument) => (argument === folder ? resolve(folder) : argument));
  const studio = spawn(runtime.executable, [...switches, ROOT, ...given], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => studio.kill(signal));
  return new Promise((end) => {
    studio.once('error', (error) => {
      log(`start: ${runtime.executable} did not start: ${error.message}`);
      end(1);
    });
    studio.once('exit', (code) => end(code ?? 1));
  });
}

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
