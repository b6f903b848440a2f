import type { Logits } from '../imaging/logits.ts';
import { ProblemError } from '../problem.ts';
import type { InputPlan, InputTile } from './inputPlan.ts';

/** Logits of the whole, made of those of its overlapping tiles, which fade into one another. */
export class TileBlender {
  private sums: Float32Array | null = null;
  private weights = new Float32Array(0);
  private classes = 0;
  private width = 0;
  private height = 0;

  constructor(private readonly plan: InputPlan) {}

  /**
   * Adds what the model said of a tile.
   * Throws ProblemError `tiles.stride` where its logits do not lie on one grid with those of other tiles.
   */
  add(tile: InputTile, { logits, classes, width, height }: Logits): void {
    const strideX = tile.width / width;
    const strideY = tile.height / height;
    if (tile.x % strideX !== 0 || tile.y % strideY !== 0 || this.plan.width % strideX !== 0) {
      throw new ProblemError({
        code: 'tiles.stride',
        title: `its output of ${width} x ${height} for a tile of ${tile.width} x ${tile.height} cannot be put together`,
        hint: 'Choose another sizing than tiles for this model',
      });
    }
    this.begin(classes, this.plan.width / strideX, this.plan.height / strideY);
    const sums = this.sums!;
    const columns = fade(width, tile.x > 0, tile.x + tile.width < this.plan.width);
    const rows = fade(height, tile.y > 0, tile.y + tile.height < this.plan.height);
    const left = tile.x / strideX;
    const top = tile.y / strideY;
    for (let y = 0; y < height; y++) {
      const target = (top + y) * this.width + left;
      for (let x = 0; x < width; x++) {
        this.weights[target + x] = this.weights[target + x]! + rows[y]! * columns[x]!;
      }
    }
    for (let id = 0; id < classes; id++) {
      for (let y = 0; y < height; y++) {
        const source = (id * height + y) * width;
        const target = (id * this.height + top + y) * this.width + left;
        for (let x = 0; x < width; x++) {
          sums[target + x] = sums[target + x]! + logits[source + x]! * rows[y]! * columns[x]!;
        }
      }
    }
  }

  /** The blended logits. The blender is done with then. */
  finish(): Logits {
    const logits = this.sums ?? new Float32Array(0);
    const positions = this.width * this.height;
    for (let at = 0; at < logits.length; at += positions) {
      for (let position = 0; position < positions; position++) {
        logits[at + position] = logits[at + position]! / this.weights[position]!;
      }
    }
    this.sums = null;
    return { logits, classes: this.classes, width: this.width, height: this.height };
  }

  private begin(classes: number, width: number, height: number): void {
    if (this.sums) return;
    this.classes = classes;
    this.width = width;
    this.height = height;
    this.sums = new Float32Array(classes * width * height);
    this.weights = new Float32Array(width * height);
  }
}

/** How much each of `length` positions of a tile counts: less towards an edge beyond which another tile goes on. */
function fade(length: number, atStart: boolean, atEnd: boolean): Float32Array {
  // The least that neighbours have in common; where it is more, both still count there.
  const ramp = Math.max(1, length / 4);
  return Float32Array.from({ length }, (_, index) => {
    const fromStart = atStart ? (index + 0.5) / ramp : 1;
    const fromEnd = atEnd ? (length - index - 0.5) / ramp : 1;
    return Math.min(1, fromStart, fromEnd);
  });
}
