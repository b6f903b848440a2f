import { randomBytes } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { ProblemError } from '#core/problem.ts';
import { errorCode, fileReason } from './fileProblem.ts';

export type SqliteValue = number | bigint | string | Uint8Array | null;
export type SqliteRow = Readonly<Record<string, SqliteValue>>;

/** More than a commit and its checkpoint usually need: a disk without this much room counts as full. */
const ROOM_BYTES = 1024 * 1024;

/** How large the log may be before `checkpoint` puts it into the database. */
const CHECKPOINT_BYTES = 4 * 1024 * 1024;

/** SQLite puts the log into the database when a commit leaves more pages than this in it. */
const CHECKPOINT_PAGES = 1000;

export interface TransactionOptions {
  /**
   * Waits for the disk, so that the change survives a power cut, not only a kill of this process. Default true;
   * false: `flush` does.
   */
  readonly sync?: boolean;
}

/**
 * An open database, written by this process alone.
 *
 * In the write-ahead log and never in SQLite's default rollback journal: node-sqlite3-wasm answers SQLite's
 * question "does somebody else hold a lock?" with yes because of the asker's own lock folder, so that SQLite
 * takes a journal left by a killed process for that of a living one and never rolls it back: half a
 * transaction would stay. The log needs no such question; without shared memory it needs the exclusive
 * locking mode, set before the first read.
 */
export class SqliteConnection {
  /** Whether commits wait for the disk. */
  private syncs = true;

  private constructor(
    private readonly db: InstanceType<typeof sqlite.Database>,
    /** What messages call it. */
    private readonly subject: string,
    private readonly file: string,
  ) {}

  /** Opens or creates the database. Throws ProblemError `project.*`. */
  static open(file: string, subject = `project file ${basename(file)}`): SqliteConnection {
    let db: InstanceType<typeof sqlite.Database>;
    try {
      db = new sqlite.Database(file);
    } catch (error) {
      throw problemOf(error, subject, file);
    }
    const connection = new SqliteConnection(db, subject, file);
    try {
      connection.exec('PRAGMA locking_mode = EXCLUSIVE');
      const mode = connection.get('PRAGMA journal_mode = WAL')?.journal_mode;
      if (mode !== 'wal') {
        throw new ProblemError({
          code: 'project.write',
          title: `its journal cannot be a write-ahead log but ${String(mode)}`,
          subject,
        });
      }
      connection.exec('PRAGMA synchronous = FULL');
      connection.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.db.inTransaction;
  }

  exec(sql: string): void {
    this.guard(() => this.db.exec(sql));
  }

  run(sql: string, values: readonly SqliteValue[] = []): number {
    return this.guard(() => Number(this.db.run(sql, [...values]).lastInsertRowid));
  }

  get(sql: string, values: readonly SqliteValue[] = []): SqliteRow | null {
    return this.guard(() => this.db.get(sql, [...values]) as SqliteRow | null);
  }

  all(sql: string, values: readonly SqliteValue[] = []): SqliteRow[] {
    return this.guard(() => this.db.all(sql, [...values]) as SqliteRow[]);
  }

  /** Runs `change` as one durable transaction: when it throws, nothing of it is stored. */
  transaction<T>(change: () => T, { sync = true }: TransactionOptions = {}): T {
    this.setSync(sync);
    this.begin();
    try {
      const result = change();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      this.rollBack();
      throw error;
    } finally {
      this.setSync(true);
    }
  }

  /** Waits until everything that was stored is on the disk, without stopping this process. */
  async flush(): Promise<void> {
    try {
      const log = await open(`${this.file}-wal`, 'r+');
      try {
        await log.datasync();
      } finally {
        await log.close();
      }
    } catch (error) {
      // Without a log everything is in the database, and was synced when it was put there.
      if (errorCode(error) !== 'ENOENT') throw this.notFlushed(error);
    }
  }

  /** Puts the log into the database where it has grown: a moment in which nobody waits is the time for it. */
  checkpoint(): void {
    const log = statSync(`${this.file}-wal`, { throwIfNoEntry: false });
    if (!this.db.isOpen || this.db.inTransaction || !log || log.size < CHECKPOINT_BYTES) return;
    this.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** A commit that does not wait for the disk must not stop to put the log into the database either. */
  private setSync(sync: boolean): void {
    if (sync === this.syncs || this.db.inTransaction) return;
    this.exec(`PRAGMA synchronous = ${sync ? 'FULL' : 'NORMAL'}`);
    this.exec(`PRAGMA wal_autocheckpoint = ${sync ? CHECKPOINT_PAGES : 0}`);
    this.syncs = sync;
  }

  private notFlushed(error: unknown): ProblemError {
    return new ProblemError(
      {
        code: 'project.write',
        title: `the last change is stored, but not safe from a power cut: ${fileReason(error)}`,
        subject: this.subject,
        hint: `Check the disk that holds ${this.file}, and try again`,
      },
      { cause: error },
    );
  }

  /** The same for a change that waits. Until it has settled every other transaction throws `project.busy`. */
  async longTransaction<T>(change: () => Promise<T>): Promise<T> {
    this.begin();
    try {
      const result = await change();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  private begin(): void {
    if (this.db.inTransaction) {
      throw new ProblemError({
        code: 'project.busy',
        title: 'a change of many masks is being stored',
        subject: this.subject,
        hint: 'Wait until it is done, then try again',
      });
    }
    this.exec('BEGIN IMMEDIATE');
  }

  private rollBack(): void {
    // SQLite itself has rolled back after most failures of the disk.
    if (this.db.isOpen && this.db.inTransaction) this.exec('ROLLBACK');
  }

  /** Reads every page. Throws `project.corrupt` for damage of the database's own structure. */
  check(): void {
    const found = this.get('PRAGMA quick_check(1)')?.quick_check;
    if (found === 'ok') return;
    throw new ProblemError({
      code: 'project.corrupt',
      title: 'damaged, and left as it is',
      subject: this.subject,
      detail: `SQLite says: ${String(found)}`,
      hint: 'Put back a copy of it, or move it away to begin anew',
    });
  }

  close(): void {
    if (this.db.isOpen) this.guard(() => this.db.close());
  }

  private guard<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw problemOf(error, this.subject, this.file);
    }
  }
}

/** SQLite's messages as ours: its binding passes on no codes, and takes a full disk for any I/O error. */
function problemOf(error: unknown, subject: string, file: string): unknown {
  if (!(error instanceof sqlite.SQLite3Error)) return error;
  const cause = { cause: error };
  const { message } = error;
  if (message.includes('disk is full') || (message.includes('disk I/O error') && isDiskFull(file))) {
    return new ProblemError(
      {
        code: 'project.full',
        title: 'the disk is full: the last change was not stored',
        subject,
        hint: 'Make room on the disk and try again; everything before it is safe',
      },
      cause,
    );
  }
  if (/malformed|not a database/.test(message)) {
    return new ProblemError(
      {
        code: 'project.corrupt',
        title: 'damaged, and left as it is',
        subject,
        detail: `SQLite says: ${message}`,
        hint: 'Put back a copy of it, or move it away to begin anew',
      },
      cause,
    );
  }
  return new ProblemError(
    {
      code: 'project.write',
      title: `the last change was not stored: ${message}`,
      subject,
      hint: `Check the disk that holds ${file}, and try again`,
    },
    cause,
  );
}

function isDiskFull(file: string): boolean {
  const probe = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeFileSync(probe, new Uint8Array(ROOM_BYTES));
    return false;
  } catch (error) {
    return ['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '');
  } finally {
    rmSync(probe, { force: true });
  }
}
