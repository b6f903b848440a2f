import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { icnsOf, icoOf } from './drawIcons.ts';

/** Of a pixel of a bitmap in an .ico file, whose rows start at the bottom: red, green, blue, alpha. */
function pixelOf(bitmap: Buffer, side: number, x: number, y: number): number[] {
  const at = 40 + ((side - 1 - y) * side + x) * 4;
  return [2, 1, 0, 3].map((channel) => bitmap[at + channel]!);
}

describe('icoOf', () => {
  it('lists each picture with its size, place and length', () => {
    const ico = icoOf([16, 256]);
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2), ico.readUInt16LE(4)]).toEqual([0, 1, 2]);
    const entries = [6, 22].map((at) => ({
      side: ico.readUInt8(at),
      bits: ico.readUInt16LE(at + 6),
      length: ico.readUInt32LE(at + 8),
      offset: ico.readUInt32LE(at + 12),
    }));
    // 40 bytes of header, 16 rows of 64 bytes, a mask of 16 rows of 4 bytes.
    expect(entries[0]).toEqual({ side: 16, bits: 32, length: 40 + 1024 + 64, offset: 38 });
    expect(entries[1]).toMatchObject({ side: 0, bits: 32, offset: 38 + 1128 });
    expect(ico.length).toBe(entries[1]!.offset + entries[1]!.length);
    const png = decode(ico.subarray(entries[1]!.offset));
    expect([png.width, png.height, png.channels]).toEqual([256, 256, 4]);
  });

  it('draws the smooth half on the left, the cells on the right, and leaves the corners clear', () => {
    const bitmap = icoOf([32]).subarray(6 + 16);
    expect(bitmap.readInt32LE(4)).toBe(32);
    expect(bitmap.readInt32LE(8)).toBe(64);
    expect(pixelOf(bitmap, 32, 0, 0)).toEqual([0, 0, 0, 0]);
    const road = [146, 80, 146, 255];
    expect(pixelOf(bitmap, 32, 13, 26)).toEqual(road);
    expect(pixelOf(bitmap, 32, 18, 26)).toEqual(road);
    // A cell is 2 by 2 pixels here, of one colour.
    for (let y = 6; y < 26; y += 2) {
      for (let x = 18; x < 28; x += 2) {
        expect(pixelOf(bitmap, 32, x + 1, y + 1)).toEqual(pixelOf(bitmap, 32, x, y));
      }
    }
  });
});

describe('icnsOf', () => {
  it('holds a PNG of the type’s size in each block', () => {
    const icns = icnsOf({ ic07: 128, ic08: 256 });
    expect(icns.toString('latin1', 0, 4)).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    let at = 8;
    const found: [string, number][] = [];
    while (at < icns.length) {
      const length = icns.readUInt32BE(at + 4);
      const { width } = decode(icns.subarray(at + 8, at + length));
      found.push([icns.toString('latin1', at, at + 4), width]);
      at += length;
    }
    expect(found).toEqual([
      ['ic07', 128],
      ['ic08', 256],
    ]);
  });
});
