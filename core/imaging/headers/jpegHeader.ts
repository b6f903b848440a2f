import { exifOrientation, startsWithExif } from '../exif.ts';
import type { Orientation } from '../orient.ts';
import type { FileWindow } from './fileWindow.ts';
import { corruptImage, headerTooLong, truncatedImage, unsupportedImage } from './imageProblems.ts';
import type { ImageColour, RawHeader } from './rawHeader.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP1 = 0xe1;
const APP14 = 0xee;

interface Frame {
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly marker: number;
}

/** Reads the segments up to the first scan. Source: ITU-T T.81, annex B; Adobe TN 5116 for APP14. */
export function readJpegHeader(file: FileWindow, subject: string): RawHeader {
  let offset = 2;
  let orientation: Orientation = 1;
  let adobeTransform: number | null = null;
  let frame: Frame | null = null;
  for (;;) {
    const marker = file.uint16(offset);
    if (marker === null) throw endedEarly(file, subject);
    if (marker >> 8 !== 0xff) {
      throw corruptImage(subject, 'JPEG', `no marker at byte ${offset}, but ${hex(marker >> 8)}`);
    }
    const code = marker & 0xff;
    if (code === 0xff) {
      offset += 1;
      continue;
    }
    if (code === EOI) throw corruptImage(subject, 'JPEG', 'it ends before its first scan');
    if (code === SOI || code === 0x01 || (code >= 0xd0 && code <= 0xd7)) {
      offset += 2;
      continue;
    }
    const length = file.uint16(offset + 2);
    if (length === null) throw endedEarly(file, subject);
    if (length < 2) throw corruptImage(subject, 'JPEG', `segment of ${length} bytes at byte ${offset}`);
    if (code === SOS) break;
    const body = offset + 4;
    if (isFrameMarker(code)) frame = readFrame(file, body, code, subject);
    else if (code === APP1 && orientation === 1) orientation = readApp1(file, body, length - 2);
    else if (code === APP14 && file.tag(body) === 'Adob') adobeTransform = file.uint8(body + 11);
    offset += 2 + length;
  }
  if (!frame) throw corruptImage(subject, 'JPEG', 'no frame header before its first scan');
  return {
    format: 'jpeg',
    width: frame.width,
    height: frame.height,
    orientation,
    bitDepth: frame.precision,
    channels: frame.components,
    colour: colourOf(frame, adobeTransform, subject),
    hasAlpha: false,
    // Looked for after the first scan's start: a thumbnail in the metadata ends with the same marker.
    truncated: !file.hasAfter(offset, [0xff, EOI]),
  };
}

function isFrameMarker(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}

function readFrame(file: FileWindow, body: number, marker: number, subject: string): Frame {
  const precision = file.uint8(body);
  const height = file.uint16(body + 1);
  const width = file.uint16(body + 3);
  const components = file.uint8(body + 5);
  if (precision === null || height === null || width === null || components === null) {
    throw endedEarly(file, subject);
  }
  if (marker !== 0xc0 && marker !== 0xc1 && marker !== 0xc2) {
    throw unsupportedImage(
      subject,
      `${marker >= 0xc9 ? 'arithmetic-coded' : 'lossless or hierarchical'} JPEG`,
    );
  }
  if (precision !== 8) throw unsupportedImage(subject, `JPEG with ${precision} bits per channel`);
  return { precision, width, height, components, marker };
}

function readApp1(file: FileWindow, body: number, length: number): Orientation {
  const block = file.slice(body, length);
  return block && startsWithExif(block) ? exifOrientation(block) : 1;
}

function colourOf(frame: Frame, adobeTransform: number | null, subject: string): ImageColour {
  switch (frame.components) {
    case 1:
      return 'grey';
    case 3:
      return 'rgb';
    case 4:
      return adobeTransform === 2 ? 'ycck' : 'cmyk';
    default:
      throw unsupportedImage(subject, `JPEG with ${frame.components} channels`);
  }
}

function endedEarly(file: FileWindow, subject: string) {
  return file.whole
    ? truncatedImage(subject, 'JPEG', file.fileBytes)
    : headerTooLong(subject, 'JPEG', file.head.length);
}

const hex = (value: number) => `0x${value.toString(16).padStart(2, '0')}`;
