import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packMap, unpackMap } from './packMap.ts';

test('ids of one and of two bytes come back', async () => {
  for (const ids of [Uint8Array.of(0, 7, 255), Uint16Array.of(0, 7, 65_535)]) {
    expect(unpackMap(await packMap(ids))).toEqual(ids);
  }
});

const packed = (bytesPerId: number, content: Uint8Array) => Uint8Array.of(bytesPerId, ...content);
const HINT = '. Remove the evaluation that it belongs to and run it again';

test.each([
  ['nothing', new Uint8Array(), 'unexpected end of file'],
  ['no deflated bytes', packed(1, Uint8Array.of(1, 2, 3)), 'incorrect header check'],
  ['ids of three bytes', packed(3, deflateSync(new Uint8Array(3))), 'ids of 3 bytes'],
  ['half an id', packed(2, deflateSync(new Uint8Array(3))), 'ids of 2 bytes'],
])('%s: a message', (_, bytes, detail) => {
  expect(() => unpackMap(bytes)).toThrow(`a class map in the project file cannot be read. ${detail}${HINT}`);
});

test('few bytes that unpack to more than a picture may have are refused', () => {
  const bomb = packed(1, deflateSync(new Uint8Array(1001)));
  expect(unpackMap(bomb, 1001)).toHaveLength(1001);
  expect(() => unpackMap(bomb, 1000)).toThrow('a class map in the project file cannot be read');
});
