/*
 * The two passes over all logits of the postprocessing. Planes are float32 of `positions` values, read in order,
 * so that a caller can hand them over in parts.
 */

/**
 * Puts into `best` and `winners` (float32 and int32 of `positions`) what in the planes of classes `firstId` and up
 * is larger than what stands there: of equal ones the lowest class wins, NaN never.
 */
export function maximise(
  planes: usize,
  count: i32,
  positions: i32,
  firstId: i32,
  best: usize,
  winners: usize,
): void {
  const bytes: usize = positions << 2;
  const vectors: usize = bytes & ~15;
  for (let id = firstId; id < firstId + count; id++) {
    const ids = i32x4.splat(id);
    let at: usize = 0;
    for (; at < vectors; at += 16) {
      const value = v128.load(planes + at);
      const before = v128.load(best + at);
      const larger = f32x4.gt(value, before);
      if (!v128.any_true(larger)) continue;
      v128.store(best + at, v128.bitselect(value, before, larger));
      v128.store(winners + at, v128.bitselect(ids, v128.load(winners + at), larger));
    }
    for (; at < bytes; at += 4) {
      const value = load<f32>(planes + at);
      if (value > load<f32>(best + at)) {
        store<f32>(best + at, value);
        store<i32>(winners + at, id);
      }
    }
    planes += bytes;
  }
}

/**
 * Writes as int32 to `found`, in order, the positions of a plane whose value is at least that of `bars`; NaN is
 * not. Returns how many.
 */
export function findAbove(plane: usize, bars: usize, positions: i32, found: usize): i32 {
  const begin = found;
  const bytes: usize = positions << 2;
  const vectors: usize = bytes & ~15;
  let at: usize = 0;
  for (; at < vectors; at += 16) {
    let lanes = i32x4.bitmask(f32x4.ge(v128.load(plane + at), v128.load(bars + at)));
    while (lanes != 0) {
      store<i32>(found, <i32>(at >> 2) + ctz(lanes));
      found += 4;
      lanes &= lanes - 1;
    }
  }
  for (; at < bytes; at += 4) {
    if (load<f32>(plane + at) >= load<f32>(bars + at)) {
      store<i32>(found, <i32>(at >> 2));
      found += 4;
    }
  }
  return <i32>((found - begin) >> 2);
}
