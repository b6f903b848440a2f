import { expect, test } from 'vitest';
import { vocColour } from './vocColour.ts';

test('the palette of VOC: bits 0, 1 and 2 of an id go to red, green and blue, the highest bit first', () => {
  expect([0, 1, 2, 3, 4, 7, 8, 15, 20, 255].map(vocColour)).toEqual([
    [0, 0, 0],
    [128, 0, 0],
    [0, 128, 0],
    [128, 128, 0],
    [0, 0, 128],
    [128, 128, 128],
    [64, 0, 0],
    [192, 128, 128],
    [0, 64, 128],
    [224, 224, 192],
  ]);
  expect(new Set(Array.from({ length: 256 }, (_, id) => vocColour(id).join())).size).toBe(256);
});
