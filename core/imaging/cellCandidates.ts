import type { Logits } from './logits.ts';
import type { LogitScan } from './logitScan.ts';

/** Which classes can win somewhere in each mixed cell. */
export interface CellCandidates {
  /** Candidates of cell i: classIds[starts[i]] up to, not including, classIds[starts[i + 1]], ascending. */
  readonly starts: Int32Array;
  readonly classIds: Uint16Array;
}

/**
 * Drops from each cell the classes that the winner of one of its corners beats at all four corners: bilinear
 * weights are not negative, so such a class wins nowhere in the cell. Classes with a NaN corner are dropped too.
 *
 * `winners`: argmax per position; `cells`: positions of top left corners. Class by class rather than cell by
 * cell, so that memory is read in order.
 */
export function collectCandidates(
  source: Logits,
  winners: Uint16Array,
  cells: Int32Array,
  scan: LogitScan,
): CellCandidates {
  const { logits, width, height } = source;
  const positions = width * height;
  const corners = cornerOffsets(cells, width, height);
  const rivals = collectRivals(source, winners, cells, corners);
  const touching = collectTouching(cells, corners, positions);
  const bars = lowestFloors(rivals.floors, touching);
  const counts = new Int32Array(cells.length);
  /** The last class that was looked at in a cell, so that its other corners do not bring it up again. */
  const lookedAt = new Int32Array(cells.length).fill(-1);
  let pairCells = new Int32Array(Math.max(1024, cells.length * 4));
  let pairClasses = new Uint16Array(pairCells.length);
  let pairs = 0;
  // Below every floor around it at each of its corners, a class is beaten in the cell.
  scan.forEachAbove(source, bars, (id, above) => {
    const plane = id * positions;
    for (const position of above) {
      for (let slot = touching.starts[position]!; slot < touching.starts[position + 1]!; slot++) {
        const cell = touching.cells[slot]!;
        if (lookedAt[cell] === id) continue;
        lookedAt[cell] = id;
        const at = plane + cells[cell]!;
        const toRight = corners.right[cell]!;
        const toBelow = corners.below[cell]!;
        const a = logits[at]!;
        const b = logits[at + toRight]!;
        const c = logits[at + toBelow]!;
        const d = logits[at + toBelow + toRight]!;
        if (Number.isNaN(a) || Number.isNaN(b) || Number.isNaN(c) || Number.isNaN(d)) continue;
        if (isBeaten(rivals, cell, id, a, b, c, d)) continue;
        if (pairs === pairCells.length) {
          const largerCells = new Int32Array(pairs * 2);
          largerCells.set(pairCells);
          pairCells = largerCells;
          const largerClasses = new Uint16Array(pairs * 2);
          largerClasses.set(pairClasses);
          pairClasses = largerClasses;
        }
        pairCells[pairs] = cell;
        pairClasses[pairs++] = id;
        counts[cell] = counts[cell]! + 1;
      }
    }
  });
  return groupByCell(counts, pairCells.subarray(0, pairs), pairClasses);
}

/** How far a cell's right and lower corners are from its top left one: 0 at the border, which is clamped. */
interface CornerOffsets {
  readonly right: Uint8Array;
  readonly below: Int32Array;
}

function cornerOffsets(cells: Int32Array, width: number, height: number): CornerOffsets {
  const right = new Uint8Array(cells.length);
  const below = new Int32Array(cells.length);
  const lastRow = (height - 1) * width;
  cells.forEach((position, cell) => {
    right[cell] = position % width === width - 1 ? 0 : 1;
    below[cell] = position < lastRow ? width : 0;
  });
  return { right, below };
}

/** Which of the cells have a position as a corner: cells[starts[position]] up to cells[starts[position + 1]]. */
interface TouchingCells {
  readonly starts: Int32Array;
  readonly cells: Int32Array;
}

