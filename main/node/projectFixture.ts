import { encodePatch, patchBetween } from '#core/mask/patch.ts';
import type { CommitStepRequest } from './maskHistory.ts';
import type { ProjectStore } from './projectStore.ts';

/*
 * For the tests of the project file: an edit of which every state can be told, in this process and in the ones
 * that are killed.
 */

const SIZE = 64;

export const fixtureListing = {
  images: [{ name: 'a.jpg', bytes: 1, mtimeMs: 1, width: SIZE, height: SIZE, problem: null }],
};

/** Step n, 1 to 4096, paints pixel n - 1 of the first image with class 1. */
export function fixtureStep(n: number): CommitStepRequest {
  const before = { width: SIZE, height: SIZE, ids: new Uint8Array(SIZE * SIZE).fill(255) };
  before.ids.fill(1, 0, n - 1);
  const after = { ...before, ids: before.ids.slice().fill(1, 0, n) };
  const patch = encodePatch(patchBetween(before, after)!).slice();
  return { imageId: 1, width: SIZE, height: SIZE, label: `step ${n}`, patch, origin: null };
}

/** How many steps a store has; NaN where its mask is not exactly that of these steps. */
export function countFixtureSteps(store: ProjectStore): number {
  const mask = store.openMask(1);
  if (!mask) return 0;
  const { cursor, length } = mask.history;
  const isExact = mask.ids.every((id, n) => id === (n < cursor ? 1 : 255));
  return isExact && cursor === length ? cursor : NaN;
}
