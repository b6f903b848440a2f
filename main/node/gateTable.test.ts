import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { GatedLayer } from '#core/gates/gateLayout.ts';
import { fixtureListing } from './projectFixture.ts';
import { ProjectStore } from './projectStore.ts';
import { temporaryFolder, type TemporaryFolder } from './testing/temporaryFolder.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

const key = { modelSha256: 'a'.repeat(64), settings: 'square@file' };
const layers: GatedLayer[] = [
  { name: 'gate.0.0.ffn', stage: 0, block: 0, kind: 'ffn', neurons: 8, groups: 1 },
];
const gatesOf = (imageId: number, bits: number) => ({
  imageId,
  sha256: 'b'.repeat(64),
  bits: Uint8Array.of(bits),
  classPixels: Uint32Array.of(3, 70_000),
});

function open(listing = fixtureListing): ProjectStore {
  const store = ProjectStore.open(join(folder.path, 'p.dynaseg'));
  store.syncImages(listing);
  return store;
}

it('keeps the gates of each image by student and settings, the newest alone', () => {
  const store = open();
  expect(store.gates.list(key)).toEqual({ layers: null, images: [] });
  store.gates.record(key, layers, [gatesOf(1, 0b101), gatesOf(99, 1)]);
  store.gates.record(key, layers, [gatesOf(1, 0b110)]);
  store.gates.record({ ...key, settings: 'square@0.5' }, layers, [gatesOf(1, 0b1)]);
  store.close();
  const again = open();
  expect(again.gates.list(key)).toEqual({ layers, images: [gatesOf(1, 0b110)] });
  expect(again.gates.list({ ...key, modelSha256: 'c'.repeat(64) }).images).toEqual([]);
  again.close();
});

it('forgets those of a file that changed, and of one that is gone', () => {
  const store = open();
  store.gates.record(key, layers, [gatesOf(1, 0b101)]);
  store.close();
  const [first, ...rest] = fixtureListing.images;
  const changed = open({ ...fixtureListing, images: [{ ...first!, bytes: first!.bytes + 1 }, ...rest] });
  expect(changed.gates.list(key).images).toEqual([]);
  changed.close();
  const back = open();
  expect(back.gates.list(key).images).toHaveLength(1);
  back.close();
});
