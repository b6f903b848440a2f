import { expect, test } from 'vitest';
import { ProblemError } from '../problem.ts';
import { probeImage } from './probeImage.ts';

const text = (value: string) => value.split('').map((character) => character.charCodeAt(0));
const be32 = (value: number) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
const be16 = (value: number) => [(value >> 8) & 255, value & 255];
const le32 = (value: number) => be32(value).reverse();
const le16 = (value: number) => be16(value).reverse();

const exif = (orientation: number) => [
  ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1],
  ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0],
];

const segment = (marker: number, body: number[]) => [0xff, marker, ...be16(body.length + 2), ...body];

function jpeg(options: {
  width?: number;
  height?: number;
  components?: number;
  precision?: number;
  frame?: number;
  before?: number[];
  end?: number[];
}): Uint8Array {
  const { width = 48, height = 36, components = 3, precision = 8, frame = 0xc0 } = options;
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...(options.before ?? []),
    ...segment(frame, [
      precision,
      ...be16(height),
      ...be16(width),
      components,
      ...Array<number>(components * 3).fill(0),
    ]),
    ...segment(0xda, [components, 0, 0, 0]),
    ...[1, 2, 3, 0xff, 0, 5],
    ...(options.end ?? [0xff, 0xd9]),
  ]);
}

const chunk = (tag: string, body: number[]) => [...be32(body.length), ...text(tag), ...body, 0, 0, 0, 0];
const IEND = [0, 0, 0, 0, ...text('IEND'), 0xae, 0x42, 0x60, 0x82];

function png(options: {
  width?: number;
  height?: number;
  depth?: number;
  type?: number;
  chunks?: number[];
  end?: number[];
}): Uint8Array {
  const { width = 48, height = 36, depth = 8, type = 2 } = options;
  return Uint8Array.from([
    ...[0x89, ...text('PNG\r\n'), 0x1a, 0x0a],
    ...chunk('IHDR', [...be32(width), ...be32(height), depth, type, 0, 0, 0]),
    ...(options.chunks ?? []),
    ...chunk('IDAT', [1, 2, 3]),
    ...(options.end ?? IEND),
  ]);
}

const riff = (...chunks: number[][]) => {
  const body = [...text('WEBP'), ...chunks.flat()];
  return Uint8Array.from([...text('RIFF'), ...le32(body.length), ...body]);
};
const riffChunk = (tag: string, body: number[]) => [
  ...text(tag),
  ...le32(body.length),
  ...body,
  ...(body.length % 2 ? [0] : []),
];

function bmp(width: number, height: number, bits: number, compression = 0, data = 4000): Uint8Array {
  return Uint8Array.from([
    ...text('BM'),
    ...le32(54 + data),
    ...le32(0),
    ...le32(54),
    ...le32(40),
    ...le32(width),
    ...le32(height),
    ...le16(1),
    ...le16(bits),
    ...le32(compression),
    ...Array<number>(20 + data).fill(0),
  ]);
}

const probe = (bytes: Uint8Array) => probeImage(bytes, { subject: 'photo' });

test('JPEG', () => {
  expect(probe(jpeg({}))).toEqual({
    format: 'jpeg',
    width: 48,
    height: 36,
    storedWidth: 48,
    storedHeight: 36,
    orientation: 1,
    bitDepth: 8,
    channels: 3,
    colour: 'rgb',
    hasAlpha: false,
    problems: [],
  });
  expect(probe(jpeg({ components: 1, frame: 0xc2 }))).toMatchObject({ colour: 'grey', channels: 1 });
});

test('an orientation is applied to the size, and said', () => {
  const header = probe(jpeg({ before: segment(0xe1, [...text('Exif\0\0'), ...exif(6)]) }));
  expect(header).toMatchObject({ width: 36, height: 48, storedWidth: 48, storedHeight: 36, orientation: 6 });
  expect(header.problems).toEqual([
    {
      code: 'image.rotated',
      severity: 'note',
      title: 'shown upright, turned by 90 degrees clockwise (EXIF orientation 6)',
      subject: 'photo',
      detail: 'Its masks are upright too: 36 x 48 pixels',
    },
  ]);
  expect(probe(png({ chunks: chunk('eXIf', exif(3)) }))).toMatchObject({
    width: 48,
    height: 36,
    orientation: 3,
  });
});

