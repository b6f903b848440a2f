/*
 * Layers that look at more than one row: convolutions, and what attention and head are made of.
 */

import { gelu, softmaxRow, sumOfLanes } from './elementwise';
import { multiply, setEpilogue } from './gemm';

/** Copies `bytes`, a multiple of 16. */
@inline
function copy(target: usize, source: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) v128.store(target + at, v128.load(source + at));
}

@inline
function clear(target: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) v128.store(target + at, f32x4.splat(0));
}

/**
 * The patches that a convolution sees at output pixels [from, to), one row each. Of tokens [height, width, channels]
 * (channels a multiple of 8) in the order ky, kx, channel.
 */
export function tokenPatches(
  source: usize,
  height: i32,
  width: i32,
  channels: i32,
  outWidth: i32,
  kernel: i32,
  stride: i32,
  padding: i32,
  from: i32,
  to: i32,
  target: usize,
): void {
  const bytes = <usize>channels << 2;
  for (let out = from; out < to; out++) {
    const y0 = (out / outWidth) * stride - padding;
    const x0 = (out % outWidth) * stride - padding;
    for (let ky: i32 = 0; ky < kernel; ky++) {
      const y = y0 + ky;
      for (let kx: i32 = 0; kx < kernel; kx++) {
        const x = x0 + kx;
        if (y >= 0 && y < height && x >= 0 && x < width) {
          copy(target, source + <usize>(y * width + x) * bytes, bytes);
        } else {
          clear(target, bytes);
        }
        target += bytes;
      }
    }
  }
}

/** The same of planes [channels, height, width], in the order channel, ky, kx. */
export function planePatches(
  source: usize,
  height: i32,
  width: i32,
  channels: i32,
  outWidth: i32,
  kernel: i32,
  stride: i32,
  padding: i32,
  from: i32,
  to: i32,
  target: usize,
): void {
  const plane = <usize>(height * width) << 2;
  for (let out = from; out < to; out++) {
    const y0 = (out / outWidth) * stride - padding;
    const x0 = (out % outWidth) * stride - padding;
    const inside = y0 >= 0 && x0 >= 0 && y0 + kernel <= height && x0 + kernel <= width;
    for (let channel: i32 = 0; channel < channels; channel++) {
      const start = source + <usize>channel * plane;
      for (let ky: i32 = 0; ky < kernel; ky++) {
        const y = y0 + ky;
        if (inside) {
          let pixel = start + (<usize>(y * width + x0) << 2);
          for (let kx: i32 = 0; kx < kernel; kx++) {
            store<f32>(target, load<f32>(pixel));
            pixel += 4;
            target += 4;
          }
          continue;
        }
        for (let kx: i32 = 0; kx < kernel; kx++) {
          const x = x0 + kx;
          const seen = y >= 0 && y < height && x >= 0 && x < width;
          store<f32>(target, seen ? load<f32>(start + (<usize>(y * width + x) << 2)) : 0);
          target += 4;
        }
      }
    }
  }
}

/**
 * Depthwise 3x3 convolution, padding 1, with bias, then GELU: row `y` of tokens [height, width, channels]. `weights`:
 * [9, channels]; `zeros`: as many zeros as there are channels.
 */
