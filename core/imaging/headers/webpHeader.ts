import { exifOrientation } from '../exif.ts';
import type { Orientation } from '../orient.ts';
import type { FileWindow } from './fileWindow.ts';
import { corruptImage, truncatedImage, unsupportedImage } from './imageProblems.ts';
import type { RawHeader } from './rawHeader.ts';

interface Size {
  width: number;
  height: number;
  hasAlpha: boolean;
}

/** Reads the RIFF chunks. Source: RFC 9649 (container, lossless), RFC 6386 section 9.1 (lossy). */
export function readWebpHeader(file: FileWindow, subject: string): RawHeader {
  const riffBytes = file.uint32Le(4);
  if (riffBytes === null) throw truncatedImage(subject, 'WebP', file.fileBytes);
  const end = riffBytes + 8;
  let size: Size | null = null;
  let orientation: Orientation = 1;
  let offset = 12;
  while (offset < end) {
    const tag = file.tag(offset);
    const length = file.uint32Le(offset + 4);
    if (tag === null || length === null) break;
    const body = offset + 8;
    if (tag === 'VP8X') size = readExtended(file, body, subject);
    else if (tag === 'VP8 ') size ??= readLossy(file, body, subject);
    else if (tag === 'VP8L') size ??= readLossless(file, body, subject);
    else if (tag === 'EXIF') {
      const block = file.slice(body, length);
      if (block) orientation = exifOrientation(block);
    }
    offset = body + length + (length % 2);
  }
  if (!size) {
    if (end > file.fileBytes) throw truncatedImage(subject, 'WebP', file.fileBytes);
    throw corruptImage(subject, 'WebP', 'no picture chunk');
  }
  return {
    format: 'webp',
    width: size.width,
    height: size.height,
    orientation,
    bitDepth: 8,
    channels: size.hasAlpha ? 4 : 3,
    colour: 'rgb',
    hasAlpha: size.hasAlpha,
    truncated: end > file.fileBytes,
  };
}

function readExtended(file: FileWindow, body: number, subject: string): Size {
  const flags = need(file.uint8(body), file, subject);
  if ((flags & 0x02) !== 0) throw unsupportedImage(subject, 'animated WebP');
  const low = need(file.uint32Le(body + 4), file, subject);
  const high = need(file.uint16Le(body + 8), file, subject);
  return {
    width: (low & 0xffffff) + 1,
    height: ((low >>> 24) | (high << 8)) + 1,
    hasAlpha: (flags & 0x10) !== 0,
  };
}

function readLossy(file: FileWindow, body: number, subject: string): Size {
  const start = need(file.slice(body + 3, 3), file, subject);
  if (start[0] !== 0x9d || start[1] !== 0x01 || start[2] !== 0x2a) {
    throw corruptImage(subject, 'WebP', 'the VP8 chunk does not start with a key frame');
  }
  return {
    width: need(file.uint16Le(body + 6), file, subject) & 0x3fff,
    height: need(file.uint16Le(body + 8), file, subject) & 0x3fff,
    hasAlpha: false,
  };
}

function readLossless(file: FileWindow, body: number, subject: string): Size {
  const signature = need(file.uint8(body), file, subject);
  const bits = need(file.uint32Le(body + 1), file, subject);
  if (signature !== 0x2f) throw corruptImage(subject, 'WebP', 'the VP8L chunk has no signature');
  return {
    width: (bits & 0x3fff) + 1,
    height: ((bits >>> 14) & 0x3fff) + 1,
    hasAlpha: ((bits >>> 28) & 1) === 1,
  };
}

function need<T>(value: T | null, file: FileWindow, subject: string): T {
  if (value === null) throw truncatedImage(subject, 'WebP', file.fileBytes);
  return value;
}
