import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from './formatText.ts';

test.each([
  [[], ''],
  [[77], 'TQ=='],
  [[77, 97], 'TWE='],
  [[77, 97, 110, 255], 'TWFu/w=='],
])('%j is %s in base64', (bytes, text) => {
  expect(toBase64(Uint8Array.from(bytes))).toBe(text);
  expect([...fromBase64(text, 'x', 'y')]).toEqual(bytes);
});

test('what is no base64 is named', () => {
  expect(() => fromBase64('TW#u', 'labelme.json', 'a.json')).toThrow('a.json: "#" is not base64');
});
