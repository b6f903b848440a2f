import { expect, test } from 'vitest';
import { driveOf, splitImages } from './splitImages.ts';

const names = ['day/A_1.jpg', 'A_2.jpg', 'B_1.jpg', 'B_2.jpg', 'C_1.jpg', 'C_2.jpg', 'C_3.jpg', 'C_4.jpg'];

test('the drive is the name up to the first underscore', () => {
  expect(names.map(driveOf)).toEqual(['A', 'A', 'B', 'B', 'C', 'C', 'C', 'C']);
  expect(driveOf('frame.png')).toBe('frame');
});

test('without a split all images are for training', () => {
  expect(new Set(splitImages(names, { by: 'none', valShare: 0.5, seed: 1 }))).toEqual(new Set(['train']));
  expect(new Set(splitImages(names, { by: 'drive', valShare: 0, seed: 1 }))).toEqual(new Set(['train']));
});

test('a share of the images, by the seed and not by their order', () => {
  const split = splitImages(names, { by: 'random', valShare: 0.25, seed: 3 });
  expect(split.filter((part) => part === 'val')).toHaveLength(2);
  expect(splitImages([...names].reverse(), { by: 'random', valShare: 0.25, seed: 3 })).toEqual(
    [...split].reverse(),
  );
  const seeds = [1, 2, 3, 4].map((seed) => splitImages(names, { by: 'random', valShare: 0.25, seed }).join());
  expect(new Set(seeds).size).toBeGreaterThan(1);
});

test.each([1, 2, 3, 4, 5])('whole drives, and one is left to train on (seed %i)', (seed) => {
  for (const valShare of [0.1, 0.5, 1]) {
    const split = splitImages(names, { by: 'drive', valShare, seed });
    const val = new Set(names.filter((_, index) => split[index] === 'val').map(driveOf));
    const train = new Set(names.filter((_, index) => split[index] === 'train').map(driveOf));
    expect([...val].filter((drive) => train.has(drive))).toEqual([]);
    expect(val.size).toBeGreaterThan(0);
    expect(train.size).toBeGreaterThan(0);
  }
});

test('a folder of one drive has nothing to validate on', () => {
  expect(splitImages(['A_1.jpg', 'A_2.jpg'], { by: 'drive', valShare: 0.5, seed: 1 })).toEqual([
    'train',
    'train',
  ]);
});
