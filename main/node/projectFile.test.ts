import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sqlite from 'node-sqlite3-wasm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countFixtureSteps, fixtureListing, fixtureStep } from './projectFixture.ts';
import { SCHEMA_VERSION } from './projectStore.migrations.ts';
import { ProjectStore } from './projectStore.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dynaseg-test-'));
  file = join(folder, 'street.dynaseg');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A project with one image and `steps` steps. */
function createProject(steps: number): void {
  const store = ProjectStore.open(file);
  store.syncImages(fixtureListing);
  for (let n = 1; n <= steps; n++) store.commitStep(fixtureStep(n));
  store.close();
}

/** Another process: `body` runs with ProjectStore, the fixture, file and say (a line on stdout) at hand. */
const childArguments = (body: string) => [
  '--import',
  'tsx',
  '--input-type=module',
  '--eval',
  `import { writeSync } from 'node:fs';
   import { ProjectStore } from './main/node/projectStore.ts';
   import { countFixtureSteps, fixtureListing, fixtureStep } from './main/node/projectFixture.ts';
   const file = ${JSON.stringify(file)};
   const say = (line) => writeSync(1, line + '\\n');
   ${body}`,
];

const runChild = (body: string) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, childArguments(body), {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim().split('\n');
};

/** Starts a child and waits for its first line. */
async function startChild(body: string): Promise<{ child: ChildProcess; lines: () => string[] }> {
  const child = spawn(process.execPath, childArguments(body), { cwd: ROOT });
  let output = '';
  let errors = '';
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      resolve();
    });
    child.on('close', () => reject(new Error(errors)));
  });
  return { child, lines: () => output.split('\n').slice(0, -1) };
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGKILL');
  await closed;
}

const COMMIT_FOREVER = `
  const store = ProjectStore.open(file);
  store.syncImages(fixtureListing);
  let n = store.openMask(1)?.history.cursor ?? 0;
  say('open');
  for (;;) {
    store.commitStep(fixtureStep(++n));
    say(n);
  }`;

test('killed in the middle of commits: every answered step is there, and nothing half', async () => {
  let answered = 0;
  for (let round = 0; round < 6; round++) {
    const { child, lines } = await startChild(COMMIT_FOREVER);
    // Some answers, then anywhere in what follows.
    const enough = 2 + 4 * round;
    while (lines().length < enough) await new Promise((resolve) => setTimeout(resolve, 5 + round));
    await kill(child);
    answered = Number(lines().at(-1));
    const store = ProjectStore.open(file);
    const found = countFixtureSteps(store);
    // The one that was under way may have become whole without being answered.
    expect([answered, answered + 1]).toContain(found);
    answered = found;
    store.close();
    expect(readdirSync(folder)).toEqual(['street.dynaseg']);
  }
}, 120_000);

test('a file that another process holds is refused by name, and can be read meanwhile', async () => {
  createProject(3);
  const { child } = await startChild(
    `const store = ProjectStore.open(file); store.commitStep(fixtureStep(4)); say('open'); setInterval(() => 0, 1000);`,
  );
  const message = `project file street.dynaseg: held by process ${child.pid} of `;
  expect(() => ProjectStore.open(file)).toThrow(message);
  expect(() => ProjectStore.open(file)).toThrow('Close it there, or open it read-only');
  const copy = ProjectStore.open(file, { readOnly: true });
  expect(countFixtureSteps(copy)).toBe(4);
  copy.close();
  await kill(child);
  const store = ProjectStore.open(file);
  expect(countFixtureSteps(store)).toBe(4);
  expect(() => ProjectStore.open(file)).toThrow(`held by process ${process.pid} of `);
  store.close();
}, 60_000);

test('read-only: everything can be seen, nothing is written', () => {
  createProject(2);
  const before = readFileSync(file);
  const store = ProjectStore.open(file, { readOnly: true });
  expect(store.readOnly).toBe(true);
  expect(countFixtureSteps(store)).toBe(2);
  store.syncImages({ images: [] });
  expect(store.images()).toEqual([]);
  const refused =
    'project file street.dynaseg: open read-only, so the edit was not stored. ' +
    'Close it elsewhere, or make the file and its folder writable, and open it again';
  for (const edit of [
    () => store.commitStep(fixtureStep(3)),
    () => store.undo(1),
    () => store.redo(1),
    () => store.saveMeta({ folder: '/x' }),
  ]) {
    expect(edit).toThrow(expect.objectContaining({ message: refused }));
  }
  store.close();
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(folder)).toEqual(['street.dynaseg']);
});