function collectTouching(cells: Int32Array, corners: CornerOffsets, positions: number): TouchingCells {
  const starts = new Int32Array(positions + 1);
  const forEachCorner = (visit: (position: number, cell: number) => void): void => {
    for (let cell = 0; cell < cells.length; cell++) {
      const at = cells[cell]!;
      const right = corners.right[cell]!;
      const below = corners.below[cell]!;
      visit(at, cell);
      if (right) visit(at + right, cell);
      if (below) visit(at + below, cell);
      if (right && below) visit(at + below + right, cell);
    }
  };
  forEachCorner((position) => {
    starts[position + 1] = starts[position + 1]! + 1;
  });
  for (let position = 0; position < positions; position++) {
    starts[position + 1] = starts[position + 1]! + starts[position]!;
  }
  const next = starts.slice();
  const touched = new Int32Array(starts[positions]!);
  forEachCorner((position, cell) => {
    touched[next[position]!] = cell;
    next[position] = next[position]! + 1;
  });
  return { starts, cells: touched };
}

/** Per position, the lowest floor of the cells that it touches; infinity where it touches none. */
function lowestFloors(floors: Float32Array, { starts, cells }: TouchingCells): Float32Array {
  const lowest = new Float32Array(starts.length - 1).fill(Infinity);
  for (let position = 0; position < lowest.length; position++) {
    for (let slot = starts[position]!; slot < starts[position + 1]!; slot++) {
      lowest[position] = Math.min(lowest[position]!, floors[cells[slot]!]!);
    }
  }
  return lowest;
}

/** The winners of each cell's four corners (repeated where corners share one), and their logits there. */
interface Rivals {
  /** [cells, 4]. */
  readonly ids: Uint16Array;
  /** [cells, 4 rivals, 4 corners]. */
  readonly values: Float32Array;
  /** Some rival is nowhere in the cell below this. */
  readonly floors: Float32Array;
}

function collectRivals(
  { logits, width, height }: Logits,
  winners: Uint16Array,
  cells: Int32Array,
  corners: CornerOffsets,
): Rivals {
  const positions = width * height;
  const ids = new Uint16Array(cells.length * 4);
  const values = new Float32Array(cells.length * 16);
  const floors = new Float32Array(cells.length).fill(-Infinity);
  const offsets = [0, 0, 0, 0];
  for (let cell = 0; cell < cells.length; cell++) {
    const at = cells[cell]!;
    offsets[1] = corners.right[cell]!;
    offsets[2] = corners.below[cell]!;
    offsets[3] = offsets[1] + offsets[2];
    for (let rival = 0; rival < 4; rival++) {
      const id = winners[at + offsets[rival]!]!;
      ids[cell * 4 + rival] = id;
      let least = Infinity;
      for (let corner = 0; corner < 4; corner++) {
        const value = logits[id * positions + at + offsets[corner]!]!;
        values[cell * 16 + rival * 4 + corner] = value;
        // Math.min gives NaN where a corner is NaN: such a rival beats nobody.
        least = Math.min(least, value);
      }
      if (least > floors[cell]!) floors[cell] = least;
    }
  }
  return { ids, values, floors };
}

/** Whether a rival is larger at all four corners; equal is enough for a lower id, which wins ties. */
function isBeaten(
  rivals: Rivals,
  cell: number,
  id: number,
  a: number,
  b: number,
  c: number,
  d: number,
): boolean {
  const { ids, values } = rivals;
  for (let rival = 0; rival < 4; rival++) {
    const rivalId = ids[cell * 4 + rival]!;
    if (rivalId === id) continue;
    const at = cell * 16 + rival * 4;
    const va = values[at]!;
    const vb = values[at + 1]!;
    const vc = values[at + 2]!;
    const vd = values[at + 3]!;
    if (rivalId < id ? a <= va && b <= vb && c <= vc && d <= vd : a < va && b < vb && c < vc && d < vd) {
      return true;
    }
  }
  return false;
}

/** Pairs came class by class, so each cell's classes stay ascending. */
function groupByCell(counts: Int32Array, pairCells: Int32Array, pairClasses: Uint16Array): CellCandidates {
  const starts = new Int32Array(counts.length + 1);
  for (let cell = 0; cell < counts.length; cell++) starts[cell + 1] = starts[cell]! + counts[cell]!;
  const next = starts.slice();
  const classIds = new Uint16Array(pairCells.length);
  for (let pair = 0; pair < pairCells.length; pair++) {
    const cell = pairCells[pair]!;
    const slot = next[cell]!;
    classIds[slot] = pairClasses[pair]!;
    next[cell] = slot + 1;
  }
  return { starts, classIds };
}
