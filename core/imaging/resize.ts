import type { RgbaImage } from './rgbaImage.ts';
import {
  PRECISION_BITS,
  axisCoefficients,
  nearestIndices,
  type AxisCoefficients,
  type ResizeFilter,
} from './resizeCoefficients.ts';

export interface ResizeOptions {
  /** Output size in pixels, at least 1. */
  readonly width: number;
  readonly height: number;
  readonly filter: ResizeFilter;
}

/**
 * Resizes the colours of a picture and drops its alpha, bit for bit as Pillow does:
 * `image.convert("RGB").resize((width, height), filter)`. Down-scaling is antialiased.
 * Returns RGB interleaved, 8 bits, length width * height * 3.
 * Source: Pillow 13, src/libImaging/Resample.c (8 bits per channel) and Geometry.c (nearest).
 */
export function resizeRgb(image: RgbaImage, options: ResizeOptions): Uint8ClampedArray {
  return resizeChannels(image, 3, options);
}

/**
 * Resizes a picture with its alpha, bit for bit as Pillow does with mode RGBA: colours are premultiplied
 * while filtered, so that hidden colours do not bleed in.
 */
export function resizeRgba(image: RgbaImage, options: ResizeOptions): RgbaImage {
  const { width, height } = options;
  if (options.filter === 'nearest') {
    return { width, height, data: resizeChannels(image, 4, options) };
  }
  if (width === image.width && height === image.height) {
    return { width, height, data: image.data.slice() };
  }
  const opaque = isOpaque(image.data);
  const source = opaque ? image : { ...image, data: premultiply(image.data) };
  const data = resizeChannels(source, 4, options);
  if (!opaque) unpremultiply(data);
  return { width, height, data };
}

type Channels = 3 | 4;

function resizeChannels(image: RgbaImage, channels: Channels, options: ResizeOptions): Uint8ClampedArray {
  const { width, height, filter } = options;
  if (filter === 'nearest') return resizeNearest(image, channels, width, height);
  if (width === image.width && height === image.height) return copyChannels(image, channels);
  const horizontal = width === image.width ? null : axisCoefficients(image.width, width, filter);
  const vertical = height === image.height ? null : axisCoefficients(image.height, height, filter);
  // As Pillow: an axis that keeps its size is not filtered, and what the first pass gives is rounded to 8 bits.
  if (!horizontal) {
    const rows = copyChannels(image, channels);
    return vertical
      ? filterRows(rows, { rowLength: width * channels, axis: vertical, height, firstRow: 0 })
      : rows;
  }
  if (!vertical) return filterColumns(image, { channels, axis: horizontal, width, from: 0, to: height });
  if (verticalFirst(image, options)) {
    const data = filterRows(image.data, { rowLength: image.width * 4, axis: vertical, height, firstRow: 0 });
    const squeezed = { width: image.width, height, data };
    return filterColumns(squeezed, { channels, axis: horizontal, width, from: 0, to: height });
  }
  const from = vertical.first[0]!;
  const to = vertical.first[height - 1]! + vertical.count[height - 1]!;
  const rows = filterColumns(image, { channels, axis: horizontal, width, from, to });
  return filterRows(rows, { rowLength: width * channels, axis: vertical, height, firstRow: from });
}

/** Pillow's rule since version 13; before, columns always came first, which can differ by rounding. */
export function verticalFirst(
  image: Pick<RgbaImage, 'width' | 'height'>,
  { width, height }: ResizeOptions,
): boolean {
  const less = image.height - height;
  return less > 0 && less > (image.width - width) * 2;
}

const HALF = 1 << (PRECISION_BITS - 1);

