import { expect, test } from 'vitest';
import {
  addBoundaryCounts,
  boundaryCounts,
  noBoundaryCounts,
  perClassBoundaryF,
  perClassBoundaryIou,
} from './boundary.ts';

/** A digit per pixel; `.` is the ignore index. */
function map(...rows: string[]) {
  const ids = Uint8Array.from(rows.join(''), (pixel) => (pixel === '.' ? 255 : Number(pixel)));
  return { width: rows[0]!.length, height: rows.length, ids };
}
const classes = { ids: [0, 1], ignoreId: 255 };

test('boundary IoU looks at the band along each border alone, the edge of the picture included', () => {
  // Class 1 is 5 x 5 in truth; one erosion leaves its 3 x 3 middle. The prediction lacks the middle pixel.
  const truth = map('11111', '11111', '11111', '11111', '11111');
  const predicted = map('11111', '11111', '11011', '11111', '11111');
  const counts = boundaryCounts(truth, predicted, classes, 1);
  // Truth's band: the outer ring, 16. The prediction's: the ring and the 8 pixels around the hole, 24.
  expect(counts.intersection).toEqual([0, 16]);
  // Class 0: nothing in truth, its one pixel in the prediction.
  expect(counts.union).toEqual([1, 24]);
  expect(perClassBoundaryIou(counts)).toEqual([0, 16 / 24]);
});

test('a wider band holds more', () => {
  const truth = map('11111', '11111', '11111', '11111', '11111');
  expect(boundaryCounts(truth, truth, classes, 2).union).toEqual([0, 24]);
  expect(boundaryCounts(truth, truth, classes, 3).union).toEqual([0, 25]);
});

test('boundary F forgives a border that is no more than the width off', () => {
  const truth = map('000111', '000111');
  const predicted = map('001111', '001111');
  // Borders: truth columns 2 and 3, prediction columns 1 and 2.
  const near = boundaryCounts(truth, predicted, classes, 1);
  expect(near.predicted).toEqual([2, 2]);
  expect(near.predictedMatched).toEqual([2, 2]);
  expect(near.truthMatched).toEqual([2, 2]);
  expect(perClassBoundaryF(near)).toEqual([1, 1]);
  const further = boundaryCounts(truth, map('011111', '011111'), classes, 1);
  // Class 0 at column 0 against column 2, class 1 at column 1 against column 3.
  expect(further.predictedMatched).toEqual([0, 0]);
  expect(perClassBoundaryF(further)).toEqual([0, 0]);
});

test('within the width is the Euclidean distance: a corner at (1, 1) is further than 1', () => {
  const truth = map('100', '000', '000');
  const predicted = map('000', '010', '000');
  expect(boundaryCounts(truth, predicted, classes, 1).predictedMatched[1]).toBe(0);
  expect(boundaryCounts(truth, predicted, classes, 2).predictedMatched[1]).toBe(1);
});

test('ignored pixels belong to no mask, and no border lies along them', () => {
  const truth = map('11..', '11..');
  const predicted = map('1100', '1100');
  const counts = boundaryCounts(truth, predicted, classes, 1);
  expect(counts.intersection).toEqual([0, 4]);
  expect(counts.union).toEqual([0, 4]);
  expect(counts.predicted).toEqual([0, 0]);
  expect(perClassBoundaryIou(counts)).toEqual([null, 1]);
  expect(perClassBoundaryF(counts)).toEqual([null, null]);
});

test('an unassigned prediction is no class, and its border counts for the class beside it', () => {
  const truth = map('1111');
  const predicted = { width: 4, height: 1, ids: new Uint8Array([1, 1, 7, 7]) };
  const counts = boundaryCounts(truth, predicted, classes, 1);
  expect(counts.union).toEqual([0, 4]);
  expect(counts.intersection).toEqual([0, 2]);
  expect(counts.predicted).toEqual([0, 1]);
});

test('counts of pictures add up', () => {
  const truth = map('01');
  const counts = boundaryCounts(truth, truth, classes, 1);
  const sums = noBoundaryCounts(2);
  for (const one of [counts, counts]) addBoundaryCounts(sums, one);
  expect(sums.union).toEqual(counts.union.map((pixels) => pixels * 2));
});

test('maps of other sizes cannot be compared', () => {
  expect(() => boundaryCounts(map('01'), map('0'), classes, 1)).toThrow(
    'a 2 x 1 class map cannot be compared with a 1 x 1 one',
  );
});
