import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { classTableSchema, DEFAULT_IGNORE_ID } from '#core/labels/classTable.ts';
import { ProblemError, type Problem } from '#core/problem.ts';
import { APPLICATION_ID, migrate } from './projectStore.migrations.ts';
import { repairMask, type MaskLoss } from './repairMask.ts';
import { SqliteConnection, type SqliteRow, type SqliteValue } from './sqliteConnection.ts';
import { storedJson } from './storedValue.ts';

/** How many ids in a row may be unreadable before the rest of a table is given up. */
const LONGEST_GAP = 2 ** 20;
/** So many of them are looked at one by one: a page has fewer rows, and what lies between two damaged ones is found. */
const CLOSE_LOOK = 256;
/** How many images a message tells of. */
const TOLD_IMAGES = 5;
const PAGE_SIZE_AT = 16;
const PAGE_COUNT_AT = 28;
const USER_VERSION_AT = 60;

/**
 * Puts what can be read of a damaged project into a new file in its place; the damaged one stays beside it. The
 * caller holds the file, and nobody has it open. Returns what is to be said of it, or null where nothing can be
 * read: then nothing is changed.
 */
export function recoverProject(file: string): Problem | null {
  const scratch = `${file}.new-${randomBytes(6).toString('hex')}`;
  const copy = `${scratch}.damaged`;
  const temporary = [scratch, `${scratch}-wal`, copy, `${copy}-wal`];
  try {
    copyFileSync(file, copy);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    restoreLength(copy);
    const subject = `project file ${basename(file)}`;
    const losses = salvage(copy, scratch, subject);
    if (!losses) return null;
    const kept = keepDamaged(file);
    // The old log would be taken for the new file's.
    rmSync(`${file}-wal`, { force: true });
    renameSync(scratch, file);
    return recovered(subject, losses, kept);
  } finally {
    for (const path of temporary) rmSync(path, { force: true, recursive: true });
    for (const path of temporary) rmSync(`${path}.lock`, { force: true, recursive: true });
  }
}

/** SQLite refuses a database that is shorter than its header says: the pages that are cut off are empty ones. */
function restoreLength(copy: string): void {
  const header = readFileSync(copy).subarray(0, 100);
  const stated = header.readUInt16BE(PAGE_SIZE_AT);
  const bytes = (stated === 1 ? 65536 : stated) * header.readUInt32BE(PAGE_COUNT_AT);
  if (bytes > statSync(copy).size && bytes < 2 ** 40) truncateSync(copy, bytes);
}

interface Loss extends MaskLoss {
  readonly name: string;
}

/** Copies row by row what can be read; null where that is no image. */
function salvage(copy: string, scratch: string, subject: string): Loss[] | null {
  const version = readFileSync(copy).readUInt32BE(USER_VERSION_AT);
  let damaged: SqliteConnection;
  try {
    damaged = SqliteConnection.open(copy, subject);
  } catch {
    return null;
  }
  const db = SqliteConnection.open(scratch, subject);
  try {
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    migrate(db, subject, version);
    // What refers to a row that is gone is looked at in the end.
    db.exec('PRAGMA foreign_keys = OFF');
    const tables = db.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    db.transaction(() => {
      for (const { name } of tables) copyRows(damaged, db, String(name));
    });
    migrate(db, subject);
    if (!db.get('SELECT id FROM images LIMIT 1')) return null;
    return db.transaction(() => {
      const losses = repairMasks(db);
      removeOrphans(db);
      return losses;
    });
  } finally {
    db.close();
    try {
      damaged.close();
    } catch {
      // It cannot be put in order: it is a copy.
    }
  }
}

function copyRows(from: SqliteConnection, to: SqliteConnection, table: string): void {
  const info = to.all(`PRAGMA table_info(${table})`);
  const columns = info.map(({ name }) => String(name));
  const names = columns.join(', ');
  const insert = `INSERT OR REPLACE INTO ${table} (${names}) VALUES (${columns.map(() => '?').join(', ')})`;
  const isKeyed = Number(to.get(`PRAGMA table_list(${table})`)?.wr) === 1;
  const key = info.filter(({ pk }) => Number(pk) > 0).sort((a, b) => Number(a.pk) - Number(b.pk));
  const keyNames = key.map(({ name }) => String(name));
  const rows = isKeyed ? rowsByKey(from, table, keyNames) : rowsById(from, table, names);
  for (const row of rows) {
    const values = columns.map((column) => row[column] ?? null);
    try {
      to.run(insert, values);
    } catch (error) {
      // A damaged row may have what its table does not allow.
      if (!(error instanceof ProblemError) || !/constraint|mismatch/.test(error.problem.title)) throw error;
    }
  }
}

/** What can be read of a table, over what cannot. */
function* rowsById(from: SqliteConnection, table: string, names: string): Generator<SqliteRow> {
  const query = (than: '>' | '>=') =>
    `SELECT rowid AS at_row, ${names} FROM ${table} WHERE rowid ${than} ? ORDER BY rowid LIMIT 1`;
  // In a damaged tree what lies behind a row may be one from before it, round and round.
  const seen = new Set<number>();
  const read = (than: '>' | '>=', rowid: number): SqliteRow | null | 'unreadable' => {
    const row = readRow(from, query(than), [rowid]);
    return row !== null && row !== 'unreadable' && seen.has(Number(row.at_row)) ? 'unreadable' : row;
  };
  for (let rowid = 0; ;) {
    const next = read('>', rowid);
    const row = next === 'unreadable' ? behindDamage((id) => read('>=', id), rowid) : next;
    if (row === null) return;
    yield row;
    seen.add(Number(row.at_row));
    rowid = Number(row.at_row);
  }
}

