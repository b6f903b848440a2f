import { randomBytes } from 'node:crypto';
import {
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { ProblemError } from '#core/problem.ts';
import { errorCode } from './fileProblem.ts';
import { isRunning, ownIdentity, processIdentitySchema, type ProcessIdentity } from './processIdentity.ts';

const holderSchema = processIdentitySchema.extend({ version: z.literal(1), token: z.string() });
type Holder = z.infer<typeof holderSchema>;

/** A holder file that cannot be understood is being written right now, unless it is older than this. */
const UNREADABLE_FOR_MS = 10_000;

/** What this process holds: its own id in a holder file that is not here was an earlier process's. */
const heldHere = new Set<string>();

/**
 * The right to write a file, for one process at a time. FILE.holder says who has it. node-sqlite3-wasm itself
 * locks by a folder FILE.lock, which a killed process leaves behind and which says nothing about its owner:
 * whoever has the holder file may remove it, and nobody else.
 */
export class FileHolder {
  private constructor(
    private readonly holderFile: string,
    private readonly token: string,
  ) {}

  /**
   * Throws `project.held` where a living process holds the file, or one of another machine, and
   * `project.locked` where FILE.lock is there and nothing tells whose it is; errors of the file system as they
   * are.
   */
  static acquire(file: string): FileHolder {
    const holderFile = `${file}.holder`;
    const holder: Holder = { version: 1, token: randomBytes(8).toString('hex'), ...ownIdentity() };
    for (let attempt = 0; !writeNew(holderFile, JSON.stringify(holder)); attempt++) {
      if (attempt === 20) throw held(file, null);
      setAsideDeadHolder(file, holderFile);
    }
    const own = new FileHolder(holderFile, holder.token);
    try {
      removeStaleLock(file, holderFile);
    } catch (error) {
      own.release();
      throw error;
    }
    heldHere.add(holder.token);
    return own;
  }

  release(): void {
    heldHere.delete(this.token);
    // Only what is ours: somebody may have decided that we were dead, by hand.
    if (readHolder(this.holderFile)?.token === this.token) rmSync(this.holderFile, { force: true });
  }
}

/** Creates a file with its whole content at once; false where there is one already. */
function writeNew(path: string, content: string): boolean {
  const scratch = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  writeFileSync(scratch, content, { flag: 'wx' });
  try {
    linkSync(scratch, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    return writeNewWithoutLinks(path, content);
  } finally {
    rmSync(scratch, { force: true });
  }
}

/** For file systems without hard links: between its two steps the file is there, but empty. */
function writeNewWithoutLinks(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

/** Renames the holder file of a dead process out of the way. Throws `project.held` where it is not dead. */
function setAsideDeadHolder(file: string, holderFile: string): void {
  const judged = readHolder(holderFile);
  if (judged ? !isDead(judged) : !isOld(holderFile)) {
    // It may have gone in the meantime.
    if (existsSync(holderFile)) throw held(file, judged);
    return;
  }
  const aside = `${holderFile}.${randomBytes(6).toString('hex')}.stale`;
  try {
    renameSync(holderFile, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (readHolder(aside)?.token !== judged?.token) {
    // Another process was faster and already is the new holder: give it back its file.
    linkSync(aside, holderFile);
    rmSync(aside, { force: true });
  }
}

function isDead(holder: Holder): boolean {
  const running = isRunning(holder);
  // With our own process id, on this machine, it is ours or that of a process before us.
  return running === 'no' || (running === 'yes' && holder.pid === process.pid && !heldHere.has(holder.token));
}

function isOld(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status !== undefined && Date.now() - status.mtimeMs > UNREADABLE_FOR_MS;
}

/** For the holder alone: removes FILE.lock of those holders that are known to be dead. */
function removeStaleLock(file: string, holderFile: string): void {
  const prefix = `${basename(holderFile)}.`;
  const dead = readdirSync(dirname(file))
    .filter((name) => name.startsWith(prefix) && name.endsWith('.stale'))
    .map((name) => join(dirname(file), name));
  const lock = `${file}.lock`;
  if (existsSync(lock)) {
    if (dead.length === 0) {
      throw new ProblemError({
        code: 'project.locked',
        title: 'locked, and nothing says by whom',
        subject: `project file ${basename(file)}`,
        hint: `Close every program that may use it; if there is none, delete the empty folder ${lock}`,
      });
    }
    rmdirSync(lock);
  }
  for (const path of dead) rmSync(path, { force: true });
}

/** `process 4242 of anna on desk-1 since 2026-11-22 21:03:17`, in local time. */
function nameOf({ pid, user, host, since }: ProcessIdentity): string {
  const date = new Date(since);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `process ${pid}${user && ` of ${user}`} on ${host} since ${day} ${time}`;
}

function held(file: string, holder: ProcessIdentity | null): ProblemError {
  const here = holder && isRunning(holder) !== 'unknown';
  const by = holder ? nameOf(holder) : 'another process';
  return new ProblemError({
    code: 'project.held',
    title: `held by ${by}`,
    subject: `project file ${basename(file)}`,
    hint:
      holder && !here
        ? `Close it there, or open it read-only; if ${holder.host} does not run any more, delete ${file}.holder`
        : 'Close it there, or open it read-only',
  });
}
