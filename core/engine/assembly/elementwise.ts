/*
 * What is done to single values and to rows: norms, GELU, softmax.
 */

/** e to the x, relative error below 1e-7; below -87 as there, 2e-38. */
@inline
export function exponential(x: v128): v128 {
  // x = (n + f) ln 2 with f from -1/2 to 1/2; the polynomial of 2^f is fitted to the least relative error.
  const scaled = f32x4.mul(f32x4.pmax(x, f32x4.splat(-87)), f32x4.splat(1.44269504));
  const whole = f32x4.nearest(scaled);
  const f = f32x4.sub(scaled, whole);
  let y = f32x4.splat(1.327645863e-3);
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(9.675541734e-3));
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(5.550713319e-2));
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(2.402211972e-1));
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(6.93146967e-1));
  y = f32x4.add(f32x4.mul(y, f), f32x4.splat(1.000000072));
  return i32x4.add(y, i32x4.shl(i32x4.trunc_sat_f32x4_s(whole), 23));
}

/**
 * x Phi(x), Phi the normal distribution, absolute error below 2e-6: Phi(x) = 1/2 + x P(x^2) / Q(x^2), fitted to an
 * error of 2.5e-8 up to |x| = 5.6, beyond which Phi is as good as 0 or 1.
 */
@inline
export function gelu(x: v128): v128 {
  const limit = f32x4.splat(5.6);
  const near = f32x4.pmax(f32x4.pmin(x, limit), f32x4.splat(-5.6));
  const u = f32x4.mul(near, near);
  let p = f32x4.splat(1.080209091e-10);
  p = f32x4.add(f32x4.mul(p, u), f32x4.splat(-2.199722769e-8));
  p = f32x4.add(f32x4.mul(p, u), f32x4.splat(3.361815262e-6));
  p = f32x4.add(f32x4.mul(p, u), f32x4.splat(1.824884922e-4));
  p = f32x4.add(f32x4.mul(p, u), f32x4.splat(4.587690093e-3));
  p = f32x4.add(f32x4.mul(p, u), f32x4.splat(3.711451552e-2));
  p = f32x4.add(f32x4.mul(p, u), f32x4.splat(3.98942126e-1));
  let q = f32x4.splat(6.625478819e-5);
  q = f32x4.add(f32x4.mul(q, u), f32x4.splat(1.901597747e-3));
  q = f32x4.add(f32x4.mul(q, u), f32x4.splat(2.978716708e-2));
  q = f32x4.add(f32x4.mul(q, u), f32x4.splat(2.596964158e-1));
  q = f32x4.add(f32x4.mul(q, u), f32x4.splat(1));
  const odd = f32x4.div(f32x4.mul(near, p), q);
  return f32x4.mul(x, f32x4.add(odd, f32x4.splat(0.5)));
}

@inline
export function sumOfLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** Of a norm: take no mean away, as it is zero. */
export const RMS: i32 = 1;
/** Of a norm: take the mean of its result away. */
export const CENTRED: i32 = 2;

/** LayerNormalization of rows of `channels` (a multiple of 8), one behind the other; `bias` may be 0: none. */
export function normalise(
  source: usize,
  target: usize,
  rows: i32,
  channels: i32,
  scale: usize,
  bias: usize,
  epsilon: f32,
  form: i32,
): void {
  const bytes = <usize>channels << 2;
  const share: f32 = 1.0 / <f32>channels;
  for (let row: i32 = 0; row < rows; row++) {
    let mean: f32 = 0;
    if (!(form & RMS)) {
      let one = f32x4.splat(0);
      let other = f32x4.splat(0);
      for (let at: usize = 0; at < bytes; at += 32) {
        one = f32x4.add(one, v128.load(source + at));
        other = f32x4.add(other, v128.load(source + at, 16));
      }
      mean = sumOfLanes(f32x4.add(one, other)) * share;
    }
    const middle = f32x4.splat(mean);
    let one = f32x4.splat(0);
    let other = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 32) {
      const left = f32x4.sub(v128.load(source + at), middle);
      const right = f32x4.sub(v128.load(source + at, 16), middle);
      one = f32x4.add(one, f32x4.mul(left, left));
      other = f32x4.add(other, f32x4.mul(right, right));
    }
    const variance = sumOfLanes(f32x4.add(one, other)) * share;
    const factor = f32x4.splat(1.0 / sqrt<f32>(variance + epsilon));
    for (let at: usize = 0; at < bytes; at += 16) {
      let value = f32x4.mul(f32x4.sub(v128.load(source + at), middle), factor);
      value = f32x4.mul(value, v128.load(scale + at));
      if (bias) value = f32x4.add(value, v128.load(bias + at));
      v128.store(target + at, value);
    }
    if (form & CENTRED) {
      let sum = f32x4.splat(0);
      for (let at: usize = 0; at < bytes; at += 16) sum = f32x4.add(sum, v128.load(target + at));
      const own = f32x4.splat(sumOfLanes(sum) * share);
      for (let at: usize = 0; at < bytes; at += 16) {
        v128.store(target + at, f32x4.sub(v128.load(target + at), own));
      }
    }
    source += bytes;
    target += bytes;
  }
}

/**
 * The exponentials of a row less its largest, in place, 0 from `count` up to the end of the row (`width`, a multiple
 * of 8); the reciprocal of their sum is returned.
 */
export function softmaxRow(row: usize, count: i32, width: i32): f32 {
  const end = row + (<usize>count << 2);
  const vectors = row + (<usize>(count & ~3) << 2);
  let largest = f32x4.splat(-Infinity);
  let at = row;
  for (; at < vectors; at += 16) largest = f32x4.pmax(largest, v128.load(at));
  let most = max<f32>(
    max<f32>(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max<f32>(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  );
  for (; at < end; at += 4) most = max<f32>(most, load<f32>(at));
  const highest = f32x4.splat(most);
  let sums = f32x4.splat(0);
  for (at = row; at < vectors; at += 16) {
    const value = exponential(f32x4.sub(v128.load(at), highest));
    v128.store(at, value);
    sums = f32x4.add(sums, value);
  }
  let sum = sumOfLanes(sums);
  for (; at < end; at += 4) {
    const value = f32x4.extract_lane(exponential(f32x4.splat(load<f32>(at) - most)), 0);
    store<f32>(at, value);
    sum += value;
  }
  for (const last = row + (<usize>width << 2); at < last; at += 4) store<f32>(at, 0);
  return 1.0 / sum;
}
