import type { FileWindow } from './fileWindow.ts';
import { truncatedImage, unsupportedImage } from './imageProblems.ts';
import type { RawHeader } from './rawHeader.ts';

/** What the pixels of a BMP need to be read, beside its size. */
export interface BmpLayout {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bitsPerPixel: number;
  readonly pixelOffset: number;
  readonly paletteOffset: number;
  /** Bytes per palette entry: 3 in OS/2's header, else 4. */
  readonly paletteStep: 3 | 4;
  readonly paletteEntries: number;
  /** Stored bytes per row: a multiple of 4. */
  readonly rowBytes: number;
}

/** Source: BITMAPFILEHEADER, BITMAPCOREHEADER and BITMAPINFOHEADER of the Windows GDI reference. */
export function readBmpLayout(file: FileWindow, subject: string): BmpLayout {
  const need = (value: number | null): number => {
    if (value === null) throw truncatedImage(subject, 'BMP', file.fileBytes);
    return value;
  };
  const pixelOffset = need(file.uint32Le(10));
  const headerBytes = need(file.uint32Le(14));
  const core = headerBytes === 12;
  const width = core ? need(file.uint16Le(18)) : need(file.uint32Le(18)) | 0;
  const storedHeight = core ? need(file.uint16Le(20)) : need(file.uint32Le(22)) | 0;
  const bitsPerPixel = need(file.uint16Le(core ? 24 : 28));
  const compression = core ? 0 : need(file.uint32Le(30));
  const declared = core ? 0 : need(file.uint32Le(46));
  if (compression !== 0) throw unsupportedImage(subject, `BMP with compression ${compression}`);
  if (![1, 4, 8, 24, 32].includes(bitsPerPixel)) {
    throw unsupportedImage(subject, `BMP with ${bitsPerPixel} bits per pixel`);
  }
  const most = bitsPerPixel <= 8 ? 1 << bitsPerPixel : 0;
  return {
    width: Math.max(0, width),
    height: Math.abs(storedHeight),
    topDown: storedHeight < 0,
    bitsPerPixel,
    pixelOffset,
    paletteOffset: 14 + headerBytes,
    paletteStep: core ? 3 : 4,
    paletteEntries: declared === 0 ? most : Math.min(declared, most),
    rowBytes: Math.ceil((width * bitsPerPixel) / 32) * 4,
  };
}

/** The fourth byte of 32-bit pixels is padding, as in Chromium and Pillow: never alpha. */
export function readBmpHeader(file: FileWindow, subject: string): RawHeader {
  const layout = readBmpLayout(file, subject);
  const palette = layout.bitsPerPixel <= 8;
  return {
    format: 'bmp',
    width: layout.width,
    height: layout.height,
    orientation: 1,
    bitDepth: palette ? layout.bitsPerPixel : 8,
    channels: palette ? 1 : 3,
    colour: palette ? 'palette' : 'rgb',
    hasAlpha: false,
    truncated: layout.pixelOffset + layout.rowBytes * layout.height > file.fileBytes,
  };
}
