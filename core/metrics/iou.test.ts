import { expect, test } from 'vitest';
import { ConfusionMatrix } from './confusionMatrix.ts';
import {
  classShare,
  countedPixels,
  meanIou,
  perClassF1,
  perClassIou,
  perClassPrecision,
  perClassRecall,
  pixelAccuracy,
} from './iou.ts';

/** Rows: true class; last column: unassigned. */
function matrixOf(...rows: number[][]): ConfusionMatrix {
  const ids = rows.map((_, index) => index);
  return ConfusionMatrix.fromJSON({ version: 1, ids, ignoreId: 255, counts: rows.flat() });
}

// Class 2 is in neither; class 3 is only predicted.
// prettier-ignore
const MATRIX = matrixOf(
  [6, 2, 0, 1, 1],
  [3, 7, 0, 0, 0],
  [0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0],
);

test('IoU: true positives over the union, unassigned in it; null without a union', () => {
  expect(perClassIou(MATRIX)).toEqual([6 / (10 + 9 - 6), 7 / (10 + 9 - 7), null, 0]);
});

test('mean IoU is over the classes that have one', () => {
  expect(meanIou(MATRIX)).toBeCloseTo((6 / 13 + 7 / 12 + 0) / 3, 15);
  expect(meanIou(matrixOf([0, 0]))).toBeNull();
});

test('precision, recall, F1', () => {
  expect(perClassPrecision(MATRIX)).toEqual([6 / 9, 7 / 9, null, 0]);
  expect(perClassRecall(MATRIX)).toEqual([0.6, 0.7, null, null]);
  expect(perClassF1(MATRIX)).toEqual([12 / 19, 14 / 19, null, 0]);
});

test('pixel accuracy and class shares', () => {
  expect(countedPixels(MATRIX)).toBe(20);
  expect(pixelAccuracy(MATRIX)).toBe(13 / 20);
  expect(classShare(MATRIX)).toEqual([0.5, 0.5, 0, 0]);
  expect(pixelAccuracy(matrixOf([0, 0]))).toBeNull();
  expect(classShare(matrixOf([0, 0]))).toEqual([null]);
});
