/*
 * Pillow's two filter passes. A weight w, 22 fractional bits, is taken apart as w = high * 2^15 + low, both of 16
 * bits, so that one instruction multiplies and adds two taps of four channels; sums are the same modulo 2^32.
 * Weights come as pairs of taps: two int16 `high`, two int16 `low`, a missing second tap with weight 0.
 */

const PRECISION_BITS: i32 = 22;
const HALF: i32 = 1 << (PRECISION_BITS - 1);
const LOW_BITS: i32 = 15;

/** Bytes of the weights of a pair of taps. */
const PAIR: i32 = 8;

/** high * 2^15 + low, rounded and shifted to whole numbers, not yet clipped. */
function rounded(high: v128, low: v128): v128 {
  const sum = i32x4.add(i32x4.add(i32x4.shl(high, LOW_BITS), low), i32x4.splat(HALF));
  return i32x4.shr_s(sum, PRECISION_BITS);
}

/**
 * The horizontal pass: RGBA rows, `sourcePitch` bytes apart, to RGBA rows of `outWidth` pixels, `targetPitch` apart.
 * Per output pixel: `first`, int32 input pixel; `pairs`, int32 count of pairs of taps; weights from x * stride bytes.
 * Reads up to four bytes behind the last row.
 */
export function filterColumns(
  source: usize,
  sourcePitch: i32,
  rows: i32,
  target: usize,
  targetPitch: i32,
  outWidth: i32,
  first: usize,
  pairs: usize,
  weights: usize,
  stride: i32,
): void {
  const zero = i32x4.splat(0);
  for (let y: i32 = 0; y < rows; y++) {
    let to = target;
    for (let x: i32 = 0; x < outWidth; x++) {
      let from = source + (load<i32>(first + (x << 2)) << 2);
      let weight = weights + x * stride;
      const end = weight + load<i32>(pairs + (x << 2)) * PAIR;
      let high = zero;
      let low = zero;
      while (weight < end) {
        const pixels = v128.load64_zero(from);
        // r r g g b b a a of two pixels, 16 bits each.
        const channels = i8x16.shuffle(
          pixels, zero, 0, 16, 4, 16, 1, 16, 5, 16, 2, 16, 6, 16, 3, 16, 7, 16,
        ); // prettier-ignore
        high = i32x4.add(high, i32x4.dot_i16x8_s(channels, v128.load32_splat(weight)));
        low = i32x4.add(low, i32x4.dot_i16x8_s(channels, v128.load32_splat(weight, 4)));
        from += 8;
        weight += PAIR;
      }
      const words = i16x8.narrow_i32x4_s(rounded(high, low), zero);
      v128.store32_lane(to, i8x16.narrow_i16x8_u(words, zero), 0);
      to += 4;
    }
    source += sourcePitch;
    target += targetPitch;
  }
}

/**
 * The vertical pass of one output row: `rowBytes` bytes, a multiple of 16, of each of the rows from `source`, one
 * below the other. Reads a row behind the last one where the count of taps is odd.
 */
export function filterRow(source: usize, rowBytes: i32, target: usize, weights: usize, pairs: i32): void {
  const zero = i32x4.splat(0);
  const end = weights + pairs * PAIR;
  for (let x: i32 = 0; x < rowBytes; x += 16) {
    let from = source + x;
    let high0 = zero, high1 = zero, high2 = zero, high3 = zero; // prettier-ignore
    let low0 = zero, low1 = zero, low2 = zero, low3 = zero; // prettier-ignore
    for (let weight = weights; weight < end; weight += PAIR) {
      const above = v128.load(from);
      const below = v128.load(from + rowBytes);
      const high = v128.load32_splat(weight);
      const low = v128.load32_splat(weight, 4);
      const left = i8x16.shuffle(above, below, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const right = i8x16.shuffle(above, below, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31); // prettier-ignore
      let taps = i16x8.extend_low_i8x16_u(left);
      high0 = i32x4.add(high0, i32x4.dot_i16x8_s(taps, high));
      low0 = i32x4.add(low0, i32x4.dot_i16x8_s(taps, low));
      taps = i16x8.extend_high_i8x16_u(left);
      high1 = i32x4.add(high1, i32x4.dot_i16x8_s(taps, high));
      low1 = i32x4.add(low1, i32x4.dot_i16x8_s(taps, low));
      taps = i16x8.extend_low_i8x16_u(right);
      high2 = i32x4.add(high2, i32x4.dot_i16x8_s(taps, high));
      low2 = i32x4.add(low2, i32x4.dot_i16x8_s(taps, low));
      taps = i16x8.extend_high_i8x16_u(right);
      high3 = i32x4.add(high3, i32x4.dot_i16x8_s(taps, high));
      low3 = i32x4.add(low3, i32x4.dot_i16x8_s(taps, low));
      from += rowBytes << 1;
    }
    const words0 = i16x8.narrow_i32x4_s(rounded(high0, low0), rounded(high1, low1));
    const words1 = i16x8.narrow_i32x4_s(rounded(high2, low2), rounded(high3, low3));
    v128.store(target + x, i8x16.narrow_i16x8_u(words0, words1));
  }
}

/** An RGBA row to three rows of floats, `plane` bytes apart, each channel through its own of three tables of 256. */
export function toPlanes(source: usize, width: i32, tables: usize, target: usize, plane: usize): void {
  for (let end = source + (width << 2); source < end; source += 4, target += 4) {
    store<f32>(target, load<f32>(tables + ((<usize>load<u8>(source)) << 2)));
    store<f32>(target + plane, load<f32>(tables + ((<usize>load<u8>(source, 1)) << 2), 1024));
    store<f32>(target + (plane << 1), load<f32>(tables + ((<usize>load<u8>(source, 2)) << 2), 2048));
  }
}

/** An RGBA row to an RGB one; writes a byte behind it. */
export function dropAlpha(source: usize, width: i32, target: usize): void {
  for (let end = source + (width << 2); source < end; source += 4, target += 3) {
    store<u32>(target, load<u32>(source));
  }
}