test('a file or folder that may not be written opens read-only, and says why', () => {
  createProject(2);
  // Nothing is forbidden to root: it looks with another user's eyes.
  const asUser = process.getuid?.() === 0 ? 'process.setuid(65534);' : '';
  for (const [path, mode] of [
    [file, 0o444],
    [folder, 0o555],
  ] as const) {
    chmodSync(folder, 0o777);
    chmodSync(file, 0o666);
    chmodSync(path, mode);
    const [readOnly, cursor, ...notes] = runChild(`
      ${asUser}
      const store = ProjectStore.open(file);
      say(store.readOnly); say(store.openMask(1).history.cursor);
      for (const note of store.notes) say(JSON.stringify(note));
      store.close();`);
    expect([readOnly, cursor]).toEqual(['true', '2']);
    expect(notes.map((note) => JSON.parse(note) as unknown)).toEqual([
      {
        code: 'project.readOnly',
        severity: 'note',
        title: 'opened read-only: permission denied',
        subject: 'project file street.dynaseg',
        hint: 'Edits cannot be stored until you may write to it and its folder',
      },
    ]);
  }
  chmodSync(folder, 0o755);
}, 60_000);

function sqliteFile(sql: string): void {
  const db = new sqlite.Database(file);
  db.exec(sql);
  db.close();
}

const badFiles: [string, () => void, string][] = [
  [
    'empty',
    () => writeFileSync(file, ''),
    'not a DynaSeg project, and left as it is. it is empty. Choose another file, or move this one away',
  ],
  [
    'a picture',
    () => writeFileSync(file, Buffer.alloc(5000, 'JFIF')),
    'not a DynaSeg project, and left as it is. it does not begin like an SQLite database. ' +
      'Choose another file, or move this one away',
  ],
  [
    "another program's database",
    () => sqliteFile('CREATE TABLE holiday (x)'),
    'not a DynaSeg project, and left as it is. it is the SQLite database of another program. ' +
      'Choose another file, or move this one away',
  ],
  [
    'from a newer version',
    () => {
      createProject(1);
      sqliteFile('PRAGMA locking_mode = EXCLUSIVE; PRAGMA user_version = 999');
    },
    `made by a newer version (schema 999, this one reads up to ${SCHEMA_VERSION}). Update DynaSeg Studio`,
  ],
  [
    'cut off',
    () => {
      createProject(40);
      writeFileSync(file, readFileSync(file).subarray(0, 5000));
    },
    'damaged, and left as it is. SQLite says: database disk image is malformed. ' +
      'Put back a copy of it, or move it away to begin anew',
  ],
  [
    'overwritten inside',
    () => {
      createProject(1);
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.fill(0xa5, 100, 4096));
    },
    'damaged, and left as it is. SQLite says: database disk image is malformed. ' +
      'Put back a copy of it, or move it away to begin anew',
  ],
];

test.each(badFiles)('a file that is %s: its message, and it stays as it was', (_name, create, message) => {
  create();
  const before = readFileSync(file);
  for (const readOnly of [false, true]) {
    expect(() => ProjectStore.open(file, { readOnly })).toThrow(
      expect.objectContaining({ message: `project file street.dynaseg: ${message}` }),
    );
  }
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(folder)).toEqual(['street.dynaseg']);
});

test('a folder, and nothing at all', () => {
  mkdirSync(file);
  expect(() => ProjectStore.open(file)).toThrow('not a DynaSeg project, and left as it is. it is a folder');
  expect(() => ProjectStore.open(join(folder, 'none.dynaseg'), { readOnly: true })).toThrow(
    `project file none.dynaseg: does not exist. Check the path ${join(folder, 'none.dynaseg')}`,
  );
  expect(readdirSync(folder)).toEqual(['street.dynaseg']);
});

/** Commits until it fails, frees what `makeRoom` frees, and commits that step again. */
const commitUntilFailure = (makeRoom: string) => `
  const store = ProjectStore.open(file);
  store.syncImages(fixtureListing);
  let n = 1;
  for (;; n++) {
    try { store.commitStep(fixtureStep(n)); } catch (error) { say(error.problem.code); say(error.message); break; }
  }
  say(n - 1);
  say(store.openMask(1).history.length);
  ${makeRoom}
  store.close();`;

