import { deflateSync } from 'node:zlib';
import { evaluationPlanSchema, outputKey, resultKey } from '#core/evaluation/evaluationPlan.ts';
import { imageMetrics } from '#core/evaluation/imageMetrics.ts';
import type { ImageResult } from '#core/evaluation/imageResult.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import { encodePatch, patchBetween } from '#core/mask/patch.ts';
import { ProjectStore } from '../../main/node/projectStore.ts';
import { APPLICATION_ID, migrate } from '../../main/node/projectStore.migrations.ts';
import { SqliteConnection } from '../../main/node/sqliteConnection.ts';

const SIZE = 40;
const NAMES = ['a.jpg', 'city/b.png', 'c.webp'];

const CLASSES = createClassTable(['road', 'sky', 'car']);
export const SHA256 = 'c'.repeat(64);
const TEACHER = {
  modelId: 'm',
  name: 'M',
  role: 'teacher',
  sha256: 'a'.repeat(64),
  keepRatio: null,
} as const;
export const STUDENT = {
  ...TEACHER,
  modelId: 's',
  name: 'S',
  role: 'student',
  sha256: 'b'.repeat(64),
} as const;
export const PLAN = evaluationPlanSchema.parse({ contestants: [TEACHER, STUDENT], settings: {} });
const KEYS = PLAN.contestants.map((contestant, index) => ({
  resultKey: resultKey(PLAN, index),
  outputKey: outputKey(contestant, PLAN.settings),
}));
export const GATE_KEY = { modelSha256: STUDENT.sha256, settings: 'square@file' };
const BOUNDARY = { intersection: [1, 2, 3], union: [4, 5, 600], predicted: [7, 8, 9], predictedMatched: [1, 2, 3], truth: [7, 8, 9], truthMatched: [4, 5, 6] }; // prettier-ignore

const RESULT: ImageResult = {
  version: 1,
  width: SIZE,
  height: SIZE,
  ms: { decode: 1, preprocess: 0.5, inference: 30.25, postprocess: 2 },
  macs: 1e9,
  gates: { neurons: 8, bits: '0f' },
  truth: { confusion: [0, 900, 1, 300, 5, 400], boundary: BOUNDARY },
  calibration: { pixels: [0, 1600], right: [0, 1500], confidence: [0, 300_000] },
  reference: { confusion: [0, 1600], divergence: { sum: 0.25, positions: 100 } },
  worst: { x: 1, y: 2, width: 3, height: 4, area: 9 },
};

/** What an evaluation of two models and a look at a student's gates leave. */
function makeResults(store: ProjectStore): void {
  store.evaluations.createRun('E', PLAN);
  const map = Uint8Array.of(1, ...deflateSync(new Uint8Array(SIZE * SIZE)));
  for (const imageId of [1, 2]) {
    store.evaluations.setHash(imageId, { bytes: 9, mtimeMs: 1, sha256: SHA256 });
    const metrics = imageMetrics(RESULT, null, CLASSES);
    const results = KEYS.map((keys) => ({
      ...keys,
      result: RESULT,
      metrics,
      map: imageId === 1 ? map : null,
    }));
    store.evaluations.put({ imageId, sha256: SHA256, truthKey: 'none/0;255', results });
  }
  store.gates.record(
    GATE_KEY,
    [{ name: 'gate.0.0.ffn', stage: 0, block: 0, kind: 'ffn', neurons: 8, groups: 1 }],
    [{ imageId: 1, sha256: SHA256, bits: Uint8Array.of(5), classPixels: Uint32Array.of(3, 70_000) }],
  );
}

/** A project with three masks of a few steps, one of them undone. */
export function makeProject(file: string): void {
  const store = ProjectStore.open(file);
  try {
    store.saveMeta({ folder: '/nowhere', classTable: CLASSES });
    const images = NAMES.map((name) => ({
      name,
      bytes: 9,
      mtimeMs: 1,
      width: SIZE,
      height: SIZE,
      problem: null,
    }));
    store.syncImages({ images });
    for (const [index] of NAMES.entries()) {
      let ids = new Uint8Array(SIZE * SIZE).fill(255);
      for (let step = 0; step < 3; step++) {
        const next = ids.map((id, at) => (at % (step + 2) === 0 ? step : id));
        const map = (of: Uint8Array) => ({ width: SIZE, height: SIZE, ids: of });
        const patch = encodePatch(patchBetween(map(ids), map(next))!).slice();
        const origin =
          step === 0 ? { kind: 'teacher' as const, modelId: 'm', modelSha256: 'a'.repeat(64) } : null;
        store.commitStep({
          imageId: index + 1,
          width: SIZE,
          height: SIZE,
          label: `step ${step}`,
          patch,
          origin,
        });
        ids = next;
      }
    }
    makeResults(store);
    store.undo(2);
    store.setReview({ imageId: 1, state: 'approved', note: '' });
  } finally {
    store.close();
  }
}

/** The last schema that kept results as JSON: it is migrated when it is opened. */
const AS_JSON = 8;

/** A project of an earlier version, with results of an evaluation. */
export function makeOldProject(file: string): void {
  const db = SqliteConnection.open(file);
  try {
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    migrate(db, 'old', AS_JSON);
    db.run('UPDATE meta SET folder = ?, class_table = ?', ['/nowhere', JSON.stringify(CLASSES)]);
    db.run("INSERT INTO evaluation_keys (id, key) VALUES (1, 'model')");
    for (const [index, name] of NAMES.entries()) {
      db.run(
        `INSERT INTO images (id, name, position, width, height, bytes, mtime_ms) VALUES (?, ?, ?, ${SIZE}, ${SIZE}, 9, 1)`,
        [index + 1, name, index],
      );
      db.run(
        `INSERT INTO evaluation_results (image_id, key_id, sha256, truth_key, metrics, result)
         VALUES (?, 1, ?, 'none/0;255', ?, ?)`,
        [index + 1, SHA256, new Uint8Array(112), JSON.stringify(RESULT)],
      );
    }
  } finally {
    db.close();
  }
}
