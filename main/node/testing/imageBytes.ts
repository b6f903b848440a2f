import { encode } from 'fast-png';
import { crc32 } from '#core/crc32.ts';

export interface JpegShape {
  readonly width: number;
  readonly height: number;
  /** 3: colour, 4: CMYK. Default 3. */
  readonly components?: number;
  /** EXIF orientation; none by default. */
  readonly orientation?: number;
}

const marker = (code: number, body: readonly number[]) => [
  0xff,
  code,
  (body.length + 2) >> 8,
  (body.length + 2) & 255,
  ...body,
];

/** Headers, a few bytes of picture data and the end of a JPEG: enough for whoever reads headers alone. */
export function jpegBytes({ width, height, components = 3, orientation }: JpegShape): Uint8Array {
  const exif = orientation === undefined ? [] : marker(0xe1, exifBlock(orientation));
  const parts = Array.from({ length: components }, (_, index) => [index + 1, 0x11, 0]).flat();
  const frame = marker(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, components, ...parts]);
  const selectors = Array.from({ length: components }, (_, index) => [index + 1, 0]).flat();
  const scan = marker(0xda, [components, ...selectors, 0, 63, 0]);
  return Uint8Array.from([0xff, 0xd8, ...exif, ...frame, ...scan, 1, 2, 3, 4, 0xff, 0xd9]);
}

/** The content of a JPEG's APP1 segment that says how the picture is turned, 1 to 8. */
export function exifBlock(orientation: number): number[] {
  const directory = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  return [...Buffer.from('Exif\0\0MM\0*'), 0, 0, 0, 8, ...directory];
}

/** An RGB PNG of one colour. `depth` 16 makes 16 bits per channel. */
export function pngBytes(width: number, height: number, depth: 8 | 16 = 8): Uint8Array {
  const samples = width * height * 3;
  const data = depth === 16 ? new Uint16Array(samples).fill(4000) : new Uint8Array(samples).fill(90);
  return encode({ width, height, data, channels: 3, depth });
}

/** A BMP of 24 bits a pixel and one colour. */
export function bmpBytes(width: number, height: number): Uint8Array {
  const row = Math.ceil((width * 3) / 4) * 4;
  const bytes = new Uint8Array(54 + row * height).fill(90, 54);
  const view = new DataView(bytes.buffer);
  bytes.set(Buffer.from('BM'));
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  return bytes;
}

/** A grey 8-bit PNG with these values: a mask. */
export function greyPngBytes(width: number, height: number, values: readonly number[]): Uint8Array {
  return encode({ width, height, data: Uint8Array.from(values), channels: 1, depth: 8 });
}

/** The signature and header of a PNG, and no picture. */
export function pngHeaderBytes(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(8 + 25);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 13);
  bytes.set(Buffer.from('IHDR'), 12);
  view.setUint32(16, width);
  view.setUint32(20, height);
  bytes.set([8, 2, 0, 0, 0], 24);
  view.setUint32(29, crc32(bytes.subarray(12, 29)));
  return bytes;
}
