import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodePatch, patchBetween } from '#core/mask/patch.ts';
import { KEPT_STEPS } from './maskHistory.ts';
import { ProjectStore } from './projectStore.ts';

/* Step n of an image of 64 x 64 pixels paints pixel n, counted modulo 4096, with class n modulo 7. */

const SIZE = { width: 64, height: 64 };
const PIXELS = SIZE.width * SIZE.height;
const LATER = { sync: false };
const ORIGIN = { kind: 'teacher', modelId: 'b0', modelSha256: 'ab' } as const;

let folder: string;
let file: string;
let store: ProjectStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dynaseg-test-'));
  file = join(folder, 'street.dynaseg');
  store = ProjectStore.open(file);
  const image = (name: string) => ({ name, bytes: 1, mtimeMs: 1, ...SIZE, problem: null });
  store.syncImages({ images: Array.from({ length: 20 }, (_, index) => image(`${index}.jpg`)) });
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function reopen(): void {
  store.close();
  store = ProjectStore.open(file);
}

/** The mask after `steps` steps. */
function maskAfter(steps: number): Uint8Array {
  const ids = new Uint8Array(PIXELS).fill(255);
  for (let n = 1; n <= steps; n++) ids[n % PIXELS] = n % 7;
  return ids;
}

/** Commits steps `from` to `to`; durable all at once, in the end. */
function paint(imageId: number, from: number, to: number): void {
  const before = maskAfter(from - 1);
  for (let n = from; n <= to; n++) {
    const after = before.slice();
    after[n % PIXELS] = n % 7;
    const patch = encodePatch(patchBetween({ ...SIZE, ids: before }, { ...SIZE, ids: after })!).slice();
    const origin = n === 1 ? ORIGIN : null;
    store.commitStep({ imageId, ...SIZE, label: `step ${n}`, patch, origin }, LATER);
    before.set(after);
  }
}

test('600 steps are undone one by one and redone, across reopening and other images', () => {
  paint(1, 1, 600);
  for (let cursor = 599; cursor >= 0; cursor--) {
    if (cursor % 150 === 0) reopen();
    if (cursor % 100 === 0) paint(2 + cursor / 100, 1, 1);
    expect(store.undo(1, LATER)).toMatchObject({
      label: `step ${cursor + 1}`,
      history: { cursor, length: 600 },
    });
    if (cursor % 37 === 0) expect(store.openMask(1)!.ids).toEqual(maskAfter(cursor));
  }
  expect(store.undo(1, LATER)).toBeNull();
  for (let cursor = 1; cursor <= 600; cursor++) {
    if (cursor % 150 === 0) reopen();
    expect(store.redo(1, LATER)!.history.cursor).toBe(cursor);
    if (cursor % 37 === 0) expect(store.openMask(1)!.ids).toEqual(maskAfter(cursor));
  }
  expect(store.openMask(1)).toMatchObject({ ids: maskAfter(600), origin: ORIGIN });
}, 120_000);

test('a history is bounded: the oldest steps go, the mask, its origin and the rest of undo stay', async () => {
  const steps = KEPT_STEPS + 300;
  paint(1, 1, steps);
  await store.flush();
  reopen();
  const mask = store.openMask(1)!;
  expect(mask).toMatchObject({
    ids: maskAfter(steps),
    origin: ORIGIN,
    history: { cursor: steps, length: steps },
  });
  let undone = 0;
  while (store.undo(1, LATER)) undone++;
  // The oldest are dropped when a snapshot is written, so a few more may be there.
  expect(undone).toBeGreaterThanOrEqual(KEPT_STEPS);
  expect(undone).toBeLessThan(KEPT_STEPS + 140);
  reopen();
  expect(store.openMask(1)).toMatchObject({
    ids: maskAfter(steps - undone),
    origin: ORIGIN,
    history: { cursor: steps - undone, undoLabel: null },
  });
  expect(store.images()[0]!.hasMask).toBe(true);
  // It goes on from there.
  paint(1, steps - undone + 1, steps - undone + 40);
  reopen();
  expect(store.openMask(1)!.ids).toEqual(maskAfter(steps - undone + 40));
}, 120_000);

test('memory and file stay flat over 2,000 strokes and 200 changes of the image', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = async () => {
    // Buffers that were collected are given back beside the program, which lets them here.
    for (let times = 0; times < 3; times++) {
      collect();
      await sleep(20);
    }
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + external + arrayBuffers;
  };
  const round = (from: number, images: number) => {
    for (let image = 1; image <= images; image++) paint(image, from, from + 9);
    store.tidy();
  };
  const sizes: number[] = [];
  const bytes: number[] = [];
  for (let turn = 0; turn < 10; turn++) {
    round(1 + turn * 10, 20);
    sizes.push(statSync(file).size + (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0));
    bytes.push(await heap());
  }
  // 200 strokes and 20 images per turn: what is kept in memory is one mask, whatever came before.
  const MIB = 1024 * 1024;
  // What was freed is given back a little later, so the least of each half counts.
  expect(Math.min(...bytes.slice(5)) - Math.min(...bytes.slice(0, 5))).toBeLessThan(16 * MIB);
  expect(sizes[9]!).toBeLessThan(8 * MIB);
}, 120_000);
