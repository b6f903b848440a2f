import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ProblemError, type Problem } from '#core/problem.ts';
import { decodePatch } from '#core/mask/patch.ts';
import { FileHolder } from './fileHolder.ts';
import { errorCode, fileReason, unreadable } from './fileProblem.ts';
import { APPLICATION_ID, migrate, newerSchema, SCHEMA_VERSION } from './projectStore.migrations.ts';
import { isLogCut } from './sqliteLog.ts';
import { recoverProject } from './recoverProject.ts';
import { SqliteConnection } from './sqliteConnection.ts';

export interface OpenedProjectFile {
  readonly db: SqliteConnection;
  readonly readOnly: boolean;
  readonly notes: readonly Problem[];
  /** Closes the database and gives the file back. */
  readonly close: () => void;
}

/** The first bytes of an SQLite database, and where its header keeps what we need. */
const SQLITE_MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
const USER_VERSION_AT = 60;
const APPLICATION_ID_AT = 68;
const LOG_HEADER_BYTES = 32;
/** A file up to this size is looked through as a whole when it is opened: about half a second. */
const LARGEST_CHECKED_BYTES = 64 * 1024 * 1024;

const subjectOf = (file: string) => `project file ${basename(file)}`;

/**
 * Opens a project file for writing, creating it where there is none; read-only where that was asked for or
 * where the file or its folder cannot be written, with a note. A file that is not a project of a version we
 * know is never written. See ProjectStore.open for what it throws.
 */
export function openProjectFile(
  file: string,
  options: { readonly readOnly: boolean; readonly repair: boolean },
): OpenedProjectFile {
  const exists = checkHeader(file);
  if (options.readOnly) {
    if (!exists) throw missing(file);
    return openCopy(file, []);
  }
  try {
    if (exists) accessSync(file, constants.W_OK);
    else mkdirSync(dirname(file), { recursive: true });
    accessSync(dirname(file), constants.W_OK);
    return openForWriting(file, options.repair);
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '')) throw error;
    if (!exists) {
      throw new ProblemError(
        {
          code: 'project.write',
          title: `cannot be created: ${fileReason(error)}`,
          subject: subjectOf(file),
          hint: `Check that you may write to ${dirname(file)}`,
        },
        { cause: error },
      );
    }
    return openCopy(file, [readOnlyNote(file, error)]);
  }
}

function openForWriting(file: string, repair: boolean): OpenedProjectFile {
  const holder = FileHolder.acquire(file);
  try {
    if (!statSync(file, { throwIfNoEntry: false })) create(file);
    const { db, notes } = openOrRecover(file, repair);
    const close = () => {
      try {
        db.close();
      } finally {
        holder.release();
      }
    };
    return { db, readOnly: false, notes, close };
  } catch (error) {
    holder.release();
    throw error;
  }
}

/** Opens a file that this process holds; where it is damaged, a new one with what can be read of it. */
function openOrRecover(file: string, repair: boolean): { db: SqliteConnection; notes: Problem[] } {
  const asked = repair ? recoverProject(file) : null;
  if (asked) return { db: openWhole(file), notes: [asked] };
  try {
    const cut = isLogCut(file);
    return { db: openWhole(file), notes: cut ? [logCutNote(file)] : [] };
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'project.corrupt') throw error;
    const note = recoverProject(file);
    if (!note) throw error;
    return { db: openWhole(file), notes: [note] };
  }
}

/** Throws `project.corrupt` where a look at it finds damage. */
function openWhole(file: string): SqliteConnection {
  const db = SqliteConnection.open(file);
  try {
    const isSmall = statSync(file).size <= LARGEST_CHECKED_BYTES;
    if (isSmall) db.check();
    migrate(db, subjectOf(file));
    checkNewestStep(db, subjectOf(file));
    syncFolder(dirname(file));
    return db;
  } catch (error) {
    closeDamaged(db);
    throw error;
  }
}

function closeDamaged(db: SqliteConnection): void {
  try {
    db.close();
  } catch {
    // The damage has been told.
  }
}

/** The pages of the last stroke are those that a crash of the machine is likeliest to spoil. */
function checkNewestStep(db: SqliteConnection, subject: string): void {
  const patch = db.get('SELECT patch FROM steps WHERE rowid = (SELECT max(rowid) FROM steps)')?.patch;
  if (!(patch instanceof Uint8Array)) return;
  try {
    decodePatch(patch);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'patch.newer') return;
    throw new ProblemError(
      { code: 'project.corrupt', title: 'damaged: its last stroke cannot be read', subject },
      { cause: error },
    );
  }
}

function logCutNote(file: string): Problem {
  return {
    code: 'project.logCut',
    severity: 'note',
    title: 'the end of its log is damaged: the last change may be missing',
    subject: subjectOf(file),
    hint: 'Everything before it is there; look at the image that was edited last',
  };
}

