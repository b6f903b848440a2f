import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRegion, encodeRegion } from '#core/disputes/region.ts';
import { standingVerdicts, type Verdict } from '#core/disputes/verdict.ts';
import type { MaskOrigin } from '#core/ipc/schemas.ts';
import { classId } from '#core/labels/classTable.ts';
import { encodePatch, patchBetween } from '#core/mask/patch.ts';
import { ProjectStore } from './projectStore.ts';

let folder: string;
let store: ProjectStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dynaseg-test-'));
  store = ProjectStore.open(join(folder, 'street.dynaseg'));
  const image = { name: 'a.png', bytes: 1, mtimeMs: 1, width: 3, height: 1, problem: null };
  store.syncImages({ images: [image] });
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function reopen(): void {
  store.close();
  store = ProjectStore.open(join(folder, 'street.dynaseg'));
}

const row = (...ids: number[]) => ({ width: 3, height: 1, ids: Uint8Array.from(ids) });
const TEACHER: MaskOrigin = { kind: 'teacher', modelId: 't', modelSha256: 'a' };
const REGION = encodeRegion(createRegion(Int32Array.from([0, 1, 3])));

function verdict(kind: Verdict['kind'], finalClass: number): Verdict {
  return {
    kind,
    teacher: { id: 't', sha256: 'a' },
    student: { id: 's', sha256: 'b' },
    teacherClass: classId(1),
    studentClass: classId(2),
    finalClass: classId(finalClass),
    area: 2,
    replaces: null,
  };
}

interface Options {
  readonly origin?: MaskOrigin;
  readonly verdict?: Verdict;
}

function commit(before: number[], after: number[], { origin, verdict: given }: Options = {}): void {
  const changed = patchBetween(row(...before), row(...after));
  const patch = changed ?? { width: 3, height: 1, bytesPerId: 1, tiles: [] };
  store.commitStep({
    imageId: 1,
    width: 3,
    height: 1,
    label: 'Step',
    patch: encodePatch(patch).slice(),
    origin: origin ?? null,
    verdict: given && { ...given, region: REGION },
  });
}

const standing = (): string[] =>
  store.verdicts().flatMap((image) => standingVerdicts(image).map((one) => one.verdict.kind));

test('a verdict is stored with its step, and undone and redone with it', () => {
  commit([255, 255, 255], [1, 1, 1], { origin: TEACHER });
  commit([1, 1, 1], [1, 2, 2], { verdict: verdict('student', 2) });
  reopen();
  expect(store.verdicts()).toEqual([
    {
      ...{ imageId: 1, cursor: 2, starts: [1], renumberings: [] },
      verdicts: [{ seq: 2, verdict: verdict('student', 2) }],
    },
  ]);
  expect(store.verdictRegions(1)).toEqual([{ seq: 2, region: REGION }]);
  store.undo(1);
  reopen();
  expect(standing()).toEqual([]);
  store.redo(1);
  expect(standing()).toEqual(['student']);
});

test('a verdict that changes no pixel is a step too', () => {
  commit([255, 255, 255], [1, 1, 1], { origin: TEACHER });
  commit([1, 1, 1], [1, 1, 1], { verdict: verdict('teacher', 1) });
  expect(store.openMask(1)?.history).toMatchObject({ cursor: 2, length: 2 });
  expect(standing()).toEqual(['teacher']);
});

test('a verdict that was undone is forgotten with the next step', () => {
  commit([255, 255, 255], [1, 1, 1], { origin: TEACHER });
  commit([1, 1, 1], [1, 2, 2], { verdict: verdict('student', 2) });
  store.undo(1);
  commit([1, 1, 1], [0, 1, 1]);
  expect(store.verdicts()).toEqual([]);
  expect(store.verdictRegions(1)).toEqual([]);
});

test('a mask that is started over takes its verdicts with it, and undo brings them back', () => {
  commit([255, 255, 255], [1, 1, 1], { origin: TEACHER });
  commit([1, 1, 1], [1, 2, 2], { verdict: verdict('student', 2) });
  commit([1, 2, 2], [1, 1, 1], { origin: TEACHER });
  expect(standing()).toEqual([]);
  store.undo(1);
  expect(standing()).toEqual(['student']);
});

test('merged classes are merged in the verdicts before, as long as the merge is not undone', async () => {
  commit([255, 255, 255], [1, 1, 1], { origin: TEACHER });
  commit([1, 1, 1], [1, 2, 2], { verdict: verdict('student', 2) });
  const finals = (): number[] =>
    store.verdicts().flatMap((image) => standingVerdicts(image).map((one) => one.verdict.finalClass));
  const patch = patchBetween(row(1, 2, 2), row(1, 5, 5))!;
  const renumbers = [[classId(2), classId(5)]] as const;
  await store.applyPatches({ label: 'Merge', patches: [{ imageId: 1, patch }], renumbers });
  reopen();
  expect(finals()).toEqual([5]);
  store.undo(1);
  expect(finals()).toEqual([2]);
  store.redo(1);
  expect(finals()).toEqual([5]);
  store.undo(1);
  commit([1, 2, 2], [0, 2, 2]);
  expect(finals()).toEqual([2]);
});
