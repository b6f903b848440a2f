import { readFileSync, rmSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FuzzRandom } from '#core/fuzz/fuzzRandom.ts';
import { EDGE_NUMBERS, mutateBytes } from '#core/fuzz/mutateBytes.ts';
import { HOSTILE_NAMES, mutateJson } from '#core/fuzz/mutateJson.ts';
import { mutateSqlite } from '#core/fuzz/mutateSqlite.ts';
import { packedBits, unpackCells } from '#core/evaluation/packedResult.ts';
import { FORMAT_IDS } from '#core/formats/maskFormat.ts';
import { runExport } from '../../main/node/exportRunner.ts';
import { openProjectForExport } from '../../main/node/projectExport.ts';
import { ProjectStore } from '../../main/node/projectStore.ts';
import { SqliteConnection, type SqliteValue } from '../../main/node/sqliteConnection.ts';
import { Attempts } from './attempts.ts';
import type { FuzzTarget } from './fuzzKind.ts';
import { GATE_KEY, makeOldProject, makeProject, PLAN, SHA256, STUDENT } from './projectSeeds.ts';

function hostileValue(old: SqliteValue, random: FuzzRandom): SqliteValue {
  if (old instanceof Uint8Array && old.length > 0 && random.chance(70)) return mutateBytes(old, random);
  if (typeof old === 'string' && /^[[{]/.test(old) && random.chance(70)) return mutateJson(old, random);
  if (typeof old === 'number' && random.chance(60)) return old + random.pick([-1, 1, 2, 1000]);
  return random.pick<SqliteValue>([
    ...HOSTILE_NAMES,
    ...HOSTILE_NAMES,
    ...EDGE_NUMBERS,
    -1,
    0.5,
    null,
    '',
    'not JSON',
    new Uint8Array(3),
  ]);
}

/** A whole database with one to three values that no studio wrote. */
function changeValues(file: string, random: FuzzRandom): void {
  const db = SqliteConnection.open(file);
  try {
    db.exec('PRAGMA foreign_keys = OFF');
    db.exec('PRAGMA ignore_check_constraints = ON');
    const tables = db
      .all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .map(({ name }) => String(name))
      .filter((name) => Number(db.get(`SELECT count(*) AS n FROM ${name}`)?.n) > 0);
    for (let changes = 1 + random.below(3); changes > 0; changes--) {
      const table = random.chance(40) ? 'images' : random.pick(tables);
      const columns = db.all(`PRAGMA table_info(${table})`).map(({ name }) => String(name));
      const column = table === 'images' && random.chance(60) ? 'name' : random.pick(columns);
      const key = table === 'evaluation_figures' ? 'key_id * 1000 + image_id' : 'rowid';
      const rows = db.all(`SELECT ${key} AS at_row, ${column} AS old FROM ${table}`);
      if (rows.length === 0) continue;
      const row = random.pick(rows);
      try {
        const value = hostileValue(row.old ?? null, random);
        db.run(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`, [value, row.at_row ?? null]);
      } catch {
        // What SQLite itself does not take is in no file.
      }
    }
  } finally {
    db.close();
  }
}

function readAll(store: ProjectStore, attempts: Attempts): Promise<void>[] {
  const reads: (() => unknown)[] = [
    () => store.images(),
    () => store.meta(),
    () => store.reviews(),
    () => store.verdicts(),
    () => store.masksForExport(),
    () => store.evaluations.runs(),
    () => [...store.evaluations.hashes(1)],
    () => store.evaluations.correctedMasks(),
    () => [...store.evaluations.listed([1, 2], 1)],
    () => store.evaluations.results([1, 2, 3], [1, 2, 3, 4]),
    () => [...store.evaluations.pieces(1, 'truthCells', 1)].flat().map(({ bytes }) => unpackCells(bytes)),
    () => [...store.evaluations.pieces(1, 'gates', 1)].flat().map(({ bytes }) => packedBits(bytes)),
    () => store.evaluations.resultOfContent(SHA256, 1),
    () => store.modelMaps.find({ ...STUDENT, ...PLAN.settings, id: 's', map: {} }, SHA256),
    () => store.gates.list(GATE_KEY),
    ...[1, 2, 3].flatMap((id) => [
      () => store.openMask(id),
      () => store.verdictRegions(id),
      () => store.maskSteps(id),
    ]),
  ];
  if (!store.readOnly)
    reads.push(
      () => store.undo(1),
      () => store.redo(2),
      () => store.tidy(),
    );
  return reads.map((read) => attempts.read(read));
}

/** Opened for writing, to be read or to be repaired; read as a whole; exported in one of the formats. */
export function projectTarget(): FuzzTarget {
  let newest = new Uint8Array();
  let old = newest;
  return {
    prepare(folder) {
      const file = join(folder, 'seed.dynaseg');
      makeProject(file);
      newest = new Uint8Array(readFileSync(file));
      rmSync(file);
      makeOldProject(file);
      old = new Uint8Array(readFileSync(file));
    },
    async run(random, folder) {
      const place = join(folder, 'projects');
      await rm(place, { recursive: true, force: true });
      await mkdir(place);
      const file = join(place, 'p.dynaseg');
      const whole = random.chance(50);
      const seed = random.chance(85) ? newest : old;
      await writeFile(file, whole ? seed : mutateSqlite(seed, random));
      if (whole) changeValues(file, random);
      const attempts = new Attempts();
      await attempts.read(async () => {
        const store = ProjectStore.open(file, random.pick([{}, { readOnly: true }, { repair: true }]));
        try {
          await Promise.all(readAll(store, attempts));
        } finally {
          await attempts.read(() => store.close());
        }
      });
      await attempts.read(async () => {
        const { source, close } = await openProjectForExport(file, place);
        try {
          await runExport(source, {
            folder: join(place, 'out'),
            format: random.pick(FORMAT_IDS),
            writeFile: (path, content) => writeFile(path, content),
          });
        } finally {
          close();
        }
      });
      return attempts.accepted;
    },
  };
}
