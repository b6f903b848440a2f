import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '#core/mask/seededRandom.ts';
import { ProjectStore } from './projectStore.ts';
import { EditingSession } from './testing/editingSession.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** In memory where there is such a folder: a killed process leaves the same there, and the disk need not keep up. */
const DISK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const LANES = 4;
const KILLS_PER_LANE = 25;

let scratch: string;
let program: string;

beforeAll(() => {
  // Bundled once, so that a process that lives for a moment does not spend it on reading TypeScript. Inside the
  // repository, where it finds the packages.
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  scratch = mkdtempSync(join(ROOT, '.cache', 'killed-'));
  program = join(scratch, 'killedSession.mjs');
  buildSync({
    entryPoints: [fileURLToPath(new URL('./testing/killedSession.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** `answers`: of actions, before the kill comes `delay` ms later; -1: while the file is being opened. */
interface Kill {
  readonly answers: number;
  readonly delay: number;
}

/** Goes on with a session after `done` actions until it is killed; the last action that was answered. */
async function killedRun(
  { file, seed, done }: { file: string; seed: number; done: number },
  { answers, delay }: Kill,
): Promise<number> {
  const child = spawn(process.execPath, [program, file, String(seed), String(done)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  let isSentenced = false;
  const answered = () => output.split('\n').slice(0, -1);
  const killWhenDue = () => {
    if (isSentenced || answered().length <= answers) return;
    isSentenced = true;
    setTimeout(() => child.kill('SIGKILL'), delay);
  };
  child.on('spawn', killWhenDue);
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    killWhenDue();
  });
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  expect([child.signalCode, errors]).toEqual(['SIGKILL', '']);
  return Math.max(done, ...answered().slice(1).map(Number));
}

/** One project that is killed again and again; how many of its actions were found in the end. */
async function lane(number: number): Promise<number> {
  const folder = mkdtempSync(join(DISK, 'dynaseg-killed-'));
  const file = join(folder, 'street.dynaseg');
  const seed = 100 + number;
  const random = seededRandom(number);
  const session = new EditingSession(seed);
  try {
    for (let turn = 0; turn < KILLS_PER_LANE; turn++) {
      // Mostly in the middle of strokes; now and then while the file is created or opened after a kill.
      const kill: Kill =
        random() < 0.15
          ? { answers: -1, delay: random() * 400 }
          : { answers: Math.floor(random() * 24), delay: random() * 12 };
      const answered = await killedRun({ file, seed, done: session.done }, kill);
      while (session.done < answered) session.next();
      const store = ProjectStore.open(file);
      if (store.images().length > 0) {
        const found = session.isIn(store);
        // The action that was under way may be whole without having been answered; half it may not be.
        if (!found) session.next();
        expect([turn, session.done, found || session.isIn(store)]).toEqual([turn, session.done, true]);
      } else expect(answered).toBe(0);
      store.close();
      expect(readdirSync(folder)).toEqual(['street.dynaseg']);
    }
    return session.done;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('killed 100 times at random moments of an editing session: every finished stroke is there, nothing else', async () => {
  const done = await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  // Each of the sessions came somewhere.
  for (const actions of done) expect(actions).toBeGreaterThan(KILLS_PER_LANE * 5);
}, 180_000);