export function depthwiseRow(
  source: usize,
  target: usize,
  height: i32,
  width: i32,
  channels: i32,
  y: i32,
  weights: usize,
  bias: usize,
  zeros: usize,
): void {
  const bytes = <usize>channels << 2;
  const pitch = <usize>width * bytes;
  const middle = source + <usize>y * pitch;
  const hasAbove = y > 0;
  const hasBelow = y + 1 < height;
  let out = target + <usize>y * pitch;
  for (let x: i32 = 0; x < width; x++) {
    const here = middle + <usize>x * bytes;
    const hasLeft = x > 0;
    const hasRight = x + 1 < width;
    const p0 = hasAbove && hasLeft ? here - pitch - bytes : zeros;
    const p1 = hasAbove ? here - pitch : zeros;
    const p2 = hasAbove && hasRight ? here - pitch + bytes : zeros;
    const p3 = hasLeft ? here - bytes : zeros;
    const p5 = hasRight ? here + bytes : zeros;
    const p6 = hasBelow && hasLeft ? here + pitch - bytes : zeros;
    const p7 = hasBelow ? here + pitch : zeros;
    const p8 = hasBelow && hasRight ? here + pitch + bytes : zeros;
    let w = weights;
    for (let at: usize = 0; at < bytes; at += 16) {
      let from = w;
      let sum = v128.load(bias + at);
      sum = f32x4.add(sum, f32x4.mul(v128.load(p0 + at), v128.load(from)));
      from += bytes;
      let other = f32x4.mul(v128.load(p1 + at), v128.load(from));
      from += bytes;
      sum = f32x4.add(sum, f32x4.mul(v128.load(p2 + at), v128.load(from)));
      from += bytes;
      other = f32x4.add(other, f32x4.mul(v128.load(p3 + at), v128.load(from)));
      from += bytes;
      sum = f32x4.add(sum, f32x4.mul(v128.load(here + at), v128.load(from)));
      from += bytes;
      other = f32x4.add(other, f32x4.mul(v128.load(p5 + at), v128.load(from)));
      from += bytes;
      sum = f32x4.add(sum, f32x4.mul(v128.load(p6 + at), v128.load(from)));
      from += bytes;
      other = f32x4.add(other, f32x4.mul(v128.load(p7 + at), v128.load(from)));
      from += bytes;
      sum = f32x4.add(sum, f32x4.mul(v128.load(p8 + at), v128.load(from)));
      v128.store(out + at, gelu(f32x4.add(sum, other)));
      w += 16;
    }
    out += bytes;
  }
}

/** Rows [n, width] to panels [ceil(n / 8)][width][8] of one head, its transpose; rows beyond n are 0. */
export function packTransposed(
  source: usize,
  pitch: usize,
  n: i32,
  width: i32,
  scale: f32,
  target: usize,
  firstPanel: i32,
  lastPanel: i32,
): void {
  const bytes = <usize>width << 5;
  for (let panel = firstPanel; panel < lastPanel; panel++) {
    const to = target + <usize>panel * bytes;
    for (let lane: i32 = 0; lane < 8; lane++) {
      const row = panel * 8 + lane;
      let at = to + (<usize>lane << 2);
      if (row < n) {
        let from = source + <usize>row * pitch;
        for (let i: i32 = 0; i < width; i++, from += 4, at += 32) store<f32>(at, load<f32>(from) * scale);
      } else {
        for (let i: i32 = 0; i < width; i++, at += 32) store<f32>(at, 0);
      }
    }
  }
}

/** Rows [n, width] (width a multiple of 8) to panels [width / 8][n][8]. */
export function packColumns(source: usize, pitch: usize, n: i32, panel: i32, target: usize): void {
  let from = source + (<usize>panel << 5);
  let to = target + ((<usize>panel * n) << 5);
  for (let row: i32 = 0; row < n; row++, from += pitch, to += 32) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
  }
}

/** The product of each of the rows [from, to), `channels` wide, with a vector. */
export function dotRows(source: usize, channels: i32, vector: usize, from: i32, to: i32, target: usize): void {
  const bytes = <usize>channels << 2;
  for (let row = from; row < to; row++) {
    const at = source + <usize>row * bytes;
    let sum = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(at + i), v128.load(vector + i)));
    }
    store<f32>(target + (<usize>row << 2), sumOfLanes(sum));
  }
}

/**
 * softmax(Q K^T + offsets) V of some rows and one head. `scores`: scratch, `rows` times the padded count of keys,
 * and one float for each row behind.
 */