/** The first row behind those that cannot be read: one id after the other, then in ever longer steps and back. */
function behindDamage(
  read: (rowid: number) => SqliteRow | null | 'unreadable',
  damaged: number,
): SqliteRow | null {
  let low = 0;
  for (let high = 1; high <= LONGEST_GAP; high = high < CLOSE_LOOK ? high + 1 : 2 * high) {
    const row = read(damaged + high);
    if (row === 'unreadable') {
      low = high;
      continue;
    }
    let found = row;
    for (let end = high; end - low > 1;) {
      const middle = Math.floor((low + end) / 2);
      const between = read(damaged + middle);
      if (between === 'unreadable') low = middle;
      else {
        end = middle;
        found = between;
      }
    }
    return found;
  }
  return null;
}

/** What can be read of a table without row ids: from its begin and from its end, up to what cannot. */
function* rowsByKey(from: SqliteConnection, table: string, keys: readonly string[]): Generator<SqliteRow> {
  const seen = new Set<string>();
  for (const { than, order } of [
    { than: '>', order: 'ASC' },
    { than: '<', order: 'DESC' },
  ]) {
    const ordered = `ORDER BY ${keys.map((key) => `${key} ${order}`).join(', ')} LIMIT 1`;
    const beyond = `(${keys.join(', ')}) ${than} (${keys.map(() => '?').join(', ')})`;
    let row = readRow(from, `SELECT * FROM ${table} ${ordered}`, []);
    while (row !== null && row !== 'unreadable') {
      const found = row;
      const at = keys.map((key) => found[key] ?? null);
      const name = at.map(String).join(' ');
      if (seen.has(name)) break;
      seen.add(name);
      yield found;
      row = readRow(from, `SELECT * FROM ${table} WHERE ${beyond} ${ordered}`, at);
    }
  }
}

function readRow(
  from: SqliteConnection,
  query: string,
  values: readonly SqliteValue[],
): SqliteRow | null | 'unreadable' {
  try {
    return from.get(query, values);
  } catch {
    return 'unreadable';
  }
}

function repairMasks(db: SqliteConnection): Loss[] {
  const text = db.get('SELECT class_table FROM meta')?.class_table;
  const ignoreId = ignoreIdOf(text);
  db.run('UPDATE steps SET group_id = NULL WHERE group_id NOT IN (SELECT id FROM step_groups)');
  // The image of a mask may be what is gone: without it nobody knows whose the mask is.
  const ids = db.all(
    `SELECT id, name FROM images
     WHERE id IN (SELECT image_id FROM masks UNION SELECT image_id FROM steps) ORDER BY position, name`,
  );
  return ids.flatMap(({ id, name }) => {
    const loss = repairMask(db, Number(id), ignoreId);
    return loss ? [{ ...loss, name: String(name) }] : [];
  });
}

/** Of the stored classes, or the default where they cannot be read. */
function ignoreIdOf(classTable: SqliteValue | undefined): number {
  try {
    return storedJson(classTableSchema, classTable, 'the class table').ignoreId;
  } catch {
    return DEFAULT_IGNORE_ID;
  }
}

/** Rows that belong to an image or a step that is gone. */
function removeOrphans(db: SqliteConnection): void {
  for (let orphans = db.all('PRAGMA foreign_key_check'); orphans.length > 0;) {
    for (const { table, rowid, fkid } of orphans) {
      if (rowid == null) removeKeyedOrphans(db, String(table), Number(fkid));
      else db.run(`DELETE FROM ${String(table)} WHERE rowid = ?`, [rowid]);
    }
    orphans = db.all('PRAGMA foreign_key_check');
  }
}

/** SQLite does not say which rows of a table without row ids they are. */
function removeKeyedOrphans(db: SqliteConnection, table: string, reference: number): void {
  const found = db.all(`PRAGMA foreign_key_list(${table})`).find(({ id }) => Number(id) === reference)!;
  const column = String(found.from);
  db.run(
    `DELETE FROM ${table} WHERE ${column} IS NOT NULL
     AND ${column} NOT IN (SELECT ${String(found.to)} FROM ${String(found.table)})`,
  );
}

/** `street.damaged-20261122-210317.dynaseg`, with its log. */
function keepDamaged(file: string): string {
  const stamp = new Date().toISOString().replace(/\D/g, '');
  const name = basename(file).replace(/(\.[^.]*)?$/, `.damaged-${stamp.slice(0, 8)}-${stamp.slice(8, 14)}$1`);
  const kept = join(dirname(file), name);
  copyFileSync(file, kept);
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${kept}-wal`);
  return name;
}

function recovered(subject: string, losses: readonly Loss[], kept: string): Problem {
  const told = losses.slice(0, TOLD_IMAGES).map(lossText);
  const more = losses.length - told.length;
  if (more > 0) told.push(`${more} more images lost something`);
  return {
    code: 'project.recovered',
    severity: 'note',
    title: 'was damaged and has been repaired',
    subject,
    detail: told.length === 0 ? 'No stroke is lost' : told.join('; '),
    hint: `The damaged file is kept beside it as ${kept}`,
  };
}

function lossText({ name, lostSteps, undoDepth, isPatchwork }: Loss): string {
  if (isPatchwork) return `${name}: strokes in between are lost, look at its mask`;
  const depth =
    undoDepth === null ? '' : `undo reaches ${undoDepth} ${undoDepth === 1 ? 'step' : 'steps'} back`;
  const lost =
    lostSteps === 0
      ? ''
      : lostSteps === 1
        ? 'the last stroke is lost'
        : `the last ${lostSteps} strokes are lost`;
  return `${name}: ${[lost, depth].filter(Boolean).join(', ')}`;
}
