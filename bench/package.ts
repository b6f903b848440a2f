import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listPackage, statFile } from '@electron/asar';
import { medianOf } from '../cli/inference/medianOf.ts';
import { launchPackaged, type PackagedWindow } from '../e2e/packagedStudio.ts';
import { removeScratch } from '../e2e/scratchFolder.ts';
import { findElectron } from '../scripts/electronRuntime.ts';
import { packageStudio } from '../scripts/packageStudio.ts';
import { ROOT } from '../scripts/repository.ts';
import { hasDisplay, startVirtualDisplay } from '../scripts/virtualDisplay.ts';

/*
 * What the package costs: npm run bench:package [-- --rounds 7]
 * Its size on disk, and its start beside the development studio's, by the same runtime, on the samples, each time with
 * a new user's empty data: from starting the process until the library is on screen, and until the student has its
 * result on the first picture. Both take turns, the first round is not counted: it fills the system's file cache.
 * On a busy machine only the ratio means something.
 */
const option = (name: string): string | undefined =>
  process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined;
const rounds = Number(option('--rounds') ?? 7);
const log = (line: string) => console.log(line);

interface Start {
  /** Milliseconds from the process's start. */
  readonly library: number;
  readonly result: number;
}

const runtime = await findElectron(log);
const { folder, executable } = await packageStudio({ installers: false }, log);
await printSizes();
const display = hasDisplay() ? null : await startVirtualDisplay('1440x900x24');
if (display) process.env.DISPLAY = display.name;
try {
  await printStarts();
} finally {
  display?.stop();
}

/** Bytes of all files below a path. */
async function bytesOf(path: string): Promise<number> {
  const entry = await stat(path);
  if (!entry.isDirectory()) return entry.size;
  const names = await readdir(path);
  const sizes = await Promise.all(names.map((name) => bytesOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function printSizes(): Promise<void> {
  const resources = join(dirname(executable), 'resources');
  const archive = join(resources, 'app.asar');
  const inArchive = (folderName: string): number =>
    listPackage(archive, { isPack: false })
      .filter((name) => name.startsWith(folderName))
      .reduce((sum, name) => {
        const entry = statFile(archive, name.slice(1));
        return sum + ('size' in entry ? entry.size : 0);
      }, 0);
  const total = await bytesOf(folder);
  const ours = await bytesOf(resources);
  const lines: readonly (readonly [string, number])[] = [
    ['package', total],
    ['  Electron', total - ours],
    ['  archive', await bytesOf(archive)],
    ['    inference backends', inArchive('/dist/renderer/ort/')],
    ['    page and its workers', inArchive('/dist/renderer/assets/')],
    ['    main process', inArchive('/dist/main/')],
    ['  models', await bytesOf(join(resources, 'models'))],
    ['  samples', await bytesOf(join(resources, 'samples'))],
  ];
  log(`\nsize on disk, MB (Electron: ${runtime.source})`);
  for (const [name, bytes] of lines) log(`${name.padEnd(24)}${(bytes / 1e6).toFixed(1).padStart(8)}`);
}

async function printStarts(): Promise<void> {
  const packaged: Start[] = [];
  const developed: Start[] = [];
  log('\nstart, ms           packaged          development');
  log('round         library    result  library    result');
  for (let round = 0; round <= rounds; round++) {
    // The one that goes first takes turns too.
    const order = round % 2 === 0 ? [packaged, developed] : [developed, packaged];
    const starts = new Map<readonly Start[], Start>();
    for (const side of order) {
      starts.set(
        side,
        side === packaged ? await timeStart(executable, []) : await timeStart(runtime.executable, [ROOT]),
      );
    }
    const [one, other] = [starts.get(packaged)!, starts.get(developed)!];
    if (round > 0) {
      packaged.push(one);
      developed.push(other);
    }
    log(line(round === 0 ? 'first' : String(round), [one.library, one.result, other.library, other.result]));
  }
  const middle = (side: readonly Start[], key: keyof Start) => medianOf(side.map((start) => start[key]));
  const medians = [packaged, developed].flatMap((side) => [middle(side, 'library'), middle(side, 'result')]);
  log(line('median', medians));
  for (const key of ['library', 'result'] as const) {
    const ratios = packaged.map((start, round) => start[key] / developed[round]![key]);
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
    log(
      `packaged over development, ${key}: ${medianOf(ratios).toFixed(2)} (median of ${rounds} rounds, ${least.toFixed(2)} to ${most.toFixed(2)})`,
    );
  }
}

function line(name: string, values: readonly number[]): string {
  return `${name.padEnd(12)}${values.map((value) => value.toFixed(0).padStart(9)).join(' ')}`;
}

/** Both sides are started and reached by the same way. */
async function timeStart(binary: string, app: readonly string[]): Promise<Start> {
  const userData = await mkdtemp(join(tmpdir(), 'dynaseg-start-'));
  let studio: PackagedWindow | null = null;
  try {
    const begun = performance.now();
    studio = await launchPackaged(binary, { folder: null, userData }, app);
    const library = performance.now() - begun;
    await studio.page.locator('[data-testid=footer-student][data-status=done]').waitFor({ timeout: 120_000 });
    const result = performance.now() - begun;
    await studio.close();
    return { library, result };
  } finally {
    await studio?.kill();
    await removeScratch(userData);
  }
}
