/*
 * The whole of the postprocessing over logits that lie in memory together: `upsampleArgmaxBy` of postprocess.ts, step
 * by step, without a word from outside in between. A cell is named by its top left position.
 */

import { beginPainting, paintCell } from './paintCells';
import { maximise } from './scanLogits';

/** Of a cell: four winners as int32 (the first -1: all are one), then float32 [4 winners, 4 corners]. */
const RIVALS: usize = 80;

/** Where everything is: int32 each, in this order. */
let logits: usize = 0;
let classes: i32 = 0;
let width: i32 = 0;
let height: i32 = 0;
let outWidth: i32 = 0;
/** int32: the first output column, or row, of each cell, and one more. */
let columnStarts: usize = 0;
let rowStarts: usize = 0;
/** int32 [positions]. */
let winners: usize = 0;
/** float32 [positions]: the largest logits, then the least floors of the cells around. */
let bars: usize = 0;
/** float32 [positions]: some winner is nowhere in the cell below this; infinity for cells of one winner. */
let floors: usize = 0;
/** Of each cell RIVALS bytes. */
let rivals: usize = 0;
/** Of each cell a bit for each class that can win in it. */
let masks: usize = 0;
/** int32 [positions]: found by a scan. */
let found: usize = 0;
/** The candidates of a cell: float32 [classes, 4] and uint16 [classes]. */
let corners: usize = 0;
let classIds: usize = 0;
let ids: usize = 0;
let wide: bool = false;

/**
 * The class map of logits. `task`: the addresses and sizes above as int32, in their order from `logits` to `wide`, then
 * the float64 weights of columns and rows and the scratch of paintCells.ts.
 */
export function upsample(task: usize): void {
  logits = <usize>load<i32>(task);
  classes = load<i32>(task, 4);
  width = load<i32>(task, 8);
  height = load<i32>(task, 12);
  outWidth = load<i32>(task, 16);
  columnStarts = <usize>load<i32>(task, 20);
  rowStarts = <usize>load<i32>(task, 24);
  winners = <usize>load<i32>(task, 28);
  bars = <usize>load<i32>(task, 32);
  floors = <usize>load<i32>(task, 36);
  rivals = <usize>load<i32>(task, 40);
  masks = <usize>load<i32>(task, 44);
  found = <usize>load<i32>(task, 48);
  corners = <usize>load<i32>(task, 52);
  classIds = <usize>load<i32>(task, 56);
  ids = <usize>load<i32>(task, 60);
  wide = load<i32>(task, 64) != 0;
  const positions = width * height;
  const bytes = (<usize>positions) << 2;
  for (let at: usize = 0; at < bytes; at += 4) {
    store<f32>(bars + at, -Infinity);
    store<i32>(winners + at, 0);
  }
  maximise(logits, classes, positions, 0, bars, winners);
  if (findFloors()) {
    lowerBars();
    collect();
  }
  fill();
  beginPainting(<usize>load<i32>(task, 68), <usize>load<i32>(task, 72), <usize>load<i32>(task, 76), ids, outWidth, wide); // prettier-ignore
  paint();
}

/** Bytes from a position to the one right of it, 0 at the border. */
function toRight(x: i32): usize {
  return x + 1 < width ? 4 : 0;
}

function toBelow(y: i32): usize {
  return y + 1 < height ? (<usize>width) << 2 : 0;
}

function winnerAt(at: usize): i32 {
  return load<i32>(winners + at);
}

function isMixed(cell: usize): bool {
  return load<i32>(rivals + (cell >> 2) * RIVALS) >= 0;
}

