import { expect, test } from 'vitest';
import { classId, createClassTable, type ClassTable } from '../labels/classTable.ts';
import { seededRandom } from '../mask/seededRandom.ts';
import { ConfusionMatrix } from './confusionMatrix.ts';

const ids = (...values: number[]) => Uint8Array.from(values);

test('counts by true row and predicted column; ignore predicted is unassigned, ignore true is not counted', () => {
  const matrix = new ConfusionMatrix(2);
  //              right  wrong  ignored  no such class  unassigned
  matrix.add(ids(0, 1, 1, 255, 255, 7, 0, 1), ids(0, 1, 0, 0, 255, 0, 255, 2));
  // prettier-ignore
  expect([...matrix.counts]).toEqual([
    1, 0, 1,
    1, 1, 1,
  ]);
  expect(matrix.at(1, 0)).toBe(1);
  expect(matrix.truthTotal(1)).toBe(3);
  expect(matrix.predictedTotal(0)).toBe(2);
});

test('rows follow the class table, whatever its ids', () => {
  const table: ClassTable = {
    classes: [
      { id: classId(300), name: 'a', colour: [0, 0, 0] },
      { id: classId(4), name: 'b', colour: [0, 0, 0] },
    ],
    ignoreId: classId(0),
  };
  const matrix = new ConfusionMatrix(table);
  matrix.add(Uint16Array.of(300, 4, 0), Uint16Array.of(4, 4, 4));
  expect(matrix.ids).toEqual([300, 4]);
  expect([...matrix.counts]).toEqual([0, 1, 0, 0, 1, 0]);
});

test('an ignore index among the classes is not counted', () => {
  const matrix = new ConfusionMatrix(createClassTable(['a', 'b'], classId(1)));
  matrix.add(ids(0, 1), ids(0, 1));
  expect([...matrix.counts]).toEqual([1, 0, 0, 0, 0, 0]);
});

test('the parts add up to the whole, through JSON too', () => {
  const random = seededRandom(51);
  const truth = Uint8Array.from({ length: 999 }, () => random() * 6);
  const predicted = Uint8Array.from({ length: 999 }, () => random() * 6);
  const whole = new ConfusionMatrix(5);
  whole.add(truth, predicted);
  const sum = new ConfusionMatrix(5);
  for (const [from, to] of [
    [0, 100],
    [100, 999],
  ] as const) {
    const part = new ConfusionMatrix(5);
    part.add(truth.subarray(from, to), predicted.subarray(from, to));
    sum.merge(ConfusionMatrix.fromJSON(JSON.parse(JSON.stringify(part))));
  }
  expect(sum.toJSON()).toEqual(whole.toJSON());
});

test('counts above 2^32 stay exact', () => {
  const matrix = ConfusionMatrix.fromJSON({ version: 1, ids: [0], ignoreId: 255, counts: [2 ** 52, 0] });
  matrix.add(ids(0), ids(0));
  expect(matrix.counts[0]).toBe(2 ** 52 + 1);
});

test('bad input is named', () => {
  const matrix = new ConfusionMatrix(2);
  expect(() => matrix.add(ids(0, 1), ids(0))).toThrow(
    '1 predicted pixels cannot be compared with 2 true ones',
  );
  expect(() => matrix.merge(new ConfusionMatrix(3))).toThrow(
    'figures for the class ids 0, 1, 2 (ignore 255) cannot be added to those for 0, 1 (ignore 255)',
  );
  expect(() => ConfusionMatrix.fromJSON({ version: 1, ids: [0], ignoreId: 255, counts: [1] })).toThrow(
    'a confusion matrix of 1 classes has 2 counts, not 1',
  );
  expect(() => ConfusionMatrix.fromJSON({ version: 2 })).toThrow('this is not a confusion matrix');
});
