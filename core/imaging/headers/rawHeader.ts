import type { Orientation } from '../orient.ts';

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'bmp';
export type ImageColour = 'rgb' | 'grey' | 'palette' | 'cmyk' | 'ycck';

/** What a format's header says, before limits and notes. */
export interface RawHeader {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  /** Bits per channel (per index with a palette). */
  readonly bitDepth: number;
  readonly channels: number;
  readonly colour: ImageColour;
  readonly hasAlpha: boolean;
  /** The end of the file is missing. */
  readonly truncated: boolean;
}
