import { ProblemError, type Problem } from '../problem.ts';
import { readBmpHeader } from './headers/bmpHeader.ts';
import { FileWindow } from './headers/fileWindow.ts';
import { corruptImage, truncatedImage } from './headers/imageProblems.ts';
import { readJpegHeader } from './headers/jpegHeader.ts';
import { readPngHeader } from './headers/pngHeader.ts';
import type { ImageColour, ImageFormat, RawHeader } from './headers/rawHeader.ts';
import { readWebpHeader } from './headers/webpHeader.ts';
import { ORIENTATION_WORDS, swapsAxes, type Orientation } from './orient.ts';

/** 16384 x 16384: one RGBA copy of it is 1 GiB. */
export const MAX_PIXELS = 2 ** 28;

/** How much of a file `probeImage` wants: its beginning and its end. */
export const PROBE_HEAD_BYTES = 256 * 1024;
export const PROBE_TAIL_BYTES = 64 * 1024;

export interface ImageHeader {
  readonly format: ImageFormat;
  /** Upright size: EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
  readonly storedWidth: number;
  readonly storedHeight: number;
  readonly orientation: Orientation;
  /** Bits per channel (per index with a palette). */
  readonly bitDepth: number;
  readonly channels: number;
  readonly colour: ImageColour;
  readonly hasAlpha: boolean;
  /** Notes only: what the user should know of an image that opens. */
  readonly problems: Problem[];
}

export interface ProbeOptions {
  /** The name that messages start with. */
  subject: string;
  /** Size of the whole file. Default: `bytes` is the whole file. */
  fileBytes?: number;
  /** The last bytes of the file (PROBE_TAIL_BYTES or fewer); not needed where `bytes` is the whole file. */
  tail?: Uint8Array;
}

/**
 * Reads an image's header without decoding it.
 *
 * `bytes`: the whole file, or its first PROBE_HEAD_BYTES. From a part, `image.headerTooLong` and, with data
 * appended behind a JPEG (motion photos), `image.truncated` can be wrong: ask again with the whole file.
 *
 * Throws ProblemError: image.empty, image.notAnImage, image.unknownFormat, image.truncated, image.corrupt,
 * image.tooLarge, image.cmyk, image.unsupported, image.headerTooLong.
 */
export function probeImage(bytes: Uint8Array, options: ProbeOptions): ImageHeader {
  const { subject } = options;
  const fileBytes = options.fileBytes ?? bytes.length;
  if (fileBytes === 0) {
    throw new ProblemError({
      code: 'image.empty',
      title: 'empty file (0 bytes)',
      subject,
      hint: 'Copy or download it again from its source',
    });
  }
  const file = new FileWindow({ head: bytes, fileBytes, tail: options.tail });
  const raw = readHeader(file, sniffFormat(bytes, subject), subject);
  refuse(raw, file, subject);
  const swap = swapsAxes(raw.orientation);
  const width = swap ? raw.height : raw.width;
  const height = swap ? raw.width : raw.height;
  return {
    format: raw.format,
    width,
    height,
    storedWidth: raw.width,
    storedHeight: raw.height,
    orientation: raw.orientation,
    bitDepth: raw.bitDepth,
    channels: raw.channels,
    colour: raw.colour,
    hasAlpha: raw.hasAlpha,
    problems: notes(raw, { width, height }, subject),
  };
}

function readHeader(file: FileWindow, format: ImageFormat, subject: string): RawHeader {
  switch (format) {
    case 'jpeg':
      return readJpegHeader(file, subject);
    case 'png':
      return readPngHeader(file, subject);
    case 'webp':
      return readWebpHeader(file, subject);
    case 'bmp':
      return readBmpHeader(file, subject);
  }
}

const FORMAT_NAMES: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  bmp: 'BMP',
};

