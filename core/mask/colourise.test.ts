import { expect, test } from 'vitest';
import { classId, type ClassTable } from '../labels/classTable.ts';
import type { ClassMap } from './classMap.ts';
import {
  colourise,
  colouriseDifference,
  repaintRect,
  STUDENT_CLAIM,
  TEACHER_CLAIM,
  type ColouriseOptions,
  type DifferenceOptions,
} from './colourise.ts';

const TABLE: ClassTable = {
  classes: [
    { id: classId(0), name: 'road', colour: [10, 20, 30] },
    { id: classId(3), name: 'car', colour: [40, 50, 60] },
  ],
  ignoreId: classId(255),
};
const ROAD = [10, 20, 30, 255];
const CAR = [40, 50, 60, 255];
const CLEAR = [0, 0, 0, 0];
const MAGENTA = [255, 0, 255, 255];

const row = (...ids: number[]): ClassMap => ({ width: ids.length, height: 1, ids: Uint8Array.from(ids) });

/** The pixels drawn into a buffer of `pixels` pixels that was full of 9s. */
function drawn(map: ClassMap, options?: ColouriseOptions, pixels = map.ids.length): number[][] {
  const out = new Uint8ClampedArray(pixels * 4).fill(9);
  colourise(map, TABLE, out, options);
  return Array.from({ length: pixels }, (_, n) => [...out.subarray(n * 4, n * 4 + 4)]);
}

function disputed(teacher: ClassMap, student: ClassMap, options?: DifferenceOptions): number[][] {
  const out = new Uint8ClampedArray(teacher.ids.length * 4).fill(9);
  colouriseDifference(teacher, student, out, options);
  return Array.from(teacher.ids, (_, n) => [...out.subarray(n * 4, n * 4 + 4)]);
}

test('class colours; ignore is transparent, an id without a class magenta', () => {
  expect(drawn(row(0, 3, 255, 1))).toEqual([ROAD, CAR, CLEAR, MAGENTA]);
  const wide = { width: 2, height: 1, ids: new Uint16Array([3, 40000]) };
  expect(drawn(wide)).toEqual([CAR, MAGENTA]);
});

test('opacity becomes alpha, hidden classes become nothing', () => {
  expect(drawn(row(0, 3, 255), { opacity: 0.5, hidden: new Set([3]) })).toEqual([
    [10, 20, 30, 128],
    CLEAR,
    CLEAR,
  ]);
});

test('only the rectangle is drawn: by itself, or in its place', () => {
  const map = { width: 3, height: 2, ids: new Uint8Array([0, 0, 0, 0, 3, 0]) };
  const rect = { x: 1, y: 1, width: 9, height: 9 };
  expect(drawn(map, { rect }, 2)).toEqual([CAR, ROAD]);
  const untouched = [9, 9, 9, 9];
  const outRect = { x: 0, y: 0, width: 3, height: 2 };
  expect(drawn(map, { rect, outRect }, 6)).toEqual([untouched, untouched, untouched, untouched, CAR, ROAD]);
  expect(drawn(map, { rect: { x: 5, y: 5, width: 1, height: 1 } }, 1)).toEqual([untouched]);
});

test('outlines run inside each region', () => {
  // prettier-ignore
  const map = {
    width: 4, height: 3, ids: new Uint8Array([
      0, 0, 0, 3,
      0, 0, 0, 3,
      0, 0, 0, 0,
    ]),
  };
  expect(drawn(map, { style: 'outline' })).toEqual([
    ...[CLEAR, CLEAR, ROAD, CAR],
    ...[CLEAR, CLEAR, ROAD, CAR],
    ...[CLEAR, CLEAR, CLEAR, ROAD],
  ]);
  const dirty = { x: 0, y: 1, width: 2, height: 1 };
  expect(repaintRect(dirty, 'outline', map)).toEqual({ x: 0, y: 0, width: 3, height: 3 });
  expect(repaintRect(dirty, 'fill', map)).toEqual(dirty);
});

test('a buffer that does not fit is refused', () => {
  expect(() => drawn(row(0, 3), {}, 3)).toThrow('12 bytes are not the RGBA of 2 x 1 pixels');
  const outRect = { x: 0, y: 0, width: 1, height: 1 };
  expect(() => drawn(row(0, 3), { outRect }, 1)).toThrow(
    'the rectangle 2 x 1 at 0, 0 is not inside 1 x 1 at 0, 0',
  );
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