test('the orientation of a WebP stands behind its picture, maybe in the tail', () => {
  const bytes = riff(
    riffChunk('VP8X', [0x18, 0, 0, 0, 47, 0, 0, 35, 0, 0]),
    riffChunk('VP8 ', Array<number>(301).fill(7)),
    riffChunk('EXIF', exif(8)),
  );
  expect(probe(bytes)).toMatchObject({
    format: 'webp',
    width: 36,
    height: 48,
    orientation: 8,
    hasAlpha: true,
  });
  const options = { subject: 'photo', fileBytes: bytes.length, tail: bytes.subarray(-100) };
  expect(probeImage(bytes.subarray(0, 60), options)).toMatchObject({ orientation: 8 });
});

test('WebP: lossy and lossless sizes', () => {
  const lossy = riffChunk('VP8 ', [0, 0, 0, 0x9d, 0x01, 0x2a, ...le16(48), ...le16(36), 0, 0]);
  expect(probe(riff(lossy))).toMatchObject({ width: 48, height: 36, hasAlpha: false });
  const lossless = riffChunk('VP8L', [0x2f, ...le32(47 | (35 << 14) | (1 << 28)), 0]);
  expect(probe(riff(lossless))).toMatchObject({ width: 48, height: 36, hasAlpha: true });
});

test('PNG colour types', () => {
  expect(probe(png({ type: 3, depth: 2 }))).toMatchObject({ colour: 'palette', bitDepth: 2, channels: 1 });
  expect(probe(png({ type: 6 }))).toMatchObject({ colour: 'rgb', channels: 4, hasAlpha: true });
  expect(probe(png({ chunks: chunk('tRNS', [0, 0, 0, 0, 0, 0]) }))).toMatchObject({
    channels: 3,
    hasAlpha: true,
  });
});

test('16 bits are reduced, and said', () => {
  expect(probe(png({ type: 0, depth: 16 })).problems).toEqual([
    {
      code: 'image.sixteenBit',
      severity: 'note',
      title: '16 bits per channel, reduced to 8',
      subject: 'photo',
      detail: 'The models see 8 bits per channel',
    },
  ]);
});

test('BMP, bottom-up and top-down', () => {
  expect(probe(bmp(30, 20, 24))).toMatchObject({ format: 'bmp', width: 30, height: 20, colour: 'rgb' });
  expect(probe(bmp(30, -20, 8))).toMatchObject({ width: 30, height: 20, colour: 'palette' });
});

