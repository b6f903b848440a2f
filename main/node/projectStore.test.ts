import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { classId, createClassTable } from '#core/labels/classTable.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import { applyPatch, decodePatch, encodePatch, patchBetween } from '#core/mask/patch.ts';
import { seededRandom } from '#core/mask/seededRandom.ts';
import type { ListedImage } from './imageFolder.ts';
import type { CommitStepRequest } from './maskHistory.ts';
import { ProjectStore } from './projectStore.ts';

let folder: string;
let file: string;
let store: ProjectStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dynaseg-test-'));
  file = join(folder, 'new', 'street.dynaseg');
  store = ProjectStore.open(file);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function reopen(): void {
  store.close();
  store = ProjectStore.open(file);
}

const image = (name: string, more: Partial<ListedImage> = {}): ListedImage => ({
  name,
  bytes: 10,
  mtimeMs: 1000,
  width: 3,
  height: 1,
  problem: null,
  ...more,
});

const row = (...ids: number[]) => ({ width: ids.length, height: 1, ids: Uint8Array.from(ids) });

/** The step that takes a mask one pixel high from one content to another. */
function step(imageId: number, before: number[], after: number[], label = 'Brush Road'): CommitStepRequest {
  const patch = patchBetween(row(...before), row(...after))!;
  return { imageId, width: before.length, height: 1, label, patch: encodePatch(patch).slice(), origin: null };
}

const EMPTY = [255, 255, 255];

test('a new project knows nothing, and leaves one file', () => {
  expect(store.meta()).toEqual({ folder: null, truthFolder: null, classTable: null, originalClasses: null });
  expect(store.images()).toEqual([]);
  expect(store.readOnly).toBe(false);
  expect(store.notes).toEqual([]);
  store.close();
  expect(readdirSync(join(folder, 'new'))).toEqual(['street.dynaseg']);
  store = ProjectStore.open(file);
});

test('what it is about is kept, part by part', () => {
  const classTable = createClassTable(['Road', 'Car']);
  store.saveMeta({ folder: '/pictures', classTable });
  store.saveMeta({ truthFolder: '/truth' });
  reopen();
  expect(store.meta()).toEqual({
    folder: '/pictures',
    truthFolder: '/truth',
    classTable,
    originalClasses: null,
  });
});

test('images keep their ids and masks by name, also while they are away', () => {
  const problem = { code: 'image.truncated', severity: 'error', title: 'ends early' } as const;
  store.syncImages({ images: [image('a.jpg'), image('b.jpg', { problem })] });
  const [a, b] = store.images();
  store.commitStep(step(b!.id, EMPTY, [1, 255, 255]));
  store.syncImages({ images: [image('c.jpg'), image('a.jpg', { bytes: 11 })] });
  reopen();
  expect(store.images().map(({ name, bytes }) => [name, bytes])).toEqual([
    ['c.jpg', 10],
    ['a.jpg', 11],
  ]);
  expect(store.masksForExport()).toMatchObject([{ name: 'b.jpg', present: false }]);
  store.syncImages({ images: [image('b.jpg', { problem }), image('a.jpg')] });
  expect(store.image(a!.id)).toEqual({ ...image('a.jpg'), id: a!.id, hasMask: false });
  expect(store.image(99)).toBeNull();
  expect(store.images()).toEqual([
    { ...image('b.jpg', { problem }), id: b!.id, hasMask: true },
    { ...image('a.jpg'), id: a!.id, hasMask: false },
  ]);
});

