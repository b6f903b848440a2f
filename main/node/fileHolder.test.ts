import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileHolder } from './fileHolder.ts';
import { isRunning, ownIdentity, type ProcessIdentity } from './processIdentity.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dynaseg-test-'));
  file = join(folder, 'a.dynaseg');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What a process that was killed leaves: its holder file, and SQLite's lock folder. */
function leaveBehind(identity: Partial<ProcessIdentity>): void {
  const holder = { version: 1, token: 'abc', ...ownIdentity(), ...identity };
  writeFileSync(`${file}.holder`, JSON.stringify(holder));
  mkdirSync(`${file}.lock`);
}

/** The id of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['--version']).pid;

test('one holder at a time, and nothing stays behind', () => {
  const holder = FileHolder.acquire(file);
  expect(readdirSync(folder)).toEqual(['a.dynaseg.holder']);
  expect(() => FileHolder.acquire(file)).toThrow(
    `project file a.dynaseg: held by process ${process.pid} of `,
  );
  holder.release();
  expect(readdirSync(folder)).toEqual([]);
  FileHolder.acquire(file).release();
});

test('the lock of a dead process is removed', () => {
  leaveBehind({ pid: deadPid() });
  const holder = FileHolder.acquire(file);
  expect(readdirSync(folder)).toEqual(['a.dynaseg.holder']);
  holder.release();
});

test('a process id that was given again does not hold: its start tells', (context) => {
  if (ownIdentity().start === null) context.skip('this system does not tell when a process started');
  leaveBehind({ pid: process.ppid, start: 'another start' });
  FileHolder.acquire(file).release();
  leaveBehind({ pid: process.pid });
  FileHolder.acquire(file).release();
  expect(readdirSync(folder)).toEqual([]);
});

test('without a start, a machine that was started since tells', () => {
  const identity = { ...ownIdentity(), pid: process.ppid, start: null };
  expect(isRunning(identity)).toBe('yes');
  expect(isRunning({ ...identity, since: 0 })).toBe('no');
});

test('the lock of a living process stays', () => {
  leaveBehind({ pid: process.ppid, start: null });
  expect(() => FileHolder.acquire(file)).toThrow(`held by process ${process.ppid} of `);
  expect(readdirSync(folder).sort()).toEqual(['a.dynaseg.holder', 'a.dynaseg.lock']);
});

test('the lock of another machine stays, and the message says what to do', () => {
  const since = new Date(2026, 10, 2, 9, 5, 7).getTime();
  leaveBehind({ host: 'other-desk', user: 'anna', since });
  expect(() => FileHolder.acquire(file)).toThrow(
    expect.objectContaining({
      message:
        `project file a.dynaseg: held by process ${process.pid} of anna on other-desk since 2026-11-02 09:05:07. ` +
        'Close it there, or open it read-only; ' +
        `if other-desk does not run any more, delete ${file}.holder`,
    }),
  );
});

test('a holder file from before it named the user is understood', () => {
  writeFileSync(
    `${file}.holder`,
    JSON.stringify({
      version: 1,
      token: 'abc',
      ...ownIdentity(),
      pid: process.ppid,
      start: null,
      user: undefined,
    }),
  );
  expect(() => FileHolder.acquire(file)).toThrow(`held by process ${process.ppid} on `);
});

test('a lock of which nothing tells whose it is stays', () => {
  mkdirSync(`${file}.lock`);
  expect(() => FileHolder.acquire(file)).toThrow(
    expect.objectContaining({
      message:
        'project file a.dynaseg: locked, and nothing says by whom. ' +
        `Close every program that may use it; if there is none, delete the empty folder ${file}.lock`,
    }),
  );
  expect(readdirSync(folder)).toEqual(['a.dynaseg.lock']);
});

test('a process that died while it took over leaves enough to know whose the lock is', () => {
  mkdirSync(`${file}.lock`);
  writeFileSync(`${file}.holder.123456.stale`, '{}');
  FileHolder.acquire(file).release();
  expect(readdirSync(folder)).toEqual([]);
});

test('a holder file that cannot be understood counts while it is young', () => {
  writeFileSync(`${file}.holder`, '');
  expect(() => FileHolder.acquire(file)).toThrow('held by another process');
  utimesSync(`${file}.holder`, 1, 1);
  FileHolder.acquire(file).release();
  expect(existsSync(`${file}.holder`)).toBe(false);
});

test('release leaves a holder file that is not its own', () => {
  const holder = FileHolder.acquire(file);
  writeFileSync(`${file}.holder`, '{}');
  holder.release();
  expect(readFileSync(`${file}.holder`, 'utf8')).toBe('{}');
});
