import { expect, test } from 'vitest';
import { DEFAULT_RUN_SETTINGS } from '#core/inference/runSettings.ts';
import { createClassTable } from '#core/labels/classTable.ts';
import type { ModelRun } from '../store/useResults.ts';
import { ResultCache } from './resultCache.ts';

/** A result of `bytes` bytes. */
const run = (bytes: number): ModelRun => ({
  imageId: 1,
  modelId: 'm',
  modelSha256: 'm',
  classMap: { width: bytes - 8, height: 1, ids: new Uint8Array(bytes - 8) },
  table: createClassTable(['Sky', 'Road']),
  logits: { logits: new Float32Array(2), classes: 2, height: 1, width: 1 },
  timings: { decode: 0, preprocess: 0, inference: 0, postprocess: 0 },
  macs: null,
  uncounted: [],
  parameters: null,
  backend: 'wasm',
  inputWidth: 4,
  inputHeight: 4,
  tiles: 1,
  gates: null,
  cold: false,
  settings: DEFAULT_RUN_SETTINGS,
});

test('what was asked for longest ago goes first, and never more than the budget is held', () => {
  const cache = new ResultCache(300);
  cache.put('a', run(100));
  cache.put('b', run(100));
  cache.put('c', run(100));
  expect(cache.get('a')).not.toBeNull();
  cache.put('d', run(150));
  expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key) !== null)).toEqual([true, false, false, true]);
});

test('a result in the place of another counts once', () => {
  const cache = new ResultCache(300);
  for (let round = 0; round < 5; round++) cache.put('a', run(200));
  cache.put('b', run(100));
  expect(cache.get('a')).not.toBeNull();
  expect(cache.get('b')).not.toBeNull();
});

test('one that is larger than the budget is held alone', () => {
  const cache = new ResultCache(300);
  cache.put('a', run(100));
  cache.put('b', run(1000));
  expect([cache.get('a') !== null, cache.get('b') !== null]).toEqual([false, true]);
});
