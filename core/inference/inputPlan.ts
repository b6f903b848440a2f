import { modelInputSize } from '../imaging/preprocess.ts';
import type { PreprocessorConfig } from '../models/modelInfo.ts';
import type { InputSizing } from './runSettings.ts';

/** A rectangle of the resized picture, in pixels. */
export interface InputTile {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a picture is resized to, and the pieces in which the model sees that. */
export interface InputPlan {
  readonly width: number;
  readonly height: number;
  /** One of the whole, or all of one size, row by row, each overlapping its neighbours. */
  readonly tiles: readonly InputTile[];
}

/** Sides are multiples of this: SegFormer's quarter-size logits then lie on one grid in every tile. */
const STEP = 8;

/** The share of a tile that it has in common with its neighbour, at least. */
const OVERLAP = 1 / 4;

/** Larger pictures are reduced to this before they are cut: logits of 150 classes are 300 MB then. */
const MAX_TILED_PIXELS = 2 ** 23;

const toStep = (value: number): number => Math.max(STEP, Math.round(value / STEP) * STEP);

/**
 * How a picture of that size goes through a model with that preprocessor.
 * Throws ProblemError `preprocess.tooLarge`.
 */
export function planInput(
  image: { readonly width: number; readonly height: number },
  config: PreprocessorConfig,
  sizing: InputSizing,
): InputPlan {
  const trained = modelInputSize(config, image);
  // Pieces of the one size that the graph takes still fit, where its sides are multiples of STEP.
  const other = sizing === 'aspect' || trained.width % STEP !== 0 || trained.height % STEP !== 0;
  if (config.fixed_size && other) return whole(trained);
  switch (sizing) {
    case 'square':
      return whole(trained);
    case 'aspect': {
      const scale = Math.sqrt((trained.width * trained.height) / (image.width * image.height));
      const size = { width: toStep(image.width * scale), height: toStep(image.height * scale) };
      return whole(sameProportions(trained, image) ? trained : size);
    }
    case 'tiles':
      return planTiles(image, trained);
  }
}

const whole = ({ width, height }: { width: number; height: number }): InputPlan => ({
  width,
  height,
  tiles: [{ x: 0, y: 0, width, height }],
});

/** The same proportions, up to the rounding of one pixel. */
function sameProportions(
  a: { readonly width: number; readonly height: number },
  b: { readonly width: number; readonly height: number },
): boolean {
  return Math.abs(a.width - (a.height * b.width) / b.height) < 1;
}

function planTiles(
  image: { readonly width: number; readonly height: number },
  trained: { width: number; height: number },
): InputPlan {
  // A picture that fits into one tile is no large one.
  if (image.width <= trained.width && image.height <= trained.height) return whole(trained);
  const tile = {
    width: Math.ceil(trained.width / STEP) * STEP,
    height: Math.ceil(trained.height / STEP) * STEP,
  };
  const reduce = Math.min(1, Math.sqrt(MAX_TILED_PIXELS / (image.width * image.height)));
  const scale = Math.max(reduce, tile.width / image.width, tile.height / image.height);
  const width = Math.max(tile.width, toStep(image.width * scale));
  const height = Math.max(tile.height, toStep(image.height * scale));
  const tiles: InputTile[] = [];
  for (const y of tileStarts(height, tile.height)) {
    for (const x of tileStarts(width, tile.width)) tiles.push({ x, y, ...tile });
  }
  return { width, height, tiles };
}

/** Evenly spread starts of tiles that cover a length, multiples of STEP. */
function tileStarts(length: number, tile: number): number[] {
  const overlap = tile * OVERLAP;
  const count = length <= tile ? 1 : Math.ceil((length - overlap) / (tile - overlap));
  if (count === 1) return [0];
  return Array.from({ length: count }, (_, index) => {
    const start = ((length - tile) * index) / (count - 1);
    return Math.round(start / STEP) * STEP;
  });
}