test('a mask, its history and its origin are there again after closing', () => {
  store.syncImages({ images: [image('a.jpg')] });
  const origin = { kind: 'teacher', modelId: 'teacher-b0', modelSha256: 'ab' } as const;
  expect(store.openMask(1)).toBeNull();
  const first = { ...step(1, EMPTY, [0, 0, 1], 'Start from teacher'), origin };
  expect(store.commitStep(first)).toEqual({
    cursor: 1,
    length: 1,
    undoLabel: 'Start from teacher',
    redoLabel: null,
  });
  store.commitStep(step(1, [0, 0, 1], [0, 2, 1]));
  reopen();
  const history = { cursor: 2, length: 2, undoLabel: 'Brush Road', redoLabel: null };
  expect(store.openMask(1)).toEqual({ ...row(0, 2, 1), origin, history });
  expect(store.masksForExport()).toEqual([
    { imageId: 1, name: 'a.jpg', width: 3, height: 1, steps: 2, origin, present: true },
  ]);
});

test('undo and redo move the cursor and give the step; a new step drops what was undone', () => {
  store.syncImages({ images: [image('a.jpg')] });
  const origin = { kind: 'empty', modelId: null, modelSha256: null } as const;
  const first = { ...step(1, EMPTY, [0, 0, 0], 'Fill'), origin };
  const second = step(1, [0, 0, 0], [0, 1, 0], 'Brush Car');
  store.commitStep(first);
  store.commitStep(second);
  expect(store.undo(1)).toEqual({
    patch: second.patch,
    label: 'Brush Car',
    history: { cursor: 1, length: 2, undoLabel: 'Fill', redoLabel: 'Brush Car' },
    origin,
    group: null,
  });
  reopen();
  expect(store.undo(1)).toMatchObject({
    label: 'Fill',
    origin: null,
    history: { cursor: 0, undoLabel: null },
  });
  expect(store.undo(1)).toBeNull();
  expect(store.openMask(1)).toMatchObject({ ids: new Uint8Array(EMPTY), origin: null });
  expect(store.images()[0]!.hasMask).toBe(false);
  expect(store.masksForExport()).toEqual([]);
  expect(store.redo(1)).toMatchObject({ label: 'Fill', origin, history: { cursor: 1, length: 2 } });
  expect(store.commitStep(step(1, [0, 0, 0], [3, 3, 3]))).toMatchObject({ cursor: 2, length: 2 });
  expect(store.redo(1)).toBeNull();
  reopen();
  expect(store.openMask(1)!.ids).toEqual(Uint8Array.of(3, 3, 3));
});

test('the first step of a mask without changes counts: start from empty', () => {
  store.syncImages({ images: [image('a.jpg')] });
  const patch = encodePatch({ width: 3, height: 1, bytesPerId: 1, tiles: [] }).slice();
  store.commitStep({ ...step(1, EMPTY, [0, 0, 0]), patch });
  expect(store.openMask(1)!.ids).toEqual(Uint8Array.from(EMPTY));
  expect(store.images()[0]!.hasMask).toBe(true);
});

test('a mask begins with the ignore index of the class table, in two bytes where ids need them', () => {
  store.saveMeta({ classTable: createClassTable(['Road'], classId(0)) });
  store.syncImages({ images: [image('a.jpg')] });
  const before = { width: 3, height: 1, ids: new Uint16Array(3) };
  const patch = patchBetween(before, { ...before, ids: Uint16Array.of(0, 300, 0) })!;
  store.commitStep({ ...step(1, EMPTY, [0, 0, 0]), patch: encodePatch(patch).slice() });
  store.undo(1);
  reopen();
  expect(store.openMask(1)!.ids).toEqual(new Uint16Array(3));
  store.redo(1);
  expect(store.openMask(1)!.ids).toEqual(Uint16Array.of(0, 300, 0));
});

