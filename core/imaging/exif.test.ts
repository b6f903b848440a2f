import { expect, test } from 'vitest';
import { exifOrientation } from './exif.ts';

/** A TIFF header with one directory of one entry: tag 0x0112, one SHORT. */
const intel = (value: number) => [
  0x49,
  0x49,
  42,
  0,
  8,
  0,
  0,
  0,
  1,
  0,
  0x12,
  0x01,
  3,
  0,
  1,
  0,
  0,
  0,
  value,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
];
const motorola = (value: number) => [
  0x4d,
  0x4d,
  0,
  42,
  0,
  0,
  0,
  8,
  0,
  1,
  0x01,
  0x12,
  0,
  3,
  0,
  0,
  0,
  1,
  0,
  value,
  0,
  0,
  0,
  0,
  0,
  0,
];
const exif = [0x45, 0x78, 0x69, 0x66, 0, 0];

test('either byte order, with and without the Exif prefix', () => {
  expect(exifOrientation(Uint8Array.from(intel(6)))).toBe(6);
  expect(exifOrientation(Uint8Array.from(motorola(8)))).toBe(8);
  expect(exifOrientation(Uint8Array.from([...exif, ...motorola(3)]))).toBe(3);
});

test('what makes no sense is 1', () => {
  expect(exifOrientation(Uint8Array.from(intel(9)))).toBe(1);
  expect(exifOrientation(Uint8Array.from(intel(0)))).toBe(1);
  expect(exifOrientation(new Uint8Array())).toBe(1);
  expect(exifOrientation(Uint8Array.from(intel(6).slice(0, 15)))).toBe(1);
  expect(exifOrientation(Uint8Array.from(Array(40).fill(0x20) as number[]))).toBe(1);
  const farAway = intel(6);
  farAway[7] = 0x7f;
  expect(exifOrientation(Uint8Array.from(farAway))).toBe(1);
});
