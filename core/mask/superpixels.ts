import type { PictureColours } from './pictureColours.ts';
import { createRegion, type Region } from '../disputes/region.ts';
import { growRegion } from './growRegion.ts';

/** Edge of the blocks that are computed at once, pixels: a block takes some hundredths of a second. */
const BLOCK = 192;
const ROUNDS = 5;
/** How much a distance of one grid step weighs against a difference of colour, 0 to 255 per channel. */
const COMPACTNESS = 18;
const BLOCKS_KEPT = 400;

/**
 * Superpixels after SLIC (Achanta et al., 2012): pixels gathered around the seeds of a grid by colour and
 * distance. Computed lazily, block by block, with a margin in which the neighbours' seeds compete too, and
 * labelled by the grid of the whole picture, so that they go on across the blocks' edges.
 */
export class Superpixels {
  private readonly blocks = new Map<number, Int32Array>();
  private readonly blockColumns: number;
  private readonly gridColumns: number;

  constructor(
    private readonly colours: PictureColours,
    /** Distance of the seeds, pixels, 4 to 128. */
    readonly step: number,
  ) {
    this.blockColumns = Math.ceil(colours.width / BLOCK);
    this.gridColumns = Math.ceil(colours.width / step);
  }

  /** The contiguous superpixel around a pixel; null outside the picture. */
  at(x: number, y: number): Region | null {
    const { width, height } = this.colours;
    if (!(x >= 0 && y >= 0 && x < width && y < height)) return null;
    const label = this.labelAt(x, y);
    // It reaches no further than two steps: a small window keeps the search independent of the picture.
    const reach = 3 * this.step;
    const left = Math.max(0, x - reach);
    const top = Math.max(0, y - reach);
    const window = {
      width: Math.min(width, x + reach + 1) - left,
      height: Math.min(height, y + reach + 1) - top,
    };
    const region = growRegion(
      window,
      x - left,
      y - top,
      (column, row) => this.labelAt(left + column, top + row) === label,
    );
    return region && createRegion(region.runs.map((value, n) => value + (n % 3 === 0 ? top : left)));
  }

  /** Number of the seed that a pixel belongs to, row-major in the grid. */
  private labelAt(x: number, y: number): number {
    const column = Math.floor(x / BLOCK);
    const row = Math.floor(y / BLOCK);
    const key = row * this.blockColumns + column;
    let labels = this.blocks.get(key);
    if (!labels) {
      if (this.blocks.size >= BLOCKS_KEPT) this.blocks.clear();
      labels = this.compute(column * BLOCK, row * BLOCK);
      this.blocks.set(key, labels);
    }
    const blockWidth = Math.min(BLOCK, this.colours.width - column * BLOCK);
    return labels[(y - row * BLOCK) * blockWidth + (x - column * BLOCK)]!;
  }

  private compute(blockX: number, blockY: number): Int32Array {
    const { colours, step } = this;
    const margin = 2 * step;
    const x0 = Math.max(0, blockX - margin);
    const y0 = Math.max(0, blockY - margin);
    const x1 = Math.min(colours.width, blockX + BLOCK + margin);
    const y1 = Math.min(colours.height, blockY + BLOCK + margin);
    const width = x1 - x0;
    const height = y1 - y0;
    const pixels = new Uint8Array(width * height * 3);
    for (let y = 0, n = 0; y < height; y++) {
      for (let x = 0; x < width; x++, n += 3) {
        const colour = colours.at(x0 + x, y0 + y);
        pixels[n] = colour >> 16;
        pixels[n + 1] = (colour >> 8) & 255;
        pixels[n + 2] = colour & 255;
      }
    }
    const seeds = this.seedsIn({ x0, y0, x1, y1 }, pixels, width);
    const nearest = new Int32Array(width * height);
    const distances = new Float32Array(width * height);
    const weight = (COMPACTNESS / step) ** 2;
    for (let round = 0; round < ROUNDS; round++) {
      distances.fill(Infinity);
      seeds.forEach((seed, index) => {
        const fromX = Math.max(0, Math.floor(seed.x - step));
        const toX = Math.min(width, Math.ceil(seed.x + step));
        const toY = Math.min(height, Math.ceil(seed.y + step));
        for (let y = Math.max(0, Math.floor(seed.y - step)); y < toY; y++) {
          const dy = y - seed.y;
          for (let x = fromX, n = y * width + fromX; x < toX; x++, n++) {
            const red = pixels[n * 3]! - seed.red;
            const green = pixels[n * 3 + 1]! - seed.green;
            const blue = pixels[n * 3 + 2]! - seed.blue;
            const dx = x - seed.x;
            const distance = red * red + green * green + blue * blue + (dx * dx + dy * dy) * weight;
            if (distance >= distances[n]!) continue;
            distances[n] = distance;
            nearest[n] = index;
          }
        }
      });
      moveSeeds(seeds, nearest, pixels, width);
    }
    const blockWidth = Math.min(BLOCK, colours.width - blockX);
    const blockHeight = Math.min(BLOCK, colours.height - blockY);
    const labels = new Int32Array(blockWidth * blockHeight);
    for (let y = 0; y < blockHeight; y++) {
      for (let x = 0; x < blockWidth; x++) {
        const n = (blockY + y - y0) * width + (blockX + x - x0);
        labels[y * blockWidth + x] = seeds[nearest[n]!]?.label ?? 0;
      }
    }
    return labels;
  }

  private seedsIn(
    { x0, y0, x1, y1 }: { x0: number; y0: number; x1: number; y1: number },
    pixels: Uint8Array,
    width: number,
  ): Seed[] {
    const { step } = this;
    const seeds: Seed[] = [];
    for (let row = Math.floor(y0 / step); row * step < y1; row++) {
      for (let column = Math.floor(x0 / step); column * step < x1; column++) {
        const x = Math.min(x1 - 1, Math.floor((column + 0.5) * step)) - x0;
        const y = Math.min(y1 - 1, Math.floor((row + 0.5) * step)) - y0;
        if (x < 0 || y < 0) continue;
        const n = (y * width + x) * 3;
        const label = row * this.gridColumns + column;
        seeds.push({ label, x, y, red: pixels[n]!, green: pixels[n + 1]!, blue: pixels[n + 2]! });
      }
    }
    return seeds;
  }
}

interface Seed {
  readonly label: number;
  x: number;
  y: number;
  red: number;
  green: number;
  blue: number;
}

/** To the middle, in place and colour, of what belongs to each. */
function moveSeeds(seeds: readonly Seed[], nearest: Int32Array, pixels: Uint8Array, width: number): void {
  const sums = new Float64Array(seeds.length * 6);
  for (let n = 0; n < nearest.length; n++) {
    const at = nearest[n]! * 6;
    sums[at] = sums[at]! + (n % width);
    sums[at + 1] = sums[at + 1]! + Math.floor(n / width);
    sums[at + 2] = sums[at + 2]! + pixels[n * 3]!;
    sums[at + 3] = sums[at + 3]! + pixels[n * 3 + 1]!;
    sums[at + 4] = sums[at + 4]! + pixels[n * 3 + 2]!;
    sums[at + 5] = sums[at + 5]! + 1;
  }
  seeds.forEach((seed, index) => {
    const count = sums[index * 6 + 5]!;
    if (count === 0) return;
    seed.x = sums[index * 6]! / count;
    seed.y = sums[index * 6 + 1]! / count;
    seed.red = sums[index * 6 + 2]! / count;
    seed.green = sums[index * 6 + 3]! / count;
    seed.blue = sums[index * 6 + 4]! / count;
  });
}