/** The floors of all cells that hold pixels and have different winners; whether there are any. */
function findFloors(): bool {
  let any = false;
  const plane = (<usize>(width * height)) << 2;
  let at: usize = 0;
  for (let y: i32 = 0; y < height; y++) {
    const line = (<usize>y) << 2;
    const seenRow = load<i32>(rowStarts + line) != load<i32>(rowStarts + line, 4);
    const below = toBelow(y);
    for (let x: i32 = 0; x < width; x++, at += 4) {
      const own = rivals + (at >> 2) * RIVALS;
      store<f32>(floors + at, Infinity);
      store<i32>(own, -1);
      if (!seenRow) continue;
      const right = toRight(x);
      const a = winnerAt(at);
      const b = winnerAt(at + right);
      const c = winnerAt(at + below);
      const d = winnerAt(at + below + right);
      if (a == b && a == c && a == d) continue;
      const column = (<usize>x) << 2;
      if (load<i32>(columnStarts + column) == load<i32>(columnStarts + column, 4)) continue;
      any = true;
      store<i32>(own, a);
      store<i32>(own, b, 4);
      store<i32>(own, c, 8);
      store<i32>(own, d, 12);
      let floor: f32 = -Infinity;
      for (let rival: usize = 0; rival < 4; rival++) {
        const from = logits + <usize>load<i32>(own + (rival << 2)) * plane + at;
        const values = own + 16 + (rival << 4);
        const va = load<f32>(from);
        const vb = load<f32>(from + right);
        const vc = load<f32>(from + below);
        const vd = load<f32>(from + below + right);
        store<f32>(values, va);
        store<f32>(values, vb, 4);
        store<f32>(values, vc, 8);
        store<f32>(values, vd, 12);
        // NaN where a corner is: such a rival beats nobody.
        const least = min<f32>(min<f32>(va, vb), min<f32>(vc, vd));
        if (least > floor) floor = least;
      }
      store<f32>(floors + at, floor);
    }
  }
  return any;
}

/** Of each position the least floor of the cells that it is a corner of. */
function lowerBars(): void {
  const pitch = (<usize>width) << 2;
  let at: usize = 0;
  for (let y: i32 = 0; y < height; y++) {
    for (let x: i32 = 0; x < width; x++, at += 4) {
      let bar = load<f32>(floors + at);
      if (x > 0) bar = min<f32>(bar, load<f32>(floors + at - 4));
      if (y > 0) bar = min<f32>(bar, load<f32>(floors + at - pitch));
      if (x > 0 && y > 0) bar = min<f32>(bar, load<f32>(floors + at - pitch - 4));
      store<f32>(bars + at, bar);
    }
  }
}

/** Whether a winner of the cell is larger than a class at all corners; equal is enough for a lower id. */
function isBeaten(own: usize, id: i32, a: f32, b: f32, c: f32, d: f32): bool {
  for (let rival: usize = 0; rival < 4; rival++) {
    const rivalId = load<i32>(own + (rival << 2));
    if (rivalId == id) continue;
    const values = own + 16 + (rival << 4);
    const va = load<f32>(values);
    const vb = load<f32>(values, 4);
    const vc = load<f32>(values, 8);
    const vd = load<f32>(values, 12);
    if (rivalId < id ? a <= va && b <= vb && c <= vc && d <= vd : a < va && b < vb && c < vc && d < vd) {
      return true;
    }
  }
  return false;
}

/** Sets the bit of a class in a cell where it is not beaten, nor NaN at a corner. */
function look(plane: usize, cell: usize, x: i32, y: i32, id: i32, mask: usize): void {
  if (!isMixed(cell)) return;
  const right = toRight(x);
  const below = toBelow(y);
  const at = plane + cell;
  const a = load<f32>(at);
  const b = load<f32>(at + right);
  const c = load<f32>(at + below);
  const d = load<f32>(at + below + right);
  if (a != a || b != b || c != c || d != d) return;
  if (isBeaten(rivals + (cell >> 2) * RIVALS, id, a, b, c, d)) return;
  const byte = masks + (cell >> 2) * mask + <usize>(id >> 3);
  const bit = 1 << (id & 7);
  store<u8>(byte, load<u8>(byte) | (<u8>bit));
}

function maskBytes(): usize {
  return <usize>((classes + 7) >> 3);
}

