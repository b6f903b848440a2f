/** An upright picture, 8 bits per channel, RGBA interleaved, row-major, not premultiplied. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  /** Length width * height * 4. */
  readonly data: Uint8ClampedArray;
}
