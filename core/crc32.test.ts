import { expect, test } from 'vitest';
import { crc32 } from './crc32.ts';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test('the check value of the standard, and of nothing', () => {
  expect(crc32(bytes('123456789'))).toBe(0xcbf43926);
  expect(crc32(bytes(''))).toBe(0);
});

test('in parts it is the same', () => {
  expect(crc32(bytes('56789'), crc32(bytes('1234')))).toBe(0xcbf43926);
});
