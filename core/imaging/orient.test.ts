import { expect, test } from 'vitest';
import { orientImage, type Orientation } from './orient.ts';
import type { RgbaImage } from './rgbaImage.ts';

/** One pixel per letter, its code in all four channels. */
function picture(...rows: string[]): RgbaImage {
  const codes = rows.flatMap((row) => row.split('').flatMap((letter) => fourTimes(letter.charCodeAt(0))));
  return { width: rows[0]!.length, height: rows.length, data: Uint8ClampedArray.from(codes) };
}

const fourTimes = (value: number) => [value, value, value, value];

function rowsOf({ width, height, data }: RgbaImage): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_unused, x) => String.fromCharCode(data[(y * width + x) * 4 + 3]!)).join(
      '',
    ),
  );
}

test.each<[Orientation, string[]]>([
  [1, ['abc', 'def']],
  [2, ['cba', 'fed']],
  [3, ['fed', 'cba']],
  [4, ['def', 'abc']],
  [5, ['ad', 'be', 'cf']],
  [6, ['da', 'eb', 'fc']],
  [7, ['fc', 'eb', 'da']],
  [8, ['cf', 'be', 'ad']],
])('orientation %i', (orientation, upright) => {
  expect(rowsOf(orientImage(picture('abc', 'def'), orientation))).toEqual(upright);
});

test('a picture inside a larger buffer, not on a multiple of four', () => {
  const inner = picture('ab');
  const buffer = new Uint8ClampedArray(9);
  buffer.set(inner.data, 1);
  expect(rowsOf(orientImage({ ...inner, data: buffer.subarray(1) }, 2))).toEqual(['ba']);
});
