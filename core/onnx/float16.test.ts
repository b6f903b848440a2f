import { expect, it } from 'vitest';
import { bfloat16ToNumber, float16ToNumber, numberToFloat16 } from './float16.ts';

it('reads halves: normal, subnormal, signed zero, infinity', () => {
  expect(float16ToNumber(0x3c00)).toBe(1);
  expect(float16ToNumber(0xc500)).toBe(-5);
  expect(float16ToNumber(0x7bff)).toBe(65504);
  expect(float16ToNumber(0x0001)).toBe(2 ** -24);
  expect(float16ToNumber(0x8000)).toBe(-0);
  expect(float16ToNumber(0xfc00)).toBe(-Infinity);
  expect(float16ToNumber(0x7e00)).toBeNaN();
});

it('reads bfloat16 as the upper half of a float32', () => {
  expect(bfloat16ToNumber(0x3f80)).toBe(1);
  expect(bfloat16ToNumber(0xc0a0)).toBe(-5);
});

it('writes the nearest half, ties to even, and every half as itself', () => {
  const halves = Array.from({ length: 0x7c00 }, (_, bits) => bits);
  expect(halves.filter((bits) => numberToFloat16(float16ToNumber(bits)) !== bits)).toEqual([]);
  expect(numberToFloat16(1 + 2 ** -11)).toBe(0x3c00);
  expect(numberToFloat16(1 + 3 * 2 ** -11)).toBe(0x3c02);
  expect(numberToFloat16(-2)).toBe(0xc000);
  expect(numberToFloat16(65520)).toBe(0x7c00);
  expect(numberToFloat16(2 ** -25)).toBe(0);
  expect(numberToFloat16(3 * 2 ** -26)).toBe(1);
  expect(float16ToNumber(numberToFloat16(NaN))).toBeNaN();
});