test('a write that fails: it is named, nothing half is stored', () => {
  // A limit on the size of files makes real writes fail, for any user.
  const [, ...childArgs] = [process.execPath, ...childArguments(commitUntilFailure(''))];
  const { stdout, stderr } = spawnSync(
    'sh',
    ['-c', 'ulimit -f 1500; exec "$0" "$@"', process.execPath, ...childArgs],
    { cwd: ROOT, encoding: 'utf8' },
  );
  const [code, message, answered, length] = stdout.trim().split('\n');
  expect([code, stderr]).toEqual(['project.write', '']);
  expect(message).toBe(
    'project file street.dynaseg: the last change was not stored: disk I/O error. ' +
      `Check the disk that holds ${file}, and try again`,
  );
  expect(Number(answered)).toBeGreaterThan(3);
  expect(length).toBe(answered);
  const store = ProjectStore.open(file);
  expect(countFixtureSteps(store)).toBe(Number(answered));
  store.commitStep(fixtureStep(Number(answered) + 1));
  store.close();
}, 60_000);

const shell = (line: string) => spawnSync('sh', ['-c', line]).status === 0;

/** Mounts a disk of one megabyte at `folder`, where this process may. */
const mountTiny = () => shell(`mount -t tmpfs -o size=1m tmpfs '${folder}'`);

test('a full disk: it is named, nothing half is stored, and it goes on when there is room', (context) => {
  if (!mountTiny()) context.skip('needs the right to mount a small disk');
  try {
    writeFileSync(join(folder, 'ballast'), new Uint8Array(500_000));
    const [code, message, answered, length] = runChild(
      commitUntilFailure(`
        const { rmSync } = await import('node:fs');
        rmSync(${JSON.stringify(join(folder, 'ballast'))});
        store.commitStep(fixtureStep(n));`),
    );
    expect([code, message]).toEqual([
      'project.full',
      'project file street.dynaseg: the disk is full: the last change was not stored. ' +
        'Make room on the disk and try again; everything before it is safe',
    ]);
    expect(length).toBe(answered);
    const store = ProjectStore.open(file);
    expect(countFixtureSteps(store)).toBe(Number(answered) + 1);
    store.close();
  } finally {
    shell(`umount '${folder}'`);
  }
}, 60_000);

test('a damaged step that no snapshot stands for is named with its image; the others open', () => {
  createProject(3);
  const other = { ...fixtureListing.images[0]!, name: 'b.jpg' };
  const first = ProjectStore.open(file);
  first.syncImages({ images: [...fixtureListing.images, other] });
  first.commitStep({ ...fixtureStep(1), imageId: 2 });
  first.close();
  sqliteFile(
    `PRAGMA locking_mode = EXCLUSIVE; UPDATE masks SET snapshot = NULL, snapshot_cursor = 0 WHERE image_id = 1;
     UPDATE steps SET patch = x'00' WHERE image_id = 1 AND seq = 2`,
  );
  const store = ProjectStore.open(file);
  expect(() => store.openMask(1)).toThrow('mask of a.jpg: the stored edit is damaged');
  expect(store.openMask(2)!.history.cursor).toBe(1);
  store.close();
});

test('what a killed creation left is cleared away', () => {
  writeFileSync(`${file}.new-0123`, 'half a database');
  mkdirSync(`${file}.new-0123.lock`);
  createProject(1);
  expect(readdirSync(folder)).toEqual(['street.dynaseg']);
});

test('the log of a deleted project is not taken for that of a new one', async () => {
  const { child } = await startChild(COMMIT_FOREVER);
  await kill(child);
  expect(readdirSync(folder)).toContain('street.dynaseg-wal');
  rmSync(file);
  const store = ProjectStore.open(file);
  expect(store.images()).toEqual([]);
  store.close();
  expect(readdirSync(folder)).toEqual(['street.dynaseg']);
}, 60_000);

test('the file stays one that any SQLite reads', () => {
  createProject(1);
  expect(readFileSync(file).toString('latin1', 0, 15)).toBe('SQLite format 3');
  expect(statSync(file).size % 4096).toBe(0);
});
