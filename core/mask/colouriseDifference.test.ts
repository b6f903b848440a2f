import { expect, test } from 'vitest';
import { classId, type ClassTable } from '../labels/classTable.ts';
import type { ClassMap } from './classMap.ts';
import {
  colouriseDifference,
  STUDENT_CLAIM,
  TEACHER_CLAIM,
  type DifferenceOptions,
} from './colouriseDifference.ts';

const TABLE: ClassTable = {
  classes: [
    { id: classId(0), name: 'road', colour: [10, 20, 30] },
    { id: classId(3), name: 'car', colour: [40, 50, 60] },
  ],
  ignoreId: classId(255),
};
const CAR = [40, 50, 60, 255];
const CLEAR = [0, 0, 0, 0];
const MAGENTA = [255, 0, 255, 255];

const row = (...ids: number[]): ClassMap => ({ width: ids.length, height: 1, ids: Uint8Array.from(ids) });

function disputed(teacher: ClassMap, student: ClassMap, options?: DifferenceOptions): number[][] {
  const out = new Uint8ClampedArray(teacher.ids.length * 4).fill(9);
  colouriseDifference(teacher, student, out, options);
  return Array.from(teacher.ids, (_, n) => [...out.subarray(n * 4, n * 4 + 4)]);
}

test('a buffer that does not fit is refused', () => {
  const draw = (options: DifferenceOptions, bytes: number) => () =>
    colouriseDifference(row(0, 3), row(0, 3), new Uint8ClampedArray(bytes), options);
  expect(draw({}, 12)).toThrow('12 bytes are not the RGBA of 2 x 1 pixels');
  const outRect = { x: 0, y: 0, width: 1, height: 1 };
  expect(draw({ outRect }, 4)).toThrow('the rectangle 2 x 1 at 0, 0 is not inside 1 x 1 at 0, 0');
});

test('differences only, in stripes of both claims', () => {
  const teacher = [...TEACHER_CLAIM, 255];
  const student = [...STUDENT_CLAIM, 255];
  expect(disputed(row(0, 0, 0, 0, 3), row(0, 3, 3, 3, 3), { stripe: 2 })).toEqual([
    CLEAR,
    teacher,
    student,
    student,
    CLEAR,
  ]);
});

test('one side alone, in its own colour or in class colours', () => {
  const teacher = row(0, 0, 3);
  const student = row(3, 0, 1);
  expect(disputed(teacher, student, { teacher: [1, 2, 3], student: null })).toEqual([
    [1, 2, 3, 255],
    CLEAR,
    [1, 2, 3, 255],
  ]);
  expect(disputed(teacher, student, { teacher: null, student: TABLE })).toEqual([CAR, CLEAR, MAGENTA]);
});

test('only some classes: each disputed pixel has one claimant; ignore claims nothing', () => {
  const options = { teacher: [1, 1, 1], student: [2, 2, 2], only: new Set([3]), ignoreId: 255 } as const;
  expect(disputed(row(3, 0, 1, 3), row(0, 3, 0, 255), options)).toEqual([
    [1, 1, 1, 255],
    [2, 2, 2, 255],
    CLEAR,
    [1, 1, 1, 255],
  ]);
});