/** A new project appears whole or not at all: a file that was killed while young is no half database. */
function create(file: string): void {
  const prefix = `${basename(file)}.new-`;
  // What creations left that were killed: nobody else creates while we hold the file.
  for (const name of readdirSync(dirname(file))) {
    if (name.startsWith(prefix)) rmSync(join(dirname(file), name), { recursive: true, force: true });
  }
  const scratch = join(dirname(file), prefix + randomBytes(6).toString('hex'));
  try {
    const db = SqliteConnection.open(scratch, subjectOf(file));
    try {
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      migrate(db, subjectOf(file));
    } finally {
      db.close();
    }
    // The log of a project that was deleted without it would be taken for the new one's.
    rmSync(`${file}-wal`, { force: true });
    renameSync(scratch, file);
  } catch (error) {
    for (const ending of ['', '-wal']) rmSync(scratch + ending, { force: true });
    throw error;
  }
}

/**
 * A project that is only read is read from a private copy: SQLite would have to write beside the file (its
 * lock, its log) to read it, and the copy may also be taken while another process holds the file.
 */
function openCopy(file: string, notes: readonly Problem[]): OpenedProjectFile {
  const folder = mkdtempSync(join(tmpdir(), 'dynaseg-'));
  const removeCopy = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, basename(file));
    copyConsistently(file, copy);
    const db = SqliteConnection.open(copy, subjectOf(file));
    const close = () => {
      try {
        db.close();
      } finally {
        removeCopy();
      }
    };
    try {
      migrate(db, subjectOf(file));
    } catch (error) {
      close();
      throw error;
    }
    return { db, readOnly: true, notes, close };
  } catch (error) {
    removeCopy();
    throw errorCode(error) === null ? error : unreadable('project.unreadable', subjectOf(file), error);
  }
}

/**
 * Copies database and log as of one moment. The log is copied last, so it has all that a checkpoint may have
 * put into the database meanwhile, unless the log was begun anew: then its header changes.
 */
function copyConsistently(file: string, copy: string): void {
  const log = `${file}-wal`;
  for (let attempt = 0; attempt < 10; attempt++) {
    const before = stateOf(file);
    copyForOwner(file, copy);
    if (statSync(log, { throwIfNoEntry: false })) copyForOwner(log, `${copy}-wal`);
    if (stateOf(file) === before) return;
    rmSync(`${copy}-wal`, { force: true });
  }
  throw new ProblemError({
    code: 'project.held',
    title: 'changed again and again while it was copied',
    subject: subjectOf(file),
    hint: 'Try again when the program that writes it has finished',
  });
}

/** The copy of a file that may not be written may be. */
function copyForOwner(file: string, copy: string): void {
  copyFileSync(file, copy);
  chmodSync(copy, 0o600);
}

/** Changes when the log is begun anew or removed, and, without a log, when the database is written. */
function stateOf(file: string): string {
  const log = readStart(`${file}-wal`, LOG_HEADER_BYTES);
  if (log && log.length > 0) return log.toString('hex');
  const status = statSync(file);
  return `${status.size} ${status.mtimeMs}`;
}

/** False where there is no file. Throws where there is one that is not ours to open. */
function checkHeader(file: string): boolean {
  let header: Buffer | null;
  try {
    header = readStart(file, HEADER_BYTES);
  } catch (error) {
    if (errorCode(error) === 'EISDIR') throw notADatabase(file, 'it is a folder');
    throw unreadable('project.unreadable', subjectOf(file), error);
  }
  if (header === null) return false;
  if (header.length === 0) throw notADatabase(file, 'it is empty');
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, 16) !== SQLITE_MAGIC) {
    throw notADatabase(file, 'it does not begin like an SQLite database');
  }
  if (header.readUInt32BE(APPLICATION_ID_AT) !== APPLICATION_ID) {
    throw notADatabase(file, 'it is the SQLite database of another program');
  }
  const version = header.readUInt32BE(USER_VERSION_AT);
  if (version > SCHEMA_VERSION) throw newerSchema(version, subjectOf(file));
  return true;
}

/** Up to `length` bytes from the file's start; null where there is no file. */
function readStart(file: string, length: number): Buffer | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, length, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** A new file survives a power cut only once its folder is on the disk, too. */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Windows opens no folders, and keeps its directories by itself.
  }
}

function missing(file: string): ProblemError {
  return new ProblemError({
    code: 'project.missing',
    title: 'does not exist',
    subject: subjectOf(file),
    hint: `Check the path ${file}`,
  });
}

function notADatabase(file: string, detail: string): ProblemError {
  return new ProblemError({
    code: 'project.notADatabase',
    title: 'not a DynaSeg project, and left as it is',
    subject: subjectOf(file),
    detail,
    hint: 'Choose another file, or move this one away',
  });
}

function readOnlyNote(file: string, error: unknown): Problem {
  return {
    code: 'project.readOnly',
    severity: 'note',
    title: `opened read-only: ${fileReason(error)}`,
    subject: subjectOf(file),
    hint: 'Edits cannot be stored until you may write to it and its folder',
  };
}
