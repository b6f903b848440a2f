/** Which pixels one pass of a PNG holds: every stepX-th from left, every stepY-th from top. */
export interface PngPass {
  readonly left: number;
  readonly top: number;
  readonly stepX: number;
  readonly stepY: number;
  /** Pixels of the pass. */
  readonly width: number;
  readonly height: number;
}

export interface UnpackTask {
  /** Filter byte and filtered bytes of each row; unfiltered in place. */
  rows: Uint8Array;
  /** Of one row, without its filter byte. */
  rowBytes: number;
  pass: PngPass;
  bitDepth: number;
  channels: number;
  /** Where the samples go: the whole picture, `width` pixels wide. */
  samples: Uint8Array | Uint16Array;
  width: number;
}

/** Undoes the row filters of one pass and spreads its samples. Returns the first filter that does not exist. */
export function unpackPass(task: UnpackTask): number | null {
  const { rows, rowBytes, pass, bitDepth, channels } = task;
  const step = Math.max(1, (bitDepth * channels) >> 3);
  for (let y = 0; y < pass.height; y++) {
    const start = y * (rowBytes + 1) + 1;
    const above = y === 0 ? -1 : start - rowBytes - 1;
    const filter = rows[start - 1]!;
    if (filter > 4) return filter;
    unfilterRow(rows, { start, above, length: rowBytes, step, filter });
    spreadRow(task, start, y);
  }
  return null;
}

interface FilteredRow {
  start: number;
  /** Start of the row above, already unfiltered; -1 for the first. */
  above: number;
  length: number;
  /** Bytes per pixel, at least 1. */
  step: number;
  filter: number;
}

function unfilterRow(bytes: Uint8Array, { start, above, length, step, filter }: FilteredRow): void {
  const end = start + length;
  const up = start - above;
  const first = above < 0;
  if (filter === 1 || (filter === 4 && first)) {
    // Paeth without a row above is Sub.
    for (let at = start + step; at < end; at++) bytes[at] = bytes[at]! + bytes[at - step]!;
  } else if (filter === 2) {
    if (!first) for (let at = start; at < end; at++) bytes[at] = bytes[at]! + bytes[at - up]!;
  } else if (filter === 3) {
    for (let at = start; at < end; at++) {
      const left = at - start < step ? 0 : bytes[at - step]!;
      const top = first ? 0 : bytes[at - up]!;
      bytes[at] = bytes[at]! + ((left + top) >> 1);
    }
  } else if (filter === 4) {
    for (let at = start; at < end; at++) {
      const inside = at - start >= step;
      const left = inside ? bytes[at - step]! : 0;
      const corner = inside ? bytes[at - up - step]! : 0;
      bytes[at] = bytes[at]! + paeth(left, bytes[at - up]!, corner);
    }
  }
}

function paeth(left: number, top: number, corner: number): number {
  const toLeft = Math.abs(top - corner);
  const toTop = Math.abs(left - corner);
  const toCorner = Math.abs(left + top - 2 * corner);
  if (toLeft <= toTop && toLeft <= toCorner) return left;
  return toTop <= toCorner ? top : corner;
}

function spreadRow(task: UnpackTask, start: number, y: number): void {
  const { rows, rowBytes, pass, bitDepth, channels, samples, width } = task;
  const row = (pass.top + y * pass.stepY) * width;
  if (bitDepth === 8 && pass.stepX === 1) {
    samples.set(rows.subarray(start, start + rowBytes), row * channels);
    return;
  }
  const mask = (1 << bitDepth) - 1;
  for (let x = 0; x < pass.width; x++) {
    const target = (row + pass.left + x * pass.stepX) * channels;
    for (let channel = 0; channel < channels; channel++) {
      const index = x * channels + channel;
      if (bitDepth === 16) {
        samples[target + channel] = (rows[start + index * 2]! << 8) | rows[start + index * 2 + 1]!;
      } else {
        const bit = index * bitDepth;
        samples[target + channel] = (rows[start + (bit >> 3)]! >> (8 - bitDepth - (bit & 7))) & mask;
      }
    }
  }
}