/** The horizontal pass: RGBA rows [from, to) to `channels` interleaved, `width` wide. */
function filterColumns(
  image: RgbaImage,
  pass: { channels: Channels; axis: AxisCoefficients; width: number; from: number; to: number },
): Uint8ClampedArray {
  const { channels, width: outWidth, from: firstRow, to: lastRow } = pass;
  const { data } = image;
  const { first, count, weights, stride } = pass.axis;
  const out = new Uint8ClampedArray((lastRow - firstRow) * outWidth * channels);
  let target = 0;
  for (let y = firstRow; y < lastRow; y++) {
    const row = y * image.width;
    for (let x = 0; x < outWidth; x++) {
      let source = (row + first[x]!) * 4;
      let weightAt = x * stride;
      const end = weightAt + count[x]!;
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let alpha = HALF;
      while (weightAt < end) {
        const weight = weights[weightAt++]!;
        red = (red + Math.imul(data[source]!, weight)) | 0;
        green = (green + Math.imul(data[source + 1]!, weight)) | 0;
        blue = (blue + Math.imul(data[source + 2]!, weight)) | 0;
        if (channels === 4) alpha = (alpha + Math.imul(data[source + 3]!, weight)) | 0;
        source += 4;
      }
      // A clamped array clips to 0..255, as Pillow's clip8 does.
      out[target] = red >> PRECISION_BITS;
      out[target + 1] = green >> PRECISION_BITS;
      out[target + 2] = blue >> PRECISION_BITS;
      if (channels === 4) out[target + 3] = alpha >> PRECISION_BITS;
      target += channels;
    }
  }
  return out;
}

/** The vertical pass over rows of `rowLength` values; `rows` starts at input row `firstRow`. */
function filterRows(
  rows: Uint8ClampedArray,
  pass: { rowLength: number; axis: AxisCoefficients; height: number; firstRow: number },
): Uint8ClampedArray {
  const { rowLength, axis, height: outHeight, firstRow } = pass;
  const { first, count, weights, stride } = axis;
  const out = new Uint8ClampedArray(outHeight * rowLength);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < outHeight; y++) {
    sums.fill(HALF);
    for (let tap = 0; tap < count[y]!; tap++) {
      const weight = weights[y * stride + tap]!;
      const source = (first[y]! - firstRow + tap) * rowLength;
      for (let x = 0; x < rowLength; x++) sums[x] = sums[x]! + Math.imul(rows[source + x]!, weight);
    }
    const target = y * rowLength;
    for (let x = 0; x < rowLength; x++) out[target + x] = sums[x]! >> PRECISION_BITS;
  }
  return out;
}

function resizeNearest(
  image: RgbaImage,
  channels: Channels,
  width: number,
  height: number,
): Uint8ClampedArray {
  const columns = nearestIndices(image.width, width);
  const rows = nearestIndices(image.height, height);
  const out = new Uint8ClampedArray(width * height * channels);
  let target = 0;
  for (let y = 0; y < height; y++) {
    const row = rows[y]! * image.width;
    for (let x = 0; x < width; x++) {
      const source = (row + columns[x]!) * 4;
      for (let channel = 0; channel < channels; channel++) out[target++] = image.data[source + channel]!;
    }
  }
  return out;
}

function copyChannels(image: RgbaImage, channels: Channels): Uint8ClampedArray {
  if (channels === 4) return image.data.slice();
  const pixels = image.width * image.height;
  const out = new Uint8ClampedArray(pixels * 3);
  for (let pixel = 0, source = 0, target = 0; pixel < pixels; pixel++, source += 4, target += 3) {
    out[target] = image.data[source]!;
    out[target + 1] = image.data[source + 1]!;
    out[target + 2] = image.data[source + 2]!;
  }
  return out;
}

function isOpaque(data: Uint8ClampedArray): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false;
  return true;
}

/** Pillow's rgba2rgbA: value * alpha / 255, rounded. */
function premultiply(data: Uint8ClampedArray): Uint8ClampedArray {
  const out = data.slice();
  for (let at = 0; at < out.length; at += 4) {
    const alpha = out[at + 3]!;
    for (let channel = at; channel < at + 3; channel++) {
      const product = out[channel]! * alpha + 128;
      out[channel] = ((product >> 8) + product) >> 8;
    }
  }
  return out;
}

/** Pillow's rgbA2rgba: 255 * value / alpha, cut off. */
function unpremultiply(data: Uint8ClampedArray): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3]!;
    if (alpha === 0 || alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++) {
      data[channel] = Math.min(255, Math.trunc((255 * data[channel]!) / alpha));
    }
  }
}
