import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RgbaImage } from '#core/imaging/rgbaImage.ts';
import { decodeImageFile } from './decodeImage.ts';

/**
 * fixtures/flag.*: 24 x 16 pixels, the left half red (200, 30, 30), the right half blue (30, 30, 200), the top
 * right 8 x 8 white; made with Pillow.
 */
const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

const RED = [200, 30, 30, 255];
const BLUE = [30, 30, 200, 255];
const WHITE = [255, 255, 255, 255];

function pixel({ width, data }: RgbaImage, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));
}

describe('upright pictures', () => {
  test.each(['flag.webp', 'flag.bmp', 'flag.png', 'palette.png'])('%s, to the value', async (name) => {
    const image = await decodeImageFile(fixture(name), name);
    expect([image.width, image.height]).toEqual([24, 16]);
    expect([pixel(image, 0, 0), pixel(image, 14, 15), pixel(image, 23, 0)]).toEqual([RED, BLUE, WHITE]);
  });

  test.each(['flag.jpg', 'progressive.jpg'])('%s', async (name) => {
    const image = await decodeImageFile(fixture(name), name);
    expect([image.width, image.height]).toEqual([24, 16]);
    expect(largestDifference(pixel(image, 2, 2), RED)).toBeLessThan(8);
    expect(largestDifference(pixel(image, 21, 14), BLUE)).toBeLessThan(8);
    expect(largestDifference(pixel(image, 21, 2), WHITE)).toBeLessThan(8);
  });

  test.each(['rotated.jpg', 'rotated.webp'])('%s is turned clockwise', async (name) => {
    const image = await decodeImageFile(fixture(name), name);
    expect([image.width, image.height]).toEqual([16, 24]);
    expect(largestDifference(pixel(image, 13, 2), RED)).toBeLessThan(8);
    expect(largestDifference(pixel(image, 2, 21), BLUE)).toBeLessThan(8);
    expect(largestDifference(pixel(image, 13, 21), WHITE)).toBeLessThan(8);
  });

  test('16 bits keep their high byte', async () => {
    const image = await decodeImageFile(fixture('sixteenBit.png'), 'sixteenBit.png');
    expect([0, 1].map((x) => pixel(image, x, 0)[0])).toEqual([0, 0x12]);
    expect([0, 1].map((x) => pixel(image, x, 1)[0])).toEqual([0xff, 0xff]);
  });
});

describe('damaged files', () => {
  const COPY = 'Copy or download it again from its source';

  test.each(['flag.jpg', 'flag.webp', 'flag.bmp', 'flag.png'])('%s, cut off', async (name) => {
    const bytes = fixture(name);
    const half = bytes.subarray(0, bytes.length - 20);
    await expect(decodeImageFile(half, name)).rejects.toThrow(
      new RegExp(
        `^${name}: truncated \\w+: the file ends after ${half.length} bytes, before its picture does\\. ${COPY}$`,
      ),
    );
  });

  test('a JPEG whose scan is cut short, with an end put behind it', async () => {
    const bytes = fixture('flag.jpg');
    const scan = bytes.subarray(0, bytes.length - 60);
    const patched = Uint8Array.from([...scan, 0xff, 0xd9]);
    await expect(decodeImageFile(patched, 'a.jpg')).rejects.toThrow(
      `a.jpg: damaged JPEG: premature end of data segment. ${COPY}`,
    );
  });

  test('zeros before the end, as some cameras write them, do no harm', async () => {
    const bytes = fixture('flag.jpg');
    const padded = Uint8Array.from([...bytes.subarray(0, -2), ...new Uint8Array(20), 0xff, 0xd9]);
    expect(await decodeImageFile(padded, 'a.jpg')).toEqual(await decodeImageFile(bytes, 'a.jpg'));
  });

  test('other bytes before the end are a scan that lost its way', async () => {
    const bytes = fixture('flag.jpg');
    const padded = Uint8Array.from([...bytes.subarray(0, -2), ...new Uint8Array(20).fill(7), 0xff, 0xd9]);
    await expect(decodeImageFile(padded, 'a.jpg')).rejects.toThrow(
      /^a\.jpg: damaged JPEG: \d+ extraneous bytes before marker 0xd9\. /,
    );
  });

  test('a WebP with a broken picture chunk, and the next one is read again', async () => {
    const bytes = fixture('flag.webp');
    const broken = bytes.slice();
    broken.fill(0xff, 26, bytes.length);
    await expect(decodeImageFile(broken, 'a.webp')).rejects.toThrow(/^a\.webp: damaged WebP: /);
    expect((await decodeImageFile(bytes, 'a.webp')).width).toBe(24);
  });

  test('a CMYK JPEG', async () => {
    await expect(decodeImageFile(fixture('cmyk.jpg'), 'a.jpg')).rejects.toThrow(
      'a.jpg: CMYK JPEG for print, not RGB. Convert it to RGB in an image editor',
    );
  });
});

test('files that are decoded at once do not disturb one another', async () => {
  const flag = fixture('flag.jpg');
  const broken = Uint8Array.from([...flag.subarray(0, flag.length - 60), 0xff, 0xd9]);
  const results = await Promise.allSettled(
    [flag, broken, flag, broken].map((bytes) => decodeImageFile(bytes, 'a')),
  );
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
});
