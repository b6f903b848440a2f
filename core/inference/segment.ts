import { upsampleArgmax, type Logits } from '../imaging/postprocess.ts';
import type { RgbaImage } from '../imaging/rgbaImage.ts';
import type { ClassMap } from '../mask/classMap.ts';
import type { PreprocessorConfig } from '../models/modelInfo.ts';
import { TileBlender } from './blendTiles.ts';
import { prepareInput, type PreparedInput } from './prepareInput.ts';
import type { InputSizing } from './runSettings.ts';

/** Milliseconds of each step for one image. */
export interface SegmentTimings {
  readonly preprocess: number;
  readonly inference: number;
  readonly postprocess: number;
}

export interface Segmentation {
  /** At the picture's own size. */
  readonly classMap: ClassMap;
  /** As the model gave them, float32 [classes, h, w]; of tiles, blended. */
  readonly logits: Logits;
  readonly timings: SegmentTimings;
  /** What the model was fed; of tiles, each of them. */
  readonly inputWidth: number;
  readonly inputHeight: number;
  /** How many runs of the session it took. */
  readonly tiles: number;
}

export interface RunOptions {
  /** One run of the session: float32 [1, 3, height, width] in, logits out. */
  readonly runSession: (pixelValues: Float32Array, height: number, width: number) => Promise<Logits>;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Awaited before each tile of many; what it throws ends the work. */
  readonly beforeTile?: (index: number, total: number) => Promise<void>;
}

export interface SegmentOptions extends RunOptions {
  readonly preprocessor: PreprocessorConfig;
  readonly sizing: InputSizing;
}

/**
 * The way of a pixel, the same for the window's worker and the command line: picture, preprocess, session,
 * logits, class map at the picture's size.
 */
export async function segment(image: RgbaImage, options: SegmentOptions): Promise<Segmentation> {
  return segmentPrepared(prepareInput(image, options), options);
}

/** The same from a picture that is prepared already. */
export async function segmentPrepared(input: PreparedInput, options: RunOptions): Promise<Segmentation> {
  const { runSession, now, beforeTile } = options;
  const { plan } = input;
  const start = now();
  const logits = await runTiles(input, runSession, beforeTile);
  const inferred = now();
  const classMap = upsampleArgmax(logits, input.imageWidth, input.imageHeight);
  const [first] = plan.tiles;
  return {
    classMap,
    logits,
    timings: {
      preprocess: input.milliseconds,
      inference: inferred - start,
      postprocess: now() - inferred,
    },
    inputWidth: first?.width ?? plan.width,
    inputHeight: first?.height ?? plan.height,
    tiles: plan.tiles.length,
  };
}

async function runTiles(
  input: PreparedInput,
  runSession: RunOptions['runSession'],
  beforeTile: RunOptions['beforeTile'],
): Promise<Logits> {
  const { tiles } = input.plan;
  const [only] = tiles;
  if (only && tiles.length === 1) return runSession(input.pixelValues(only), only.height, only.width);
  const blender = new TileBlender(input.plan);
  for (const [index, tile] of tiles.entries()) {
    await beforeTile?.(index, tiles.length);
    blender.add(tile, await runSession(input.pixelValues(tile), tile.height, tile.width));
  }
  return blender.finish();
}