test('any way through a long history, with reopening, ends where memory says', () => {
  const random = seededRandom(61);
  const size = { width: 70, height: 66 };
  store.syncImages({ images: [image('a.jpg', size), image('b.jpg', size)] });
  const memory = new Map(
    [1, 2].map((id) => [id, { states: [new Uint8Array(70 * 66).fill(255)], cursor: 0 }]),
  );
  const onScreen = new Map<number, ClassIds>([1, 2].map((id) => [id, new Uint8Array(70 * 66).fill(255)]));
  for (let turn = 0; turn < 240; turn++) {
    const imageId = 1 + Math.floor(random() * 2);
    const history = memory.get(imageId)!;
    // Long ways in one direction, so that snapshots are made, undone and dropped.
    const wish = Math.floor(turn / 40) % 2 === 0 ? 0.9 : 0.15;
    const choice = random();
    if (choice < wish || history.cursor === 0) {
      const before = history.states[history.cursor]!;
      const after = before.slice();
      for (let n = 0; n < 5; n++) after[Math.floor(random() * after.length)] = Math.floor(random() * 11);
      const patch = patchBetween({ ...size, ids: before }, { ...size, ids: after })!;
      const request = {
        imageId,
        ...size,
        label: `step ${turn}`,
        patch: encodePatch(patch).slice(),
        origin: null,
      };
      history.states.length = history.cursor + 1;
      history.states.push(after);
      history.cursor++;
      const { cursor, length } = store.commitStep(request);
      expect([cursor, length]).toEqual([history.cursor, history.cursor]);
      applyPatch(onScreen.get(imageId)!, size.width, patch, 'redo');
    } else {
      const direction = random() < 0.85 ? 'undo' : 'redo';
      const moved = direction === 'undo' ? store.undo(imageId) : store.redo(imageId);
      if (moved) {
        history.cursor += direction === 'undo' ? -1 : 1;
        applyPatch(onScreen.get(imageId)!, size.width, decodePatch(moved.patch), direction);
        expect(moved.history.cursor).toBe(history.cursor);
      } else {
        expect([direction, history.cursor]).toEqual(['redo', history.states.length - 1]);
      }
    }
    if (turn % 9 === 0) reopen();
    const expected = history.states[history.cursor]!;
    const stored = store.openMask(imageId);
    expect(stored?.ids.every((id, n) => id === expected[n]) ?? history.cursor === 0).toBe(true);
    expect(onScreen.get(imageId)!.every((id, n) => id === expected[n])).toBe(true);
  }
}, 60_000);

test('what openMask gave may be painted on: the stored mask is another', () => {
  store.syncImages({ images: [image('a.jpg')] });
  store.commitStep(step(1, EMPTY, [0, 0, 0]));
  store.openMask(1)!.ids.fill(9);
  expect(store.openMask(1)!.ids).toEqual(Uint8Array.of(0, 0, 0));
});

test('a step that does not fit is refused, and nothing is stored', () => {
  store.syncImages({ images: [image('a.jpg')] });
  store.commitStep(step(1, EMPTY, [0, 0, 0]));
  const refused: [CommitStepRequest, string][] = [
    [step(7, EMPTY, [1, 1, 1]), 'project file street.dynaseg: has no image 7. Open the folder again'],
    [
      { ...step(1, [0, 0], [1, 1]), width: 2 },
      'mask of a.jpg: an edit of a 2 x 1 mask does not fit the stored 3 x 1 mask',
    ],
    [
      { ...step(1, [0, 0], [1, 1]), width: 3 },
      'mask of a.jpg: an edit of a 2 x 1 mask does not fit a 3 x 1 mask',
    ],
    [
      step(1, [0, 0, 5], [1, 1, 1]),
      'mask of a.jpg: the edit does not begin with the mask that is stored. Open the image again',
    ],
    [
      { ...step(1, [0, 0, 0], [1, 1, 1]), patch: new Uint8Array(3) },
      "mask of a.jpg: the stored edit is damaged. 3 bytes are fewer than its header's 28",
    ],
  ];
  for (const [request, message] of refused) {
    expect(() => store.commitStep(request)).toThrow(expect.objectContaining({ message }));
  }
  expect(store.openMask(1)).toMatchObject({ ids: new Uint8Array(3), history: { cursor: 1, length: 1 } });
  store.commitStep(step(1, [0, 0, 0], [1, 1, 1]));
});
