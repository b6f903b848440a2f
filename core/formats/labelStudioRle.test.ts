import { expect, test } from 'vitest';
import { decodeBrush, encodeBrush } from './labelStudioRle.ts';

function painted(rle: Uint8Array, pixels: number): number[] {
  const found: number[] = [];
  decodeBrush(rle, pixels, 'task 1', (pixel) => found.push(pixel));
  return found;
}

test('painted pixels come back, also in runs longer than 65,536 values', () => {
  expect(
    painted(
      encodeBrush(6, (n) => n === 1 || n === 4 || n === 5),
      6,
    ),
  ).toEqual([1, 4, 5]);
  const many = 70_001;
  expect(
    painted(
      encodeBrush(many, (n) => n > 2),
      many,
    ),
  ).toHaveLength(many - 3);
  expect(
    painted(
      encodeBrush(3, () => false),
      3,
    ),
  ).toEqual([]);
});

test('the header that Label Studio expects', () => {
  // u32 24; 7 in five bits; 2, 3, 7, 15 in four each; a run of 24 values in 8 bits: 1 10 00010111 11111111.
  const bits = [...encodeBrush(6, () => true)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const size = '00000000000000000000000000011000';
  expect(
    bits.startsWith([size, '00111', '0010001101111111', '1', '10', '00010111', '11111111'].join('')),
  ).toBe(true);
});

/** Bits as text, spaces aside. */
function bytesOf(text: string): Uint8Array {
  const bits = text.replaceAll(' ', '');
  return Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, n) =>
    parseInt(bits.slice(n * 8, n * 8 + 8).padEnd(8, '0'), 2),
  );
}

const HEADER = `${'0'.repeat(28)}1000 00111 0010 0011 0111 1111`;

test('alpha alone says what is painted, from 128 on', () => {
  const value = (n: number) => n.toString(2).padStart(8, '0');
  // Eight single values: red painted with alpha 127, then black with alpha 128.
  const words = [255, 255, 255, 127, 0, 0, 0, 128].map(value).join('');
  expect(painted(bytesOf(`${HEADER} 0 00 111 ${words}`), 2)).toEqual([1]);
});

test('a run may begin in the middle of a pixel', () => {
  // Two single zeros, then a run of six 255: both alphas are in it.
  expect(painted(bytesOf(`${HEADER} 0 00 001 ${'0'.repeat(16)} 1 00 101 11111111`), 2)).toEqual([0, 1]);
});

test.each([
  [
    'another size',
    bytesOf(HEADER),
    3,
    'task 1: broken brush encoding: 8 values for 3 pixels of four channels',
  ],
  [
    'half of it',
    bytesOf(`${HEADER} 0 00 111 11111111`),
    2,
    'task 1: broken brush encoding: it ends after 9 bytes',
  ],
  [
    'too much',
    bytesOf(`${HEADER} 1 01 1111 11111111`),
    2,
    'task 1: broken brush encoding: its runs have more than 8 values',
  ],
])('%s is refused', (_, rle, pixels, message) => {
  expect(() => painted(rle, pixels)).toThrow(message);
});
