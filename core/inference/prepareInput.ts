import { preprocessTo, resizeForModel, toPixelValues } from '../imaging/preprocess.ts';
import type { RgbaImage } from '../imaging/rgbaImage.ts';
import type { PreprocessorConfig } from '../models/modelInfo.ts';
import { planInput, type InputPlan, type InputTile } from './inputPlan.ts';
import type { InputSizing } from './runSettings.ts';

/** A picture as models with the same preprocessor and sizing are fed it: made once, read by each of them. */
export interface PreparedInput {
  readonly plan: InputPlan;
  /** Size of the picture, in pixels. */
  readonly imageWidth: number;
  readonly imageHeight: number;
  /** Milliseconds that making it took. */
  readonly milliseconds: number;
  /** float32 [1, 3, tile.height, tile.width] of a tile of the plan. Not to be written to: it may be shared. */
  pixelValues(tile: InputTile): Float32Array;
}

/** Resizes and normalises a picture. Throws ProblemError `preprocess.tooLarge`. */
export function prepareInput(
  image: RgbaImage,
  options: { preprocessor: PreprocessorConfig; sizing: InputSizing; now: () => number },
): PreparedInput {
  const { preprocessor, sizing, now } = options;
  const start = now();
  const plan = planInput(image, preprocessor, sizing);
  const pixelValues = prepareTiles(image, preprocessor, plan);
  return {
    plan,
    imageWidth: image.width,
    imageHeight: image.height,
    milliseconds: now() - start,
    pixelValues,
  };
}

/** Of one tile the values are kept for the next model, of many only the bytes: they are four times smaller. */
function prepareTiles(
  image: RgbaImage,
  preprocessor: PreprocessorConfig,
  plan: InputPlan,
): PreparedInput['pixelValues'] {
  if (plan.tiles.length === 1) {
    const whole = preprocessTo(image, preprocessor, plan);
    return () => whole;
  }
  const rgb = resizeForModel(image, preprocessor, plan);
  return (tile) => toPixelValues(rgb, plan.width, tile, preprocessor);
}

/** The same text for preprocessors and sizings that make the same of a picture. */
export function preparationKey(preprocessor: PreprocessorConfig, sizing: InputSizing): string {
  return JSON.stringify([
    sizing,
    preprocessor.do_resize,
    preprocessor.size,
    preprocessor.fixed_size ?? false,
    preprocessor.resample,
    preprocessor.do_rescale,
    preprocessor.rescale_factor,
    preprocessor.do_normalize,
    preprocessor.image_mean,
    preprocessor.image_std,
  ]);
}
