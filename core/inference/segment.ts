import type { ClassMap } from '../mask/classMap.ts';
import type { PreprocessorConfig } from '../models/modelInfo.ts';
import type { RgbaImage } from '../imaging/rgbaImage.ts';
import { upsampleArgmax, type Logits } from '../imaging/postprocess.ts';
import { preprocess } from '../imaging/preprocess.ts';

/** Milliseconds of each step for one image. */
export interface SegmentTimings {
  readonly preprocess: number;
  readonly inference: number;
  readonly postprocess: number;
}

export interface Segmentation {
  /** At the picture's own size. */
  readonly classMap: ClassMap;
  /** As the model gave them, float32 [classes, h, w]. */
  readonly logits: Logits;
  readonly timings: SegmentTimings;
  /** What the model was fed. */
  readonly inputWidth: number;
  readonly inputHeight: number;
}

export interface SegmentOptions {
  readonly preprocessor: PreprocessorConfig;
  /** One run of the session: float32 [1, 3, height, width] in, logits out. */
  readonly runSession: (pixelValues: Float32Array, height: number, width: number) => Promise<Logits>;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/**
 * The way of a pixel, the same for the window's worker and the command line: picture, preprocess, session,
 * logits, class map at the picture's size.
 */
export async function segment(image: RgbaImage, options: SegmentOptions): Promise<Segmentation> {
  const start = options.now();
  const input = preprocess(image, options.preprocessor);
  const preprocessed = options.now();
  const logits = await options.runSession(input.pixelValues, input.height, input.width);
  const inferred = options.now();
  const classMap = upsampleArgmax(logits, image.width, image.height);
  const done = options.now();
  return {
    classMap,
    logits,
    timings: {
      preprocess: preprocessed - start,
      inference: inferred - preprocessed,
      postprocess: done - inferred,
    },
    inputWidth: input.width,
    inputHeight: input.height,
  };
}
