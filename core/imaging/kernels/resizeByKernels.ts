import type { ResizeOptions } from '../resize.ts';
import { verticalFirst } from '../resize.ts';
import { axisCoefficients, type AxisCoefficients } from '../resizeCoefficients.ts';
import type { RgbaImage } from '../rgbaImage.ts';
import { withKernels, type ImagingKernels } from './imagingKernels.ts';

/**
 * What `resizeRgb` gives, bit for bit, several times faster: RGB interleaved, 8 bits. Null where there are no
 * kernels for it.
 */
export function resizeRgbByKernels(image: RgbaImage, options: ResizeOptions): Uint8ClampedArray | null {
  const { width, height } = options;
  return resizeThen(image, options, (kernels, rows, pitch) => {
    const rgb = kernels.take(width * height * 3);
    for (let y = 0; y < height; y++) kernels.run.dropAlpha(rows + y * pitch, width, rgb + y * width * 3);
    return new Uint8ClampedArray(kernels.bytes(rgb, width * height * 3));
  });
}

/**
 * A picture resized as by `resizeRgb`, each channel through a table: float32 [3, height, width]. Null where there are
 * no kernels for it.
 *
 * @param tables float32 [3, 256]: of red, green, blue
 */
export function resizeToPlanes(
  image: RgbaImage,
  options: ResizeOptions,
  tables: Float32Array,
): Float32Array | null {
  const { width, height } = options;
  return resizeThen(image, options, (kernels, rows, pitch) => {
    const floats = kernels.put(tables);
    const plane = width * height * 4;
    const planes = kernels.take(plane * 3);
    for (let y = 0; y < height; y++) {
      kernels.run.toPlanes(rows + y * pitch, width, floats, planes + y * width * 4, plane);
    }
    return kernels.float32(planes, width * height * 3).slice();
  });
}

/** Resizes, and hands over the address of the RGBA rows and the bytes from one to the next. */
function resizeThen<T>(
  image: RgbaImage,
  options: ResizeOptions,
  use: (kernels: ImagingKernels, rows: number, pitch: number) => T,
): T | null {
  const { width, height, filter } = options;
  if (filter === 'nearest') return null;
  return withKernels((kernels) => {
    const columns = width === image.width ? null : putAxis(kernels, image.width, width, filter);
    const rows = height === image.height ? null : putAxis(kernels, image.height, height, filter);
    const pitch = rowPitch(width);
    const result = kernels.take(pitch * height);
    if (!rows) {
      filterAllColumns(kernels, image, { columns, from: 0, to: height, target: result, pitch });
    } else if (!columns || verticalFirst(image, options)) {
      filterRowsThenColumns(kernels, image, { columns, rows, height, width, result, pitch });
    } else {
      const { first, count } = rows.axis;
      const from = first[0]!;
      const to = first[height - 1]! + count[height - 1]!;
      // One row more: where taps are odd, weights of 0 are multiplied with it.
      const middle = kernels.take(pitch * (to - from + 1));
      filterAllColumns(kernels, image, { columns, from, to, target: middle, pitch });
      for (let y = 0; y < height; y++) {
        filterRow(kernels, rows, y, middle + (first[y]! - from) * pitch, pitch, result + y * pitch);
      }
    }
    return use(kernels, result, pitch);
  });
}

/** Bytes from one row of RGBA to the next: the vertical kernel takes 16 at a time. */
const rowPitch = (width: number): number => Math.ceil(width / 4) * 16;

/** Coefficients where the kernels find them. */
interface PutAxis {
  readonly axis: AxisCoefficients;
  readonly outSize: number;
  readonly first: number;
  readonly pairs: number;
  readonly weights: number;
  /** Bytes of the weights of one output pixel. */
  readonly stride: number;
}

