import { ProblemError } from '#core/problem.ts';
import type { SqliteConnection, SqliteRow, SqliteValue } from './sqliteConnection.ts';

/** How many ids in a row may be unreadable before the rest of a table is given up. */
const LONGEST_GAP = 2 ** 20;
/** So many of them are looked at one by one: a page has fewer rows, and what lies between two damaged ones is found. */
const CLOSE_LOOK = 256;

/**
 * Copies every row of a table that can be read of a damaged database into a whole one, within a transaction; what the
 * table does not allow is left out.
 */
export function copyRows(from: SqliteConnection, to: SqliteConnection, table: string): void {
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
