import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixtureListing, fixtureStep } from './projectFixture.ts';
import { ProjectStore } from './projectStore.ts';
import { temporaryFolder, type TemporaryFolder } from './testing/temporaryFolder.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

function open(readOnly = false): ProjectStore {
  const store = ProjectStore.open(join(folder.path, 'p.dynaseg'), { readOnly });
  if (!readOnly) store.syncImages(fixtureListing);
  return store;
}

describe('review states', () => {
  it('are kept, with a note for a rejected image alone', () => {
    const store = open();
    expect(store.reviews()).toEqual([]);
    expect(store.setReview({ imageId: 1, state: 'rejected', note: ' the pole is cut ' })).toEqual({
      imageId: 1,
      state: 'rejected',
      note: 'the pole is cut',
    });
    store.close();
    const again = open();
    expect(again.reviews()).toEqual([{ imageId: 1, state: 'rejected', note: 'the pole is cut' }]);
    again.setReview({ imageId: 1, state: 'done', note: 'not kept' });
    expect(again.reviews()).toEqual([{ imageId: 1, state: 'done', note: '' }]);
    again.setReview({ imageId: 1, state: 'todo', note: '' });
    expect(again.reviews()).toEqual([]);
    again.close();
  });

  it('begin with the first step, and an approval ends with one', () => {
    const store = open();
    store.commitStep(fixtureStep(1));
    expect(store.reviewAfterEdit(1)).toEqual({ imageId: 1, state: 'work', note: '' });
    expect(store.reviewAfterEdit(1)).toBeNull();
    store.setReview({ imageId: 1, state: 'approved', note: '' });
    expect(store.reviewAfterEdit(1)?.state).toBe('done');
    store.close();
  });

  it('are of images that exist, in a project that can be written', () => {
    const store = open();
    expect(() => store.setReview({ imageId: 7, state: 'done', note: '' })).toThrow(
      'project file p.dynaseg: has no image 7. Open the folder again',
    );
    store.close();
    const reader = open(true);
    expect(() => reader.setReview({ imageId: 1, state: 'done', note: '' })).toThrow(
      'project file p.dynaseg: open read-only, so the edit was not stored',
    );
    reader.close();
  });
});
