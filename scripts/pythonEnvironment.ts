import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inRepository } from './repository.ts';
import { run } from './run.ts';

const FOLDER = inRepository('.venv');
const PYTHON =
  process.platform === 'win32' ? join(FOLDER, 'Scripts', 'python.exe') : join(FOLDER, 'bin', 'python');
const OLDEST = [3, 10] as const;

async function must(command: string, args: readonly string[], what: string): Promise<string> {
  const { code, stdout, stderr } = await run(command, args);
  if (code === 0) return stdout;
  const said = (stderr || stdout).trim().split('\n').slice(-8).join('\n');
  throw new Error(`${what} failed with status ${code}:\n${said}`);
}

async function createEnvironment(): Promise<void> {
  const command = process.platform === 'win32' ? 'python' : 'python3';
  const asked = await must(command, ['-c', 'import sys; print(*sys.version_info[:2])'], command);
  const [major = 0, minor = 0] = asked.trim().split(' ').map(Number);
  if (major !== OLDEST[0] || minor < OLDEST[1]) {
    throw new Error(`${command} is ${major}.${minor}; ${OLDEST.join('.')} or later is needed`);
  }
  await must(command, ['-m', 'venv', FOLDER], `${command} -m venv (on Debian: apt-get install python3-venv)`);
}

/** Files of packages that ask for what contradicts the rest: they are installed without what they say they need. */
export interface PackagesAside {
  readonly alone?: readonly string[];
  /** `apart-NAME.txt`: in .venv/apart/NAME, for programs that put that folder first. */
  readonly apart?: readonly string[];
}

/**
 * The Python of .venv with the packages of `requirements` (files, relative to the root) and pytest in it; made
 * where it is missing, and brought up to date where a file changed. Returns the interpreter's absolute path.
 */
export async function findPython(
  name: string,
  requirements: readonly string[],
  log: (line: string) => void,
  { alone = [], apart = [] }: PackagesAside = {},
): Promise<string> {
  const files = [...requirements, ...alone, ...apart];
  const contents = await Promise.all(files.map((path) => readFile(inRepository(path), 'utf8')));
  const hash = createHash('sha256')
    .update(JSON.stringify([files, contents]))
    .digest('hex');
  const stamp = join(FOLDER, `.requirements-${name}`);
  if (existsSync(PYTHON) && (await readFile(stamp, 'utf8').catch(() => '')) === hash) return PYTHON;
  if (!existsSync(PYTHON)) {
    log('python: making .venv');
    await createEnvironment();
  }
  log(`python: installing ${requirements.join(', ')} into .venv`);
  const install = async (paths: readonly string[], ...options: readonly string[]) => {
    const listed = paths.flatMap((path) => ['-r', inRepository(path)]);
    const what = ['pip install', ...options].join(' ');
    await must(PYTHON, ['-m', 'pip', 'install', '--quiet', ...options, ...listed], what);
  };
  await install(requirements, 'pytest');
  if (alone.length > 0) await install(alone, '--no-deps');
  for (const path of apart) {
    const target = join(FOLDER, 'apart', /apart-(.+)\.txt$/.exec(path)![1]!);
    await rm(target, { recursive: true, force: true });
    await install([path], '--no-deps', '--target', target);
  }
  await writeFile(stamp, hash);
  return PYTHON;
}
