/*
 * The pixels of cells between four logits whose corners have different winners: the candidates are interpolated in
 * float64, in the order of operations of paintCells.ts, and the largest is written.
 */

let columnWeights: usize = 0;
let rowWeights: usize = 0;
/** Of each candidate two float64: its logit at the left and at the right edge of the cell, in the row at hand. */
let edges: usize = 0;
let target: usize = 0;
let targetWidth: i32 = 0;
let wideIds: bool = false;

/**
 * Says where things are. `columns`, `rows`: float64, how far each pixel is between its two logits; `scratch`: 16
 * bytes for each class; `ids`: the class map, of bytes or of 16 bits.
 */
export function beginPainting(
  columns: usize,
  rows: usize,
  scratch: usize,
  ids: usize,
  width: i32,
  wide: bool,
): void {
  columnWeights = columns;
  rowWeights = rows;
  edges = scratch;
  target = ids;
  targetWidth = width;
  wideIds = wide;
}

/** The first of the largest candidates at that weight between the edges, -1 where none is above minus infinity. */
function winnerAt(count: i32, weight: f64): i32 {
  const rest = 1.0 - weight;
  let best = -Infinity;
  let winner: i32 = -1;
  let edge = edges;
  for (let index: i32 = 0; index < count; index++, edge += 16) {
    const value = load<f64>(edge) * rest + load<f64>(edge, 8) * weight;
    if (value > best) {
      best = value;
      winner = index;
    }
  }
  return winner;
}

/** Writes a class to the pixels [x, end) of a row. */
function fillRow(y: i32, x: i32, end: i32, id: i32): void {
  let at = y * targetWidth + x;
  const last = y * targetWidth + end;
  if (wideIds) for (; at < last; at++) store<u16>(target + (at << 1), id);
  else for (; at < last; at++) store<u8>(target + at, id);
}

/**
 * Paints the pixels from (firstX, firstY) to (lastX, lastY). `corners`: of each candidate four float32, top left, top
 * right, bottom left, bottom right; `classIds`: uint16, ascending.
 */
export function paintCell(
  corners: usize,
  classIds: usize,
  count: i32,
  firstX: i32,
  lastX: i32,
  firstY: i32,
  lastY: i32,
): void {
  for (let y = firstY; y <= lastY; y++) {
    const below = load<f64>(rowWeights + (y << 3));
    const above = 1.0 - below;
    let edge = edges;
    let corner = corners;
    for (let index: i32 = 0; index < count; index++, edge += 16, corner += 16) {
      store<f64>(edge, <f64>load<f32>(corner) * above + <f64>load<f32>(corner, 8) * below);
      store<f64>(edge, <f64>load<f32>(corner, 4) * above + <f64>load<f32>(corner, 12) * below, 8);
    }
    // Along a row every class is linear, so one that wins at two pixels wins between them.
    let x = firstX;
    let here = winnerAt(count, load<f64>(columnWeights + (x << 3)));
    let step = lastX;
    let there = winnerAt(count, load<f64>(columnWeights + (step << 3)));
    while (true) {
      while (here != there && step - x > 1) {
        step = (x + step) >> 1;
        there = winnerAt(count, load<f64>(columnWeights + (step << 3)));
      }
      fillRow(y, x, step, here < 0 ? 0 : <i32>load<u16>(classIds + (here << 1)));
      fillRow(y, step, step + 1, there < 0 ? 0 : <i32>load<u16>(classIds + (there << 1)));
      if (step == lastX) break;
      x = step;
      here = there;
      step = lastX;
      there = winnerAt(count, load<f64>(columnWeights + (step << 3)));
    }
  }
}