/** The candidates of all cells, class by class: memory is read in order. */
function collect(): void {
  const positions = width * height;
  const mask = maskBytes();
  memory.fill(masks, 0, <usize>positions * mask);
  const pitch = (<usize>width) << 2;
  let plane = logits;
  const bytes = (<usize>positions) << 2;
  const vectors: usize = bytes & ~15;
  for (let id: i32 = 0; id < classes; id++, plane += bytes) {
    let count: usize = 0;
    let at: usize = 0;
    for (; at < vectors; at += 16) {
      let lanes = i32x4.bitmask(f32x4.ge(v128.load(plane + at), v128.load(bars + at)));
      while (lanes != 0) {
        store<i32>(found + count, <i32>at + (ctz(lanes) << 2));
        count += 4;
        lanes &= lanes - 1;
      }
    }
    for (; at < bytes; at += 4) {
      if (load<f32>(plane + at) >= load<f32>(bars + at)) {
        store<i32>(found + count, <i32>at);
        count += 4;
      }
    }
    for (let each: usize = 0; each < count; each += 4) {
      const corner = <usize>load<i32>(found + each);
      const position = <i32>(corner >> 2);
      const y = position / width;
      const x = position - y * width;
      look(plane, corner, x, y, id, mask);
      if (x > 0) look(plane, corner - 4, x - 1, y, id, mask);
      if (y > 0) look(plane, corner - pitch, x, y - 1, id, mask);
      if (x > 0 && y > 0) look(plane, corner - pitch - 4, x - 1, y - 1, id, mask);
    }
  }
}

/** Gives every pixel the winner of its cell's top left corner. */
function fill(): void {
  const shift: usize = wide ? 1 : 0;
  const bytes = (<usize>outWidth) << shift;
  for (let y: i32 = 0; y < height; y++) {
    const line = (<usize>y) << 2;
    const first = load<i32>(rowStarts + line);
    const end = load<i32>(rowStarts + line, 4);
    if (first == end) continue;
    const row = ids + <usize>first * bytes;
    for (let x: i32 = 0; x < width; x++) {
      const column = (<usize>x) << 2;
      const id = winnerAt((<usize>(y * width + x)) << 2);
      let from = load<i32>(columnStarts + column);
      const to = load<i32>(columnStarts + column, 4);
      if (wide) for (; from < to; from++) store<u16>(row + ((<usize>from) << 1), id);
      else for (; from < to; from++) store<u8>(row + <usize>from, id);
    }
    for (let copy = first + 1; copy < end; copy++) memory.copy(ids + <usize>copy * bytes, row, bytes);
  }
}

/** Paints the cells of different winners. */
function paint(): void {
  const plane = (<usize>(width * height)) << 2;
  const mask = maskBytes();
  let cell: usize = 0;
  for (let y: i32 = 0; y < height; y++) {
    const below = toBelow(y);
    const line = (<usize>y) << 2;
    for (let x: i32 = 0; x < width; x++, cell += 4) {
      if (!isMixed(cell)) continue;
      const right = toRight(x);
      const bits = masks + (cell >> 2) * mask;
      let count: i32 = 0;
      for (let byte: usize = 0; byte < mask; byte++) {
        let set = <i32>load<u8>(bits + byte);
        while (set != 0) {
          const id = <i32>(byte << 3) + ctz(set);
          set &= set - 1;
          const from = logits + <usize>id * plane + cell;
          const to = corners + ((<usize>count) << 4);
          store<f32>(to, load<f32>(from));
          store<f32>(to, load<f32>(from + right), 4);
          store<f32>(to, load<f32>(from + below), 8);
          store<f32>(to, load<f32>(from + below + right), 12);
          store<u16>(classIds + ((<usize>count) << 1), id);
          count++;
        }
      }
      const column = (<usize>x) << 2;
      paintCell(
        corners,
        classIds,
        count,
        load<i32>(columnStarts + column),
        load<i32>(columnStarts + column, 4) - 1,
        load<i32>(rowStarts + line),
        load<i32>(rowStarts + line, 4) - 1,
      );
    }
  }
}
