import { encode } from 'fast-png';
import { strToU8, zlibSync } from 'fflate';
import { expect, test } from 'vitest';
import { crc32 } from '../crc32.ts';
import { vocColour } from '../labels/vocColour.ts';
import { decodeMaskPng, encodeIndexedPng } from './indexedPng.ts';

const small = { width: 3, height: 2, ids: Uint8Array.of(0, 1, 2, 11, 255, 7) };
const palette = vocColour;

test('palette masks come back as they were', () => {
  const png = encodeIndexedPng(small, { palette });
  expect([png[24], png[25]]).toEqual([8, 3]);
  expect(decodeMaskPng(png, 'mask')).toEqual(small);
});

test('ids above 255 are 16-bit grey, also where a set of masks asks for it', () => {
  const wide = { width: 2, height: 2, ids: Uint16Array.of(0, 256, 65535, 3) };
  const png = encodeIndexedPng(wide, { palette });
  expect([png[24], png[25]]).toEqual([16, 0]);
  expect(decodeMaskPng(png, 'mask')).toEqual(wide);
  const alike = encodeIndexedPng(small, { palette, maxId: 300 });
  expect(decodeMaskPng(alike, 'mask').ids).toEqual(Uint16Array.from(small.ids));
});

test('a 16-bit array of small ids is a palette mask', () => {
  const png = encodeIndexedPng({ width: 1, height: 1, ids: Uint16Array.of(200) }, { palette });
  expect(decodeMaskPng(png, 'mask').ids).toEqual(Uint8Array.of(200));
});

test('the same map gives the same bytes', () => {
  expect(encodeIndexedPng(small, { palette })).toEqual(encodeIndexedPng({ ...small }, { palette }));
});

test('a map of the wrong length is refused', () => {
  expect(() => encodeIndexedPng({ ...small, width: 4 }, { palette })).toThrow('6 ids for 4 x 2 pixels');
});

/** 4 x 3 pixels, 2-bit palette, Adam7, rows 0123 / 1230 / 2301: read by Pillow as said. */
const INTERLACED =
  '89504e470d0a1a0a0000000d4948445200000004000000030203000001be9d76c30000000c504c544500000000000000000000000035e937960000001249444154789c6360606800c202860b0c39000d1802ad8a01a9fd0000000049454e44ae426082';

test('interlaced, two bits', () => {
  const bytes = Uint8Array.from(INTERLACED.match(/../g)!, (pair) => parseInt(pair, 16));
  expect([...decodeMaskPng(bytes, 'mask').ids]).toEqual([0, 1, 2, 3, 1, 2, 3, 0, 2, 3, 0, 1]);
});

/** A PNG of one row of values, `depth` bits each, palette (3) or grey (0). */
function packed(depth: number, colourType: number, values: readonly number[]): Uint8Array {
  const row = new Uint8Array(1 + Math.ceil((values.length * depth) / 8));
  values.forEach((value, n) => {
    row[1 + ((n * depth) >> 3)]! |= value << (8 - depth - ((n * depth) & 7));
  });
  const header = Uint8Array.of(0, 0, 0, values.length, 0, 0, 0, 1, depth, colourType, 0, 0, 0);
  // All colours are alike: who reads colours reads one class.
  const palette: [string, Uint8Array][] =
    colourType === 3 ? [['PLTE', new Uint8Array(3 << depth).fill(9)]] : [];
  const chunks: [string, Uint8Array][] = [['IHDR', header], ...palette, ['IDAT', zlibSync(row)]];
  const parts = [...chunks, ['IEND', new Uint8Array()] as const].flatMap(([tag, body]) => {
    const tagged = Uint8Array.of(...strToU8(tag), ...body);
    const framed = new Uint8Array(tagged.length + 8);
    new DataView(framed.buffer).setUint32(0, body.length);
    framed.set(tagged, 4);
    new DataView(framed.buffer).setUint32(tagged.length + 4, crc32(tagged));
    return [...framed];
  });
  return Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...parts);
}

test.each([
  [1, 3, [1, 0, 1, 1, 0, 0, 0, 1, 1]],
  [2, 3, [3, 0, 2, 1, 3]],
  [4, 3, [15, 0, 9]],
  [8, 3, [255, 0, 128]],
  [1, 0, [1, 0, 1, 1, 0, 0, 0, 1, 1]],
  [2, 0, [3, 0, 2, 1, 3]],
  [4, 0, [15, 0, 9]],
  [8, 0, [255, 0, 128]],
])('%i bits of colour type %i are numbers, whatever their colours', (depth, colourType, values) => {
  expect([...decodeMaskPng(packed(depth, colourType, values), 'mask').ids]).toEqual(values);
});

const COPY = 'Copy or download it again from its source';

function changed(change: (png: Uint8Array) => void): Uint8Array {
  const png = encodeIndexedPng(small, { palette });
  change(png);
  return png;
}

test.each([
  [
    'RGB',
    encode({ width: 1, height: 1, channels: 3, depth: 8, data: Uint8Array.of(1, 2, 3) }),
    'mask x.png: RGB colours instead of class ids. Save it as a palette or grey PNG whose values are class ids',
  ],
  [
    'RGBA',
    encode({ width: 1, height: 1, channels: 4, depth: 8, data: Uint8Array.of(1, 2, 3, 4) }),
    'mask x.png: RGBA colours instead of class ids. Save it as a palette or grey PNG whose values are class ids',
  ],
  [
    'a JPEG',
    Uint8Array.of(0xff, 0xd8, 0xff, 0xe0),
    'mask x.png: not a PNG. Masks are PNG files whose palette indices or grey values are class ids; other formats change the values',
  ],
  [
    'nothing',
    new Uint8Array(),
    'mask x.png: empty file (0 bytes), not a PNG. Masks are PNG files whose palette indices or grey values are class ids; other formats change the values',
  ],
  [
    'half of it',
    encodeIndexedPng(small, { palette }).subarray(0, 400),
    `mask x.png: truncated PNG: the file ends after 400 bytes, before its picture does. ${COPY}`,
  ],
  [
    'a flipped bit in the palette',
    changed((png) => (png[100]! ^= 4)),
    `mask x.png: damaged PNG: chunk PLTE at byte 33 fails its checksum. ${COPY}`,
  ],
  [
    'a flipped bit in the pixels',
    changed((png) => (png[825]! ^= 4)),
    `mask x.png: damaged PNG: chunk IDAT at byte 813 fails its checksum. ${COPY}`,
  ],
])('%s is refused', (_, bytes, message) => {
  expect(() => decodeMaskPng(bytes, 'mask x.png')).toThrow(message);
});
