import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { classId, createClassTable, type ClassTable } from '#core/labels/classTable.ts';
import { encodePatch, patchBetween } from '#core/mask/patch.ts';
import type { ImagePatch } from './maskHistory.ts';
import { ProjectStore } from './projectStore.ts';

/* Steps over several masks: images 1 to 4 have two pixels each. */

const TABLE = createClassTable(['Sky', 'Tree', 'Bush']);
const MERGED: ClassTable = { ...TABLE, classes: TABLE.classes.slice(0, 2) };
const TREE = 1;
const BUSH = 2;
const LABEL = 'Merge Bush into Tree';

let folder: string;
let file: string;
let store: ProjectStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dynaseg-test-'));
  file = join(folder, 'street.dynaseg');
  store = ProjectStore.open(file);
  store.saveMeta({ classTable: TABLE });
  const image = (name: string) => ({ name, bytes: 1, mtimeMs: 1, width: 2, height: 1, problem: null });
  store.syncImages({ images: ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'].map(image) });
  for (const id of [1, 2, 3]) paint(id, [255, 255], [id === 3 ? TREE : BUSH, 0]);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function reopen(): void {
  store.close();
  store = ProjectStore.open(file);
}

const row = (...ids: number[]) => ({ width: ids.length, height: 1, ids: Uint8Array.from(ids) });

function paint(imageId: number, before: number[], after: number[]): void {
  const patch = encodePatch(patchBetween(row(...before), row(...after))!).slice();
  store.commitStep({ imageId, width: 2, height: 1, label: 'Brush', patch, origin: null });
}

const pixels = (imageId: number) => [...(store.openMask(imageId)?.ids ?? [])];
const names = () => store.meta().classTable!.classes.map(({ name }) => name);

/** Bush becomes Tree in every mask that has it, each made when it is asked for. */
function* merge(): Generator<ImagePatch> {
  for (const { imageId } of store.masksForExport()) {
    const mask = store.openMask(imageId)!;
    const ids = mask.ids.map((id) => (id === BUSH ? TREE : id));
    const patch = patchBetween(mask, { ...mask, ids });
    if (patch) yield { imageId, patch };
  }
}

const applyMerge = () => store.applyPatches({ label: LABEL, patches: merge(), classTable: MERGED });

test('many masks and the classes change in one step, and go back and forth in one', async () => {
  expect(await applyMerge()).toEqual([1, 2]);
  reopen();
  expect([pixels(1), pixels(2), pixels(3)]).toEqual([
    [TREE, 0],
    [TREE, 0],
    [TREE, 0],
  ]);
  expect(names()).toEqual(['Sky', 'Tree']);
  const moved = store.undo(2);
  expect(moved).toMatchObject({
    label: LABEL,
    history: { cursor: 1, length: 2, redoLabel: LABEL },
    group: {
      masks: [
        { imageId: 1, hasMask: true },
        { imageId: 2, hasMask: true },
      ],
      classTable: TABLE,
    },
  });
  expect([pixels(1), pixels(2), names()]).toEqual([
    [BUSH, 0],
    [BUSH, 0],
    ['Sky', 'Tree', 'Bush'],
  ]);
  reopen();
  expect(store.redo(1)).toMatchObject({ label: LABEL, group: { classTable: MERGED } });
  expect([pixels(1), pixels(2), names()]).toEqual([
    [TREE, 0],
    [TREE, 0],
    ['Sky', 'Tree'],
  ]);
});

test('a step over one mask says nothing of others', () => {
  expect(store.undo(1)).toMatchObject({ group: null });
});

test('masks may be started by it, and are gone when it is undone', async () => {
  const patch = patchBetween(row(255, 255), row(0, 0))!;
  const origin = { kind: 'student', modelId: 's', modelSha256: null } as const;
  await store.applyPatches({ label: 'Start all', patches: [{ imageId: 4, patch, origin }] });
  expect(store.openMask(4)).toMatchObject({ origin, history: { cursor: 1 } });
  expect(store.images()[3]!.hasMask).toBe(true);
  expect(store.undo(4)!.group!.masks).toEqual([{ imageId: 4, hasMask: false }]);
  expect(store.images()[3]!.hasMask).toBe(false);
});

test('one of its masks was edited since: it says which, and changes nothing', async () => {
  await applyMerge();
  paint(2, [TREE, 0], [TREE, TREE]);
  expect(() => store.undo(1)).toThrow(
    expect.objectContaining({
      message: `mask of a.jpg: "${LABEL}" changed several masks, and b.jpg was edited since. Undo the edits there first`,
    }),
  );
  expect([pixels(1), pixels(2), names()]).toEqual([
    [TREE, 0],
    [TREE, TREE],
    ['Sky', 'Tree'],
  ]);
  store.undo(2);
  store.undo(1);
  expect([pixels(1), pixels(2)]).toEqual([
    [BUSH, 0],
    [BUSH, 0],
  ]);
});

test('undone, and one of its masks goes on: it cannot be redone in any', async () => {
  await applyMerge();
  store.undo(1);
  paint(1, [BUSH, 0], [0, 0]);
  expect(store.redo(2)).toBeNull();
  expect(store.openMask(2)!.history).toEqual({ cursor: 1, length: 1, undoLabel: 'Brush', redoLabel: null });
  paint(2, [BUSH, 0], [BUSH, TREE]);
  reopen();
  expect([pixels(1), pixels(2)]).toEqual([
    [0, 0],
    [BUSH, TREE],
  ]);
});

test('what fails in the middle leaves every mask and the classes as they were', async () => {
  const patches = function* (): Generator<ImagePatch> {
    yield* merge();
    yield { imageId: 3, patch: patchBetween(row(7, 7), row(8, 8))! };
  };
  await expect(store.applyPatches({ label: LABEL, patches: patches(), classTable: MERGED })).rejects.toThrow(
    'mask of c.jpg: the edit does not begin with the mask that is stored. Open the image again',
  );
  expect([pixels(1), pixels(2), pixels(3), names()]).toEqual([
    [BUSH, 0],
    [BUSH, 0],
    [TREE, 0],
    ['Sky', 'Tree', 'Bush'],
  ]);
  expect(store.openMask(1)!.history).toMatchObject({ cursor: 1, length: 1 });
});

test('cancelled in the middle, nothing is changed', async () => {
  const abort = new AbortController();
  const patches = function* (): Generator<ImagePatch> {
    for (const patch of merge()) {
      yield patch;
      abort.abort();
    }
  };
  const { signal } = abort;
  await expect(store.applyPatches({ label: LABEL, patches: patches(), signal })).rejects.toThrow('aborted');
  expect([pixels(1), pixels(2)]).toEqual([
    [BUSH, 0],
    [BUSH, 0],
  ]);
});

test('until it is stored, other changes are refused and nothing of it is on the disk', async () => {
  const done = applyMerge();
  await new Promise((resolve) => setImmediate(resolve));
  expect(() => paint(3, [TREE, 0], [0, 0])).toThrow(
    'project file street.dynaseg: a change of many masks is being stored. Wait until it is done, then try again',
  );
  const seen = ProjectStore.open(file, { readOnly: true });
  expect(seen.openMask(1)!.ids).toEqual(Uint8Array.of(BUSH, 0));
  seen.close();
  await done;
  paint(3, [TREE, 0], [0, 0]);
});

test('a class that was renamed since keeps its name when the merge is undone', async () => {
  await applyMerge();
  const [sky, ...rest] = MERGED.classes;
  store.saveMeta({ classTable: { ...MERGED, classes: [{ ...sky!, name: 'Clouds' }, ...rest] } });
  store.undo(1);
  expect(names()).toEqual(['Clouds', 'Tree', 'Bush']);
  expect(store.meta().classTable!.ignoreId).toBe(classId(255));
});