export function attendRows(
  queries: usize,
  queryPitch: usize,
  rows: i32,
  queryWidth: i32,
  keys: usize,
  offsets: usize,
  count: i32,
  values: usize,
  valueWidth: i32,
  zeros: usize,
  addend: usize,
  target: usize,
  targetPitch: usize,
  scores: usize,
): void {
  const panels = (count + 7) >> 3;
  const pitch = <usize>panels << 5;
  setEpilogue(0, 0, 0, false);
  multiply(queries, queryPitch, rows, keys, panels, queryWidth, scores, pitch, offsets);
  const sums = scores + <usize>rows * pitch;
  for (let row: i32 = 0; row < rows; row++) {
    store<f32>(sums + (<usize>row << 2), softmaxRow(scores + <usize>row * pitch, count, panels << 3));
  }
  setEpilogue(sums, addend, targetPitch, false);
  multiply(scores, pitch, rows, values, valueWidth >> 3, count, target, targetPitch, zeros);
  setEpilogue(0, 0, 0, false);
}

/** Adds to each of `width` pixels of a row what a coarser map [height, smallWidth, depth] has there, bilinearly. */
function addMap(
  row: usize,
  width: i32,
  depth: i32,
  map: usize,
  smallWidth: i32,
  above: i32,
  below: i32,
  weightBelow: f32,
  lefts: usize,
  rights: usize,
  weights: usize,
  blended: usize,
): void {
  const bytes = <usize>depth << 2;
  const length = <usize>smallWidth * bytes;
  const upper = map + <usize>above * length;
  const lower = map + <usize>below * length;
  const toLower = f32x4.splat(weightBelow);
  const toUpper = f32x4.splat(1 - weightBelow);
  for (let at: usize = 0; at < length; at += 16) {
    v128.store(
      blended + at,
      f32x4.add(f32x4.mul(v128.load(upper + at), toUpper), f32x4.mul(v128.load(lower + at), toLower)),
    );
  }
  for (let x: i32 = 0; x < width; x++) {
    const offset = <usize>x << 2;
    const left = blended + <usize>load<i32>(lefts + offset) * bytes;
    const right = blended + <usize>load<i32>(rights + offset) * bytes;
    const weight = load<f32>(weights + offset);
    const toRight = f32x4.splat(weight);
    const toLeft = f32x4.splat(1 - weight);
    for (let at: usize = 0; at < bytes; at += 16) {
      const value = f32x4.add(f32x4.mul(v128.load(left + at), toLeft), f32x4.mul(v128.load(right + at), toRight));
      v128.store(row + at, f32x4.add(v128.load(row + at), value));
    }
    row += bytes;
  }
}

/**
 * A row of the logits. `task`, int32 each: 0 tokens of the finest stage, 1 their channels, 2 panels of their weights,
 * 3 bias, 4 width, 5 height, 6 depth, 7 classifier rows [classes, depth + 1], the last its bias, 8 classes, 9 logits,
 * 10 count of coarser maps; from 12 on eight for each: map, its width, then int32 [height] rows above and below and
 * float32 their weight, the same for columns.
 */
