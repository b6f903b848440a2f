import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRegion, encodeRegion } from '#core/disputes/region.ts';
import type { RanModel, RetrainOptions } from '#core/formats/retrainOptions.ts';
import { decodeMaskPng } from '#core/formats/indexedPng.ts';
import { classId, createClassTable } from '#core/labels/classTable.ts';
import { encodePatch, patchBetween } from '#core/mask/patch.ts';
import { readFile } from 'node:fs/promises';
import { ProblemError } from '#core/problem.ts';
import { exportManifestSchema } from './exportManifest.ts';
import { runExport } from './exportRunner.ts';
import { exportSourceOf } from './projectExport.ts';
import { ProjectStore } from './projectStore.ts';
import { createWeigher } from './retrainWeigher.ts';
import { temporaryFolder } from './testing/temporaryFolder.ts';

const WIDTH = 6;
const HEIGHT = 2;
const classTable = createClassTable(['Sky', 'Road', 'Car']);
const side = (id: string): RanModel => ({
  id,
  sha256: `${id}-sha`,
  keepRatio: null,
  sizing: 'square',
  optimise: true,
  map: {},
});
const options: RetrainOptions = {
  teacher: side('teacher'),
  student: side('student'),
  smallestDispute: 1,
  correctedWeight: 3,
};
const ids = (rows: string) => Uint8Array.from(rows.replace(' ', ''), Number);

/** The two disagree on columns 0 and 1, and on columns 3 to 5 of the second row. */
const TEACHER = ids('000000 000000');
const STUDENT = ids('110000 110222');

test('a pack leaves open disputes out, and counts verdicts and strokes more', async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'images'));
  await folder.write('images/A_1.jpg', 'not looked at');
  const store = ProjectStore.open(join(folder.path, 'street.dynaseg'));
  store.syncImages({
    images: [{ name: 'A_1.jpg', bytes: 13, mtimeMs: 1, width: WIDTH, height: HEIGHT, problem: null }],
  });
  store.saveMeta({ folder: join(folder.path, 'images'), classTable });
  const map = (values: Uint8Array) => ({ width: WIDTH, height: HEIGHT, ids: values });
  const commit = (before: Uint8Array, after: Uint8Array, more: object) =>
    store.commitStep({
      imageId: 1,
      width: WIDTH,
      height: HEIGHT,
      label: 'Brush Car',
      origin: null,
      patch: encodePatch(
        patchBetween(map(before), map(after)) ?? { width: WIDTH, height: HEIGHT, bytesPerId: 1, tiles: [] },
      ).slice(),
      ...more,
    });
  const empty = new Uint8Array(WIDTH * HEIGHT).fill(255);
  commit(empty, TEACHER, { origin: { kind: 'teacher', modelId: 'teacher', modelSha256: 'teacher-sha' } });
  const judged = ids('110000 110000');
  const verdict = {
    kind: 'student',
    teacher: { id: 'teacher', sha256: 'teacher-sha' },
    student: { id: 'student', sha256: 'student-sha' },
    teacherClass: classId(0),
    studentClass: classId(1),
    finalClass: classId(1),
    area: 4,
    replaces: null,
    region: encodeRegion(createRegion(Int32Array.of(0, 0, 2, 1, 0, 2))),
  };
  commit(TEACHER, judged, { label: 'Student is right', verdict });
  // The stroke decides one pixel of the dispute that is open, and one that nobody disputes.
  commit(judged, ids('110020 110200'), {});

  const idsOf = (model: RanModel) => Promise.resolve(model.id === 'teacher' ? TEACHER : STUDENT);
  const weigher = createWeigher(store, { classTable, idsOf, options, keepRatio: 0.7 });
  const source = exportSourceOf(store, { projectName: 'street', classTable });
  const out = join(folder.path, 'pack');
  const summary = await runExport(source, { folder: out, format: 'retrain', weigher });
  expect(summary.problems).toEqual([]);
  expect(summary.weighed).toEqual({ open: 1, decided: 1, openPixels: 2, correctedPixels: 6 });
  const pixels = async (name: string) => [...decodeMaskPng(await readFile(join(out, name)), name).ids];
  expect(await pixels('masks/A_1.png')).toEqual([1, 1, 0, 0, 2, 0, 1, 1, 0, 2, 255, 255]);
  expect(await pixels('weights/A_1.png')).toEqual([192, 192, 64, 64, 192, 64, 192, 192, 64, 192, 0, 0]);
  const manifest = exportManifestSchema.parse(JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')));
  expect(manifest.weighed).toEqual({ ...options, weightOne: 64 });
  expect(manifest.images[0]).toMatchObject({
    disputes: { open: 1, decided: 1 },
    pixels: { open: 2, ignored: 0, corrected: 6, plain: 4 },
  });

  // Undone, the stroke and the verdict decide nothing any more.
  store.undo(1);
  store.undo(1);
  const again = createWeigher(store, { classTable, idsOf, options, keepRatio: 0.7 });
  await runExport(source, { folder: out, format: 'retrain', weigher: again });
  expect(await pixels('weights/A_1.png')).toEqual([0, 0, 64, 64, 64, 64, 0, 0, 64, 0, 0, 0]);

  const broken = createWeigher(store, {
    classTable,
    idsOf: () => Promise.reject(new ProblemError({ code: 'model.session', title: 'it does not run' })),
    options,
    keepRatio: null,
  });
  await expect(runExport(source, { folder: out, format: 'retrain', weigher: broken })).rejects.toThrow(
    'it does not run',
  );
  store.close();
});

test('what a model gave a picture is kept by model, settings and content', async () => {
  await using folder = await temporaryFolder();
  const store = ProjectStore.open(join(folder.path, 'street.dynaseg'));
  const ms = { decode: 1, preprocess: 1, inference: 1, postprocess: 1 };
  const model = side('student');
  await store.modelMaps.put(model, { sha256: 'a', ids: STUDENT, facts: { ms, macs: null, gates: null } });
  expect(store.modelMaps.find(model, 'a')).toEqual(STUDENT);
  expect(store.modelMaps.find({ ...model, keepRatio: 0.5 }, 'a')).toBeNull();
  expect(store.modelMaps.find({ ...model, sizing: 'tiles' }, 'a')).toBeNull();
  expect(store.modelMaps.find(model, 'b')).toBeNull();
  store.close();
});
