import { expect, test } from 'vitest';
import { ConfusionMatrix } from './confusionMatrix.ts';
import { frequencyWeightedIou } from './iou.ts';
import { normaliseConfusion } from './normaliseConfusion.ts';

/** True 0: two right, one called 1, one unassigned. True 1: one right. Class 2 is absent. */
function matrix(): ConfusionMatrix {
  const counted = new ConfusionMatrix(3);
  counted.add(new Uint8Array([0, 0, 0, 0, 1, 255]), new Uint8Array([0, 0, 1, 255, 1, 0]));
  return counted;
}

test('by rows: what became of each class', () => {
  expect([...normaliseConfusion(matrix(), 'rows')]).toEqual([0.5, 0.25, 0, 0.25, 0, 1, 0, 0, 0, 0, 0, 0]);
});

test('by columns: what is behind each prediction', () => {
  expect([...normaliseConfusion(matrix(), 'columns')]).toEqual([1, 0.5, 0, 1, 0, 0.5, 0, 0, 0, 0, 0, 0]);
});

test('frequency-weighted IoU: 4/5 of the pixels at 1/2, 1/5 at 1/2', () => {
  expect(frequencyWeightedIou(matrix())).toBeCloseTo(0.5, 12);
  expect(frequencyWeightedIou(new ConfusionMatrix(2))).toBeNull();
});