/** Weights are put down as the kernels multiply them: see assembly/resize.ts. */
function putAxis(
  kernels: ImagingKernels,
  inSize: number,
  outSize: number,
  filter: Exclude<ResizeOptions['filter'], 'nearest'>,
): PutAxis {
  const axis = axisCoefficients(inSize, outSize, filter);
  const { first, count, weights, stride } = axis;
  const pairsPerPixel = Math.ceil(stride / 2);
  const packed = new Int32Array(outSize * pairsPerPixel * 2);
  for (let out = 0; out < outSize; out++) {
    for (let pair = 0; pair * 2 < count[out]!; pair++) {
      const at = out * stride + pair * 2;
      const one = weights[at]!;
      const other = pair * 2 + 1 < count[out]! ? weights[at + 1]! : 0;
      const to = (out * pairsPerPixel + pair) * 2;
      packed[to] = ((one >> 15) & 0xffff) | ((other >> 15) << 16);
      packed[to + 1] = (one & 0x7fff) | ((other & 0x7fff) << 16);
    }
  }
  return {
    axis,
    outSize,
    first: kernels.put(first),
    pairs: kernels.put(count.map((taps) => Math.ceil(taps / 2))),
    weights: kernels.put(packed),
    stride: pairsPerPixel * 8,
  };
}

/** Bytes of the picture that are put into the kernels' memory at a time. */
const STRIP = 2 ** 20;

/** The horizontal pass of rows [from, to); without columns they are only put down. */
function filterAllColumns(
  kernels: ImagingKernels,
  image: RgbaImage,
  pass: { columns: PutAxis | null; from: number; to: number; target: number; pitch: number },
): void {
  const { columns, from, to, target, pitch } = pass;
  const rowBytes = image.width * 4;
  if (!columns) {
    putRows(kernels, image, { from, to, target, pitch });
    return;
  }
  const step = Math.max(1, Math.floor(STRIP / rowBytes));
  const strip = kernels.take(rowBytes * Math.min(step, to - from));
  for (let y = from; y < to; y += step) {
    const rows = Math.min(step, to - y);
    putRows(kernels, image, { from: y, to: y + rows, target: strip, pitch: rowBytes });
    filterColumns(kernels, columns, strip, rowBytes, rows, target + (y - from) * pitch, pitch);
  }
}

function filterColumns(
  kernels: ImagingKernels,
  { first, pairs, weights, stride, outSize }: PutAxis,
  source: number,
  sourcePitch: number,
  rows: number,
  target: number,
  targetPitch: number,
): void {
  kernels.run.filterColumns(
    source,
    sourcePitch,
    rows,
    target,
    targetPitch,
    outSize,
    first,
    pairs,
    weights,
    stride,
  );
}

function filterRow(
  kernels: ImagingKernels,
  { axis, weights, stride }: PutAxis,
  y: number,
  source: number,
  pitch: number,
  target: number,
): void {
  kernels.run.filterRow(source, pitch, target, weights + y * stride, Math.ceil(axis.count[y]! / 2));
}

/** Row by row of the result: the rows that it is made of are put down, filtered, and the columns of that one. */
function filterRowsThenColumns(
  kernels: ImagingKernels,
  image: RgbaImage,
  pass: {
    columns: PutAxis | null;
    rows: PutAxis;
    height: number;
    width: number;
    result: number;
    pitch: number;
  },
): void {
  const { columns, rows, height, result, pitch } = pass;
  const { first, count } = rows.axis;
  const wide = rowPitch(image.width);
  const most = count.reduce((largest, taps) => Math.max(largest, taps), 0);
  const strip = kernels.take(wide * (most + 1));
  const middle = kernels.take(wide);
  for (let y = 0; y < height; y++) {
    const from = first[y]!;
    putRows(kernels, image, { from, to: from + count[y]!, target: strip, pitch: wide });
    const target = result + y * pitch;
    filterRow(kernels, rows, y, strip, wide, columns ? middle : target);
    if (columns) filterColumns(kernels, columns, middle, wide, 1, target, pitch);
  }
}

function putRows(
  kernels: ImagingKernels,
  { data, width }: RgbaImage,
  { from, to, target, pitch }: { from: number; to: number; target: number; pitch: number },
): void {
  const rowBytes = width * 4;
  if (pitch === rowBytes) {
    kernels.bytes(target, (to - from) * rowBytes).set(data.subarray(from * rowBytes, to * rowBytes));
    return;
  }
  for (let y = from; y < to; y++) {
    const row = kernels.bytes(target + (y - from) * pitch, rowBytes);
    row.set(data.subarray(y * rowBytes, (y + 1) * rowBytes));
  }
}
