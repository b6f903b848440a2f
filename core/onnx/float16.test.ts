import { expect, it } from 'vitest';
import { bfloat16ToNumber, float16ToNumber } from './float16.ts';

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