export function headRow(task: usize, y: i32, scratch: usize): void {
  const channels = load<i32>(task, 4);
  const width = load<i32>(task, 16);
  const height = load<i32>(task, 20);
  const depth = load<i32>(task, 24);
  const classes = load<i32>(task, 32);
  const bytes = <usize>depth << 2;
  const rows = scratch;
  const packed = rows + <usize>width * bytes;
  const panels = (width + 7) >> 3;
  const panelBytes = <usize>(depth + 1) << 5;
  const blended = packed + <usize>panels * panelBytes;
  const tokens = <usize>load<i32>(task) + (<usize>(y * width * channels) << 2);
  setEpilogue(0, 0, 0, false);
  multiply(tokens, <usize>channels << 2, width, load<i32>(task, 8), depth >> 3, channels, rows, bytes, load<i32>(task, 12)); // prettier-ignore
  const maps = load<i32>(task, 40);
  const line = <usize>y << 2;
  for (let index: i32 = 0; index < maps; index++) {
    const own = task + 48 + (<usize>index << 5);
    addMap(
      rows,
      width,
      depth,
      load<i32>(own),
      load<i32>(own, 4),
      load<i32>(<usize>load<i32>(own, 8) + line),
      load<i32>(<usize>load<i32>(own, 12) + line),
      load<f32>(<usize>load<i32>(own, 16) + line),
      load<i32>(own, 20),
      load<i32>(own, 24),
      load<i32>(own, 28),
      blended,
    );
  }
  // What is below 0 becomes 0, pixels become columns; below them a row of ones for the bias.
  const zero = f32x4.splat(0);
  for (let panel: i32 = 0; panel < panels; panel++) {
    const to = packed + <usize>panel * panelBytes;
    const pixel = rows + (<usize>panel << 3) * bytes;
    const last = width - (panel << 3);
    if (last >= 8) {
      for (let at: usize = 0; at < bytes; at += 16) {
        for (let half: usize = 0; half < 2; half++) {
          const from = pixel + half * 4 * bytes + at;
          const a = v128.load(from);
          const b = v128.load(from + bytes);
          const c = v128.load(from + 2 * bytes);
          const d = v128.load(from + 3 * bytes);
          const ab0 = i32x4.shuffle(a, b, 0, 4, 1, 5);
          const ab1 = i32x4.shuffle(a, b, 2, 6, 3, 7);
          const cd0 = i32x4.shuffle(c, d, 0, 4, 1, 5);
          const cd1 = i32x4.shuffle(c, d, 2, 6, 3, 7);
          const out = to + (at << 3) + (half << 4);
          const r0 = i64x2.shuffle(ab0, cd0, 0, 2);
          const r1 = i64x2.shuffle(ab0, cd0, 1, 3);
          const r2 = i64x2.shuffle(ab1, cd1, 0, 2);
          const r3 = i64x2.shuffle(ab1, cd1, 1, 3);
          v128.store(out, v128.andnot(r0, f32x4.lt(r0, zero)));
          v128.store(out, v128.andnot(r1, f32x4.lt(r1, zero)), 32);
          v128.store(out, v128.andnot(r2, f32x4.lt(r2, zero)), 64);
          v128.store(out, v128.andnot(r3, f32x4.lt(r3, zero)), 96);
        }
      }
    } else {
      for (let lane: i32 = 0; lane < 8; lane++) {
        for (let i: i32 = 0; i < depth; i++) {
          let value: f32 = lane < last ? load<f32>(pixel + <usize>lane * bytes + (<usize>i << 2)) : 0;
          if (value < 0) value = 0;
          store<f32>(to + (<usize>i << 5) + (<usize>lane << 2), value);
        }
      }
    }
    const ones = to + (<usize>depth << 5);
    v128.store(ones, f32x4.splat(1));
    v128.store(ones, f32x4.splat(1), 16);
  }
  const classifier = <usize>load<i32>(task, 28);
  const plane = <usize>(width * height) << 2;
  const logits = <usize>load<i32>(task, 36) + (<usize>(y * width) << 2);
  const whole = width >> 3;
  // Zeros for the start of the sums: the row buffer is no longer needed.
  clear(rows, <usize>panels << 5);
  multiply(classifier, bytes + 4, classes, packed, whole, depth + 1, logits, plane, rows);
  const rest = width - (whole << 3);
  if (rest > 0) {
    multiply(classifier, bytes + 4, classes, packed + <usize>whole * panelBytes, 1, depth + 1, blended, 32, rows);
    for (let id: i32 = 0; id < classes; id++) {
      for (let lane: i32 = 0; lane < rest; lane++) {
        const to = logits + <usize>id * plane + (<usize>(whole * 8 + lane) << 2);
        store<f32>(to, load<f32>(blended + (<usize>id << 5) + (<usize>lane << 2)));
      }
    }
  }
}
