import { expect, test } from 'vitest';
import { classId, createClassTable } from '../labels/classTable.ts';
import { vocColour } from '../labels/vocColour.ts';
import { encodeIndexedPng } from './indexedPng.ts';
import { readTruthMask, voidIdsFor } from './maskFile.ts';

const classTable = createClassTable(['Sky', 'Road', 'Car']);
const voidIds = voidIdsFor(classTable, undefined);

const png = (width: number, height: number, ...ids: number[]) =>
  encodeIndexedPng({ width, height, ids: Uint16Array.from(ids) }, { palette: vocColour });

const options = (width: number, height: number) => ({
  subject: 'mask a.png',
  classTable,
  voidIds,
  expected: { width, height },
});

test('void values become the ignore id', () => {
  const { ids, problems } = readTruthMask(png(3, 2, 0, 1, 2, 3, 255, 0), options(3, 2));
  expect(ids).toEqual(Uint8Array.of(0, 1, 2, 255, 255, 0));
  expect(problems).toEqual([]);
});

test('another size than its image', () => {
  expect(() => readTruthMask(png(2, 1, 0, 0), options(480, 360))).toThrow(
    'mask a.png: 2 x 1 pixels, its image has 480 x 360. ' +
      'Resize the mask with the nearest filter, or choose the masks of these images',
  );
  expect(() => readTruthMask(png(2, 1, 0, 0), options(1, 2))).toThrow(
    'mask a.png: 2 x 1 pixels, its image has 1 x 2. ' +
      'Turn the mask as the image is shown, with its EXIF orientation applied',
  );
});

test('one unknown value', () => {
  expect(() => readTruthMask(png(3, 1, 37, 0, 37), options(3, 1))).toThrow(
    'mask a.png: value 37 is not one of the 3 classes. 2 pixels have it. ' +
      'Declare the classes and the void value of these masks in a classes.json beside them',
  );
});

test('many unknown values: five are listed', () => {
  expect(() => readTruthMask(png(8, 1, 9, 4, 5, 6, 7, 8, 9, 10), options(8, 1))).toThrow(
    'mask a.png: 7 values are not among the 3 classes. ' +
      'They are 4 (1 pixel), 5 (1 pixel), 6 (1 pixel), 7 (1 pixel), 8 (1 pixel) and 2 more. Declare',
  );
});

test('which values are void', () => {
  const many = createClassTable(
    Array.from({ length: 300 }, (_, id) => `class ${id}`),
    classId(65535),
  );
  expect(voidIdsFor(classTable, undefined)).toEqual([3, 255]);
  expect(voidIdsFor(classTable, 11)).toEqual([11, 255]);
  expect(voidIdsFor(createClassTable(['a', 'b'], classId(7)), 9)).toEqual([7, 9, 255]);
  // 255 is a class there.
  expect(voidIdsFor(many, undefined)).toEqual([300, 65535]);
});

test('a table with large ids', () => {
  const table = createClassTable(['a', 'b'], classId(65535));
  const { ids } = readTruthMask(png(2, 1, 1, 65535), {
    ...options(2, 1),
    classTable: table,
    voidIds: voidIdsFor(table, undefined),
  });
  expect(ids).toEqual(Uint16Array.of(1, 65535));
});
