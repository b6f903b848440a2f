import { expect, it } from 'vitest';
import { createClassTable } from './classTable.ts';
import { countByClass, previewMerge, type ClassUsage } from './classUsage.ts';

const table = createClassTable(['Sky', 'Pole', 'Fence']);
const usage: ClassUsage = {
  masks: [
    [
      [0, 10],
      [1, 2],
    ],
    [
      [1, 3],
      [2, 7],
      [255, 1],
    ],
    [[0, 4]],
  ],
};

it('counts images and pixels of each value', () => {
  expect([...countByClass(usage)]).toEqual([
    [0, { images: 2, pixels: 14 }],
    [1, { images: 2, pixels: 5 }],
    [2, { images: 1, pixels: 7 }],
    [255, { images: 1, pixels: 1 }],
  ]);
});

it('says what a merge changes: an image with both classes is one image', () => {
  expect(previewMerge(usage, table, { sources: [1], target: 2 })).toEqual({
    sources: [{ id: 1, name: 'Pole', images: 2, pixels: 5 }],
    images: 2,
    pixels: 5,
    before: { images: 1, pixels: 7 },
    after: { images: 2, pixels: 12 },
  });
  expect(previewMerge(usage, table, { sources: [0, 1], target: 255 })).toMatchObject({
    images: 3,
    pixels: 19,
    after: { images: 3, pixels: 20 },
  });
});