function refuse(raw: RawHeader, file: FileWindow, subject: string): void {
  const name = FORMAT_NAMES[raw.format];
  if (raw.width === 0 || raw.height === 0) {
    throw corruptImage(subject, name, `its header says ${raw.width} x ${raw.height} pixels`);
  }
  if (raw.width * raw.height > MAX_PIXELS) {
    const megapixels = Math.round((raw.width * raw.height) / 1e6);
    throw new ProblemError({
      code: 'image.tooLarge',
      title: `${raw.width} x ${raw.height} pixels (${megapixels} megapixels) is more than the limit of 268 megapixels`,
      subject,
      hint: 'Cut it into tiles or make it smaller',
    });
  }
  if (raw.colour === 'cmyk' || raw.colour === 'ycck') {
    throw new ProblemError({
      code: 'image.cmyk',
      title: `${raw.colour.toUpperCase()} ${name} for print, not RGB`,
      subject,
      hint: 'Convert it to RGB in an image editor',
    });
  }
  if (raw.truncated) throw truncatedImage(subject, name, file.fileBytes);
}

function notes(raw: RawHeader, upright: { width: number; height: number }, subject: string): Problem[] {
  const problems: Problem[] = [];
  if (raw.bitDepth === 16) {
    problems.push({
      code: 'image.sixteenBit',
      severity: 'note',
      title: '16 bits per channel, reduced to 8',
      subject,
      detail: 'The models see 8 bits per channel',
    });
  }
  if (raw.orientation !== 1) {
    problems.push({
      code: 'image.rotated',
      severity: 'note',
      title: `shown upright, ${ORIENTATION_WORDS[raw.orientation]} (EXIF orientation ${raw.orientation})`,
      subject,
      detail: `Its masks are upright too: ${upright.width} x ${upright.height} pixels`,
    });
  }
  return problems;
}

const OTHER_FORMATS: readonly { name: string; at: number; magic: string }[] = [
  { name: 'GIF', at: 0, magic: 'GIF8' },
  { name: 'TIFF', at: 0, magic: 'II*\0' },
  { name: 'TIFF', at: 0, magic: 'MM\0*' },
  { name: 'BigTIFF', at: 0, magic: 'II+\0' },
  { name: 'HEIC', at: 4, magic: 'ftyphei' },
  { name: 'HEIC', at: 4, magic: 'ftypmif1' },
  { name: 'AVIF', at: 4, magic: 'ftypavif' },
  { name: 'JPEG XL', at: 0, magic: '\xff\x0a' },
  { name: 'JPEG XL', at: 4, magic: 'JXL ' },
  { name: 'JPEG 2000', at: 4, magic: 'jP  ' },
  { name: 'Photoshop', at: 0, magic: '8BPS' },
  { name: 'PDF', at: 0, magic: '%PDF' },
  { name: 'SVG', at: 0, magic: '<svg' },
];

function sniffFormat(bytes: Uint8Array, subject: string): ImageFormat {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const at = (offset: number, magic: string) => start.startsWith(magic, offset);
  if (at(0, '\x89PNG\r\n\x1a\n')) return 'png';
  if (at(0, '\xff\xd8\xff')) return 'jpeg';
  if (at(0, 'RIFF') && at(8, 'WEBP')) return 'webp';
  // Two letters alone start many texts: the reserved bytes must be zero too.
  if (at(0, 'BM') && at(6, '\0\0\0\0')) return 'bmp';
  const other = OTHER_FORMATS.find((format) => at(format.at, format.magic));
  if (other) {
    throw new ProblemError({
      code: 'image.unknownFormat',
      title: `${other.name} files are not read`,
      subject,
      hint: 'Convert it to JPEG, PNG, WebP or BMP',
    });
  }
  const first = [...bytes.subarray(0, 4)].map((value) => value.toString(16).padStart(2, '0')).join(' ');
  throw new ProblemError({
    code: 'image.notAnImage',
    title: `not an image: it starts with the bytes ${first}`,
    subject,
    hint: 'JPEG, PNG, WebP and BMP are read',
  });
}
