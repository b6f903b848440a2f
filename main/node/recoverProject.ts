import { randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { classTableSchema, DEFAULT_IGNORE_ID } from '#core/labels/classTable.ts';
import type { Problem } from '#core/problem.ts';
import { APPLICATION_ID, migrate } from './projectStore.migrations.ts';
import { readFileParts } from './readFileParts.ts';
import { copyRows } from './copyRows.ts';
import { repairMask, type MaskLoss } from './repairMask.ts';
import { SqliteConnection, type SqliteValue } from './sqliteConnection.ts';
import { storedJson } from './storedValue.ts';

/** How many images a message tells of. */
const TOLD_IMAGES = 5;
/** How many times its size a file may have had before it was cut off. */
const MOST_CUT = 64;
const HEADER_BYTES = 100;
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
  const header = headerOf(copy);
  const stated = header.getUint16(PAGE_SIZE_AT);
  const pageSize = stated === 1 ? 65536 : stated;
  const bytes = pageSize * header.getUint32(PAGE_COUNT_AT);
  const { size } = statSync(copy);
  if (bytes <= size) return;
  if (bytes < MOST_CUT * size) truncateSync(copy, bytes);
  else writePageCount(copy, Math.floor(size / pageSize));
}

/** It is the number of pages that is damaged. */
function writePageCount(copy: string, pages: number): void {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(pages);
  const file = openSync(copy, 'r+');
  try {
    writeSync(file, bytes, 0, bytes.length, PAGE_COUNT_AT);
  } finally {
    closeSync(file);
  }
}

/** Not read as a whole: a file may be larger than memory. */
function headerOf(file: string): DataView {
  const { head } = readFileParts(file, statSync(file).size, { head: HEADER_BYTES, tail: 0 });
  return new DataView(head.buffer, head.byteOffset, HEADER_BYTES);
}

interface Loss extends MaskLoss {
  readonly name: string;
}

/** Copies row by row what can be read; null where that is no image. */
function salvage(copy: string, scratch: string, subject: string): Loss[] | null {
  const version = headerOf(copy).getUint32(USER_VERSION_AT);
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
    // Found again, of the results that are left.
    db.exec('DELETE FROM gate_distances');
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
