/*
 * The gates of a student: which neurons of a layer are computed for a picture, and the weights of those alone.
 */

import { gelu } from './elementwise';

/** The sum of the rows [from, to), [channels] (a multiple of 4). */
export function sumRows(source: usize, channels: i32, from: i32, to: i32, target: usize): void {
  const bytes = (<usize>channels) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    let sum = f32x4.splat(0);
    let row = source + <usize>from * bytes + at;
    for (let index = from; index < to; index++, row += bytes) sum = f32x4.add(sum, v128.load(row));
    v128.store(target + at, sum);
  }
}

/**
 * Chooses. `task`, int32 each: 0 partial sums [parts, channels], 1 parts, 2 channels, 3 tokens, 4 what is added to the
 * mean or 0, 5 scale of its norm or 0, 6 bias of the norm, 7 epsilon (float32), 8 count of layers, 9 groups, 10 neurons
 * of a group, 11 kept of a group, 12 entries of a group in the lists, 13 list of the kept (int32, -1: none), 14 list
 * of their values (float32), 15 scratch, twice the widest vector; from 16 on four for each layer: weights [out, in],
 * bias or 0, in, out.
 */
export function chooseNeurons(task: usize): void {
  const parts = load<i32>(task, 4);
  const channels = load<i32>(task, 8);
  const share: f32 = 1.0 / <f32>load<i32>(task, 12);
  let x = <usize>load<i32>(task, 60);
  const sums = <usize>load<i32>(task);
  const offset = <usize>load<i32>(task, 16);
  for (let i: i32 = 0; i < channels; i++) {
    const at = (<usize>i) << 2;
    let sum: f64 = 0;
    for (let part: i32 = 0; part < parts; part++)
      sum += <f64>load<f32>(sums + ((<usize>(part * channels)) << 2) + at);
    let value = <f32>sum * share;
    if (offset) value += load<f32>(offset + at);
    store<f32>(x + at, value);
  }
  const scale = <usize>load<i32>(task, 20);
  if (scale) normaliseVector(x, channels, scale, <usize>load<i32>(task, 24), load<f32>(task, 28));
  const layers = load<i32>(task, 32);
  let widest = channels;
  for (let layer: i32 = 0; layer < layers; layer++) {
    widest = max<i32>(widest, load<i32>(task + 64 + ((<usize>layer) << 4), 12));
  }
  let y = x + ((<usize>widest) << 2);
  for (let layer: i32 = 0; layer < layers; layer++) {
    const own = task + 64 + ((<usize>layer) << 4);
    const inputs = load<i32>(own, 8);
    const outputs = load<i32>(own, 12);
    const bias = <usize>load<i32>(own, 4);
    let weight = <usize>load<i32>(own);
    for (let out: i32 = 0; out < outputs; out++) {
      let sum: f32 = bias ? load<f32>(bias + ((<usize>out) << 2)) : 0;
      for (let i: i32 = 0; i < inputs; i++, weight += 4)
        sum += load<f32>(weight) * load<f32>(x + ((<usize>i) << 2));
      if (layer + 1 < layers) sum = f32x4.extract_lane(gelu(f32x4.splat(sum)), 0);
      store<f32>(y + ((<usize>out) << 2), sum);
    }
    const swap = x;
    x = y;
    y = swap;
  }
  const groups = load<i32>(task, 36);
  const width = load<i32>(task, 40);
  const kept = load<i32>(task, 44);
  const entries = load<i32>(task, 48);
  let list = <usize>load<i32>(task, 52);
  let values = <usize>load<i32>(task, 56);
  for (let group: i32 = 0; group < groups; group++) {
    const scores = x + ((<usize>(group * width)) << 2);
    let found: i32 = 0;
    for (let i: i32 = 0; i < width && found < kept; i++) {
      const own = load<f32>(scores + ((<usize>i) << 2));
      // Of equal ones those that come first, as TopK.
      let better: i32 = 0;
      for (let j: i32 = 0; j < width; j++) {
        const other = load<f32>(scores + ((<usize>j) << 2));
        better += (<i32>(other > own)) | ((<i32>(other == own)) & (<i32>(j < i)));
      }
      if (better < kept) {
        store<i32>(list + ((<usize>found) << 2), group * width + i);
        store<f32>(values + ((<usize>found) << 2), own);
        found++;
      }
    }
    for (; found < entries; found++) {
      store<i32>(list + ((<usize>found) << 2), -1);
      store<f32>(values + ((<usize>found) << 2), 0);
    }
    list += (<usize>entries) << 2;
    values += (<usize>entries) << 2;
  }
}

