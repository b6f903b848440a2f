import { expect, it } from 'vitest';
import { countFlips } from './countFlips.ts';

it('counts what flips, and what of it is won or lost against a reference', () => {
  const before = Uint8Array.of(0, 0, 1, 1, 2, 2);
  const after = Uint8Array.of(0, 1, 0, 2, 2, 0);
  const reference = Uint8Array.of(1, 1, 1, 0, 0, 255);
  expect(countFlips(before, after, reference, 255)).toEqual({ pixels: 6, changed: 4, won: 1, lost: 1 });
  expect(countFlips(before, after, null, 255)).toEqual({ pixels: 6, changed: 4, won: 0, lost: 0 });
  expect(() => countFlips(before, after.subarray(1), null, 255)).toThrow(
    'class maps of 6, 5 and 6 pixels cannot be compared',
  );
});
