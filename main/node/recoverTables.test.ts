import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { evaluationPlanSchema } from '#core/evaluation/evaluationPlan.ts';
import { IMAGE_METRICS } from '#core/evaluation/imageMetric.ts';
import type { ImageResult } from '#core/evaluation/imageResult.ts';
import { fixtureListing } from './projectFixture.ts';
import { ProjectStore } from './projectStore.ts';
import { SqliteConnection } from './sqliteConnection.ts';
import { temporaryFolder, type TemporaryFolder } from './testing/temporaryFolder.ts';

const result: ImageResult = {
  version: 1,
  width: 4,
  height: 1,
  ms: { decode: 1, preprocess: 0.5, inference: 30.25, postprocess: 2 },
  macs: null,
  gates: null,
  truth: null,
  calibration: null,
  reference: null,
  worst: null,
};
const metrics = Object.fromEntries(IMAGE_METRICS.map((name) => [name, null])) as Record<
  (typeof IMAGE_METRICS)[number],
  null
>;

const GATE_KEY = { modelSha256: 'a', settings: 'square' };

let folder: TemporaryFolder;
let file: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder.path, 'p.dynaseg');
  const store = ProjectStore.open(file);
  const images = [1, 2, 3].map((id) => ({ ...fixtureListing.images[0]!, name: `${id}.png` }));
  store.syncImages({ images });
  for (const imageId of [1, 2, 3]) {
    store.setReview({ imageId, state: 'approved', note: '' });
    const results = [{ resultKey: 'r', outputKey: 'o', result, metrics, map: null }];
    store.evaluations.put({ imageId, sha256: `sha ${imageId}`, truthKey: 't', results });
  }
  const contestants = [{ modelId: 'm', name: 'M', role: 'teacher' as const, sha256: 'a', keepRatio: null }];
  store.evaluations.createRun('E', evaluationPlanSchema.parse({ contestants, settings: {} }));
  store.gates.record(GATE_KEY, [], [{ imageId: 1, sha256: 's', bits: Uint8Array.of(1), classPixels: Uint32Array.of(2, 3) }]); // prettier-ignore
  store.close();
});
afterEach(() => folder[Symbol.asyncDispose]());

/** Where the rows of a table lie that has them all on one page: the offset of each one's row id. */
function rowIdsOf(bytes: Buffer, rootPage: number): number[] {
  const pageSize = bytes.readUInt16BE(16);
  const start = (rootPage - 1) * pageSize;
  const cells = bytes.readUInt16BE(start + 3);
  // Behind a length that is one byte for rows as short as these.
  return Array.from({ length: cells }, (_, cell) => start + bytes.readUInt16BE(start + 8 + 2 * cell) + 1);
}

function changeRowId(table: string, row: number, rowid: number): void {
  const db = SqliteConnection.open(file);
  const page = Number(db.get('SELECT rootpage FROM sqlite_master WHERE name = ?', [table])?.rootpage);
  db.close();
  const bytes = readFileSync(file);
  bytes[rowIdsOf(bytes, page)[row]!] = rowid;
  writeFileSync(file, bytes);
}

const figures = (store: ProjectStore) =>
  [...store.evaluations.listed([store.evaluations.keyId('r')], 10)]
    .flat()
    .map(({ imageId, sha256 }) => [imageId, sha256]);

test('rows that lead round and round are read once', () => {
  changeRowId('reviews', 1, 38);
  const store = ProjectStore.open(file);
  expect(store.notes).toMatchObject([{ code: 'project.recovered', detail: 'No stroke is lost' }]);
  expect(store.reviews().map(({ imageId }) => imageId)).toEqual([1, 3]);
  store.close();
});

test('read-only, a list that leads round and round is told of, not followed', () => {
  changeRowId('images', 1, 38);
  const store = ProjectStore.open(file, { readOnly: true });
  expect(() => store.images()).toThrow(
    'the list of images in the project file cannot be read. row 3 lies behind row 3',
  );
  store.close();
});

test('the figures of evaluations are in a repaired project, those of lost images are not', () => {
  changeRowId('images', 1, 38);
  const store = ProjectStore.open(file);
  expect(store.notes).toMatchObject([{ code: 'project.recovered' }]);
  expect(figures(store)).toEqual([
    [1, 'sha 1'],
    [3, 'sha 3'],
  ]);
  store.close();
});

test('a number of pages that no disk holds is not believed', () => {
  const bytes = readFileSync(file);
  bytes.writeUInt32BE(2 ** 24, 28);
  writeFileSync(file, bytes);
  const store = ProjectStore.open(file);
  expect(store.notes).toMatchObject([{ code: 'project.recovered', detail: 'No stroke is lost' }]);
  expect(store.reviews()).toHaveLength(3);
  store.close();
});

test('a row that its table does not allow is left out, the others are kept', () => {
  const db = SqliteConnection.open(file);
  db.exec('PRAGMA writable_schema = ON');
  db.exec(
    "UPDATE sqlite_master SET sql = replace(sql, 'note TEXT NOT NULL', 'note TEXT') WHERE name = 'reviews'",
  );
  db.close();
  const changed = SqliteConnection.open(file);
  changed.exec('UPDATE reviews SET note = NULL WHERE image_id = 2');
  changed.close();
  const store = ProjectStore.open(file, { repair: true });
  expect(store.reviews().map(({ imageId }) => imageId)).toEqual([1, 3]);
  store.close();
  expect(readdirSync(folder.path).filter((name) => name.includes('.new-'))).toEqual([]);
});

test.each([
  [
    "UPDATE evaluation_runs SET plan = '{'",
    'the plan of an evaluation in the project file cannot be read. it is not JSON',
  ],
  ["UPDATE evaluation_runs SET state = 'x'", 'the state of an evaluation in the project file cannot be read'],
  [
    "UPDATE evaluation_figures SET metrics = 'x'",
    'the figures of an image in the project file cannot be read',
  ],
  [
    "UPDATE evaluation_counts SET details = 'x'",
    'the results of an image in the project file cannot be read',
  ],
  ["UPDATE evaluation_counts SET gates = 'x'", 'the results of an image in the project file cannot be read'],
  ["UPDATE gates SET bits = 'x'", 'the gates of an image in the project file cannot be read'],
  ["UPDATE gates SET class_pixels = 'x'", 'the classes of an image in the project file cannot be read'],
])('%s: says what is senseless', (sql, message) => {
  const db = SqliteConnection.open(file);
  db.exec(sql);
  db.close();
  const store = ProjectStore.open(file);
  const readAll = () => [
    store.evaluations.runs(),
    figures(store),
    store.evaluations.results([1], [store.evaluations.keyId('r')]),
    store.gates.list(GATE_KEY),
  ];
  expect(readAll).toThrow(message);
  store.close();
});

test('figures and counts that were cut off in the middle of a number are those before it', () => {
  const db = SqliteConnection.open(file);
  db.exec("UPDATE evaluation_figures SET metrics = x'000000000000f03f00'");
  db.exec("UPDATE gates SET class_pixels = x'0700000001'");
  db.close();
  const store = ProjectStore.open(file);
  const [page] = [...store.evaluations.listed([store.evaluations.keyId('r')], 10)];
  expect([...page![0]!.metrics[0]!.subarray(0, 2)]).toEqual([1, NaN]);
  expect(store.gates.list(GATE_KEY).images.map(({ classPixels }) => [...classPixels])).toEqual([[7]]);
  store.close();
});