function normaliseVector(x: usize, channels: i32, scale: usize, bias: usize, epsilon: f32): void {
  let mean: f32 = 0;
  for (let i: i32 = 0; i < channels; i++) mean += load<f32>(x + ((<usize>i) << 2));
  mean /= <f32>channels;
  let variance: f32 = 0;
  for (let i: i32 = 0; i < channels; i++) {
    const value = load<f32>(x + ((<usize>i) << 2)) - mean;
    variance += value * value;
  }
  const factor: f32 = 1.0 / sqrt<f32>(variance / <f32>channels + epsilon);
  for (let i: i32 = 0; i < channels; i++) {
    const at = (<usize>i) << 2;
    store<f32>(x + at, (load<f32>(x + at) - mean) * factor * load<f32>(scale + at) + load<f32>(bias + at));
  }
}

/** Panel `panel` of [count / 8][width][8] of the rows in a list of a matrix [neurons, width], each times its scale. */
export function packKeptRows(
  source: usize,
  width: i32,
  list: usize,
  scales: usize,
  panel: i32,
  target: usize,
): void {
  const to = target + ((<usize>panel * width) << 5);
  for (let lane: i32 = 0; lane < 8; lane++) {
    const entry = (<usize>(panel * 8 + lane)) << 2;
    const row = load<i32>(list + entry);
    let at = to + ((<usize>lane) << 2);
    if (row < 0) {
      for (let i: i32 = 0; i < width; i++, at += 32) store<f32>(at, 0);
      continue;
    }
    const scale: f32 = scales ? load<f32>(scales + entry) : 1;
    let from = source + ((<usize>row * width) << 2);
    for (let i: i32 = 0; i < width; i++, from += 4, at += 32) store<f32>(at, load<f32>(from) * scale);
  }
}

/** Panel `panel` of [width / 8][count][8] of the rows in a list of a matrix [neurons, width]. */
export function packKeptColumns(
  source: usize,
  width: i32,
  list: usize,
  count: i32,
  panel: i32,
  target: usize,
): void {
  let to = target + ((<usize>panel * count) << 5);
  const column = source + ((<usize>panel) << 5);
  for (let entry: i32 = 0; entry < count; entry++, to += 32) {
    const row = load<i32>(list + ((<usize>entry) << 2));
    if (row < 0) {
      v128.store(to, f32x4.splat(0));
      v128.store(to, f32x4.splat(0), 16);
      continue;
    }
    const from = column + ((<usize>row * width) << 2);
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
  }
}

/** Rows of `neurons` floats to rows of the `count` ones in a list, each times its scale; 0 where there is none. */
export function gatherKept(
  source: usize,
  neurons: i32,
  rows: i32,
  list: usize,
  count: i32,
  scales: usize,
  target: usize,
): void {
  for (let row: i32 = 0; row < rows; row++) {
    for (let entry: i32 = 0; entry < count; entry++, target += 4) {
      const at = (<usize>entry) << 2;
      const neuron = load<i32>(list + at);
      if (neuron < 0) store<f32>(target, 0);
      else
        store<f32>(
          target,
          load<f32>(source + ((<usize>neuron) << 2)) * (scales ? load<f32>(scales + at) : 1),
        );
    }
    source += (<usize>neurons) << 2;
  }
}

/** A bias [width] and, for each neuron in a list, its factor times its row of a matrix [neurons, width]. */
export function addKeptRows(
  bias: usize,
  factors: usize,
  matrix: usize,
  width: i32,
  list: usize,
  count: i32,
  target: usize,
): void {
  for (let i: i32 = 0; i < width; i++)
    store<f32>(target + ((<usize>i) << 2), load<f32>(bias + ((<usize>i) << 2)));
  for (let entry: i32 = 0; entry < count; entry++) {
    const neuron = load<i32>(list + ((<usize>entry) << 2));
    if (neuron < 0) continue;
    const factor = load<f32>(factors + ((<usize>neuron) << 2));
    const row = matrix + ((<usize>neuron * width) << 2);
    for (let i: i32 = 0; i < width; i++) {
      const at = target + ((<usize>i) << 2);
      store<f32>(at, load<f32>(at) + factor * load<f32>(row + ((<usize>i) << 2)));
    }
  }
}