test.each<[string, Uint8Array, string, string]>([
  [
    'no bytes',
    new Uint8Array(),
    'image.empty',
    'photo: empty file (0 bytes). Copy or download it again from its source',
  ],
  [
    'a text',
    Uint8Array.from(text('BM is how this text starts')),
    'image.notAnImage',
    'photo: not an image: it starts with the bytes 42 4d 20 69. JPEG, PNG, WebP and BMP are read',
  ],
  [
    'a TIFF',
    Uint8Array.from(text('II*\0 and so on')),
    'image.unknownFormat',
    'photo: TIFF files are not read. Convert it to JPEG, PNG, WebP or BMP',
  ],
  [
    'a JPEG without its end',
    jpeg({ end: [], before: segment(0xe1, [...text('Exif\0\0'), 0xff, 0xd9]) }),
    'image.truncated',
    'photo: truncated JPEG: the file ends after 47 bytes, before its picture does. Copy or download it again from its source',
  ],
  [
    'a JPEG that ends in its header',
    jpeg({}).subarray(0, 12),
    'image.truncated',
    'photo: truncated JPEG: the file ends after 12 bytes, before its picture does. Copy or download it again from its source',
  ],
  [
    'a PNG without its end',
    png({ end: [] }),
    'image.truncated',
    'photo: truncated PNG: the file ends after 48 bytes, before its picture does. Copy or download it again from its source',
  ],
  [
    'a WebP shorter than it says',
    riff(riffChunk('VP8L', [0x2f, ...le32(47 | (35 << 14)), 0, 0, 0])).subarray(0, 26),
    'image.truncated',
    'photo: truncated WebP: the file ends after 26 bytes, before its picture does. Copy or download it again from its source',
  ],
  [
    'a BMP without its rows',
    bmp(30, 20, 24, 0, 100),
    'image.truncated',
    'photo: truncated BMP: the file ends after 154 bytes, before its picture does. Copy or download it again from its source',
  ],
  [
    'a PNG of no width',
    png({ width: 0 }),
    'image.corrupt',
    'photo: damaged PNG: its header says 0 x 36 pixels. Copy or download it again from its source',
  ],
  [
    'a huge PNG header',
    png({ width: 30000, height: 30000 }),
    'image.tooLarge',
    'photo: 30000 x 30000 pixels (900 megapixels) is more than the limit of 268 megapixels. Cut it into tiles or make it smaller',
  ],
  [
    'a CMYK JPEG',
    jpeg({ components: 4 }),
    'image.cmyk',
    'photo: CMYK JPEG for print, not RGB. Convert it to RGB in an image editor',
  ],
  [
    'a YCCK JPEG',
    jpeg({ components: 4, before: segment(0xee, [...text('Adobe'), 0, 100, 0, 0, 0, 0, 2]) }),
    'image.cmyk',
    'photo: YCCK JPEG for print, not RGB. Convert it to RGB in an image editor',
  ],
  [
    'a 12-bit JPEG',
    jpeg({ precision: 12, frame: 0xc1 }),
    'image.unsupported',
    'photo: JPEG with 12 bits per channel is not read. Save it as an ordinary 8-bit PNG or JPEG',
  ],
  [
    'a lossless JPEG',
    jpeg({ frame: 0xc3 }),
    'image.unsupported',
    'photo: lossless or hierarchical JPEG is not read. Save it as an ordinary 8-bit PNG or JPEG',
  ],
  [
    'an animated WebP',
    riff(riffChunk('VP8X', [0x02, 0, 0, 0, 47, 0, 0, 35, 0, 0])),
    'image.unsupported',
    'photo: animated WebP is not read. Save it as an ordinary 8-bit PNG or JPEG',
  ],
  [
    'a compressed BMP',
    bmp(30, 20, 8, 1),
    'image.unsupported',
    'photo: BMP with compression 1 is not read. Save it as an ordinary 8-bit PNG or JPEG',
  ],
  [
    'a PNG of an impossible kind',
    png({ type: 2, depth: 4 }),
    'image.corrupt',
    'photo: damaged PNG: colour type 2 with 4 bits does not exist. Copy or download it again from its source',
  ],
  [
    'a JPEG with garbage for a marker',
    jpeg({ before: [...segment(0xe0, []), 0x12, 0x34] }),
    'image.corrupt',
    'photo: damaged JPEG: no marker at byte 6, but 0x12. Copy or download it again from its source',
  ],
])('%s', (_, bytes, code, message) => {
  const error = caught(() => probe(bytes));
  expect(error.message).toBe(message);
  expect(error.problem.code).toBe(code);
});

test('a part of a file in which the size has not come yet', () => {
  const bytes = jpeg({ before: segment(0xe2, Array<number>(500).fill(0)) });
  const error = caught(() =>
    probeImage(bytes.subarray(0, 100), {
      subject: 'photo',
      fileBytes: bytes.length,
      tail: bytes.subarray(-20),
    }),
  );
  expect(error.problem.code).toBe('image.headerTooLong');
  expect(error.message).toBe(
    'photo: JPEG with more than 100 bytes before its size. Save it again without its metadata',
  );
});

function caught(action: () => unknown): ProblemError {
  try {
    action();
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
