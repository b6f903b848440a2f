import { z } from 'zod';

const count = z.number().int().nonnegative();

/**
 * Counts of a confusion matrix without its zeros: cell, count, cell, count. A cell is
 * row * (classes + 1) + column as in core/metrics/confusionMatrix.ts.
 */
export const sparseCountsSchema = z.array(count).readonly();
export type SparseCounts = z.infer<typeof sparseCountsSchema>;

/** Boundary figures of one image, class by class in the order of the table, as counts of pixels that add up. */
export const boundaryCountsSchema = z.object({
  /** Pixels of both boundaries, and of either: boundary IoU is their ratio. */
  intersection: z.array(count).readonly(),
  union: z.array(count).readonly(),
  /** Border pixels of the prediction, and those of them with a true border of the class near enough. */
  predicted: z.array(count).readonly(),
  predictedMatched: z.array(count).readonly(),
  /** The same of the truth. */
  truth: z.array(count).readonly(),
  truthMatched: z.array(count).readonly(),
});
export type BoundaryCounts = z.infer<typeof boundaryCountsSchema>;

/** Pixels by confidence in CALIBRATION_BINS bins of equal width. */
export const calibrationCountsSchema = z.object({
  pixels: z.array(count).readonly(),
  right: z.array(count).readonly(),
  /** Sum of the confidences in units of 1/255. */
  confidence: z.array(count).readonly(),
});
export type CalibrationCounts = z.infer<typeof calibrationCountsSchema>;

/** The largest contiguous region of one kind of failure, for framing. Image pixels. */
export const failingRegionSchema = z.object({
  x: count,
  y: count,
  width: count,
  height: count,
  /** Pixels. */
  area: count,
});
export type FailingRegion = z.infer<typeof failingRegionSchema>;

export const stepMillisecondsSchema = z.object({
  decode: z.number().nonnegative(),
  preprocess: z.number().nonnegative(),
  inference: z.number().nonnegative(),
  postprocess: z.number().nonnegative(),
});
export type StepMilliseconds = z.infer<typeof stepMillisecondsSchema>;

/** Which gated neurons of a student were computed: core/gates/gateBits.ts, see packedGates. */
export const packedGatesSchema = z.object({
  /** Gated neurons of all layers. */
  neurons: z.number().int().positive(),
  /** Two hexadecimal digits a byte. */
  bits: z.string().regex(/^([0-9a-f]{2})*$/),
});
export type PackedGates = z.infer<typeof packedGatesSchema>;

/** What running a model on an image gave beside its class map; the truth plays no part in it. */
export const runFactsSchema = z.object({
  ms: stepMillisecondsSchema,
  /** Multiply-adds of the run; null where the graph could not be read. */
  macs: z.number().nonnegative().nullable(),
  /** Of a student whose model tells its gates; null otherwise. */
  gates: packedGatesSchema.nullable(),
});
export type RunFacts = z.infer<typeof runFactsSchema>;

/** Everything that is kept of one contestant on one image. Figures are counts, so that parts of a folder add up. */
export const imageResultSchema = runFactsSchema.extend({
  version: z.literal(1),
  width: count,
  height: count,
  /** Against the truth; null where the image has none. */
  truth: z.object({ confusion: sparseCountsSchema, boundary: boundaryCountsSchema }).nullable(),
  /** null without truth, and where the truth changed after the run: then the confidences are no longer there. */
  calibration: calibrationCountsSchema.nullable(),
  /** Against the reference: rows are its classes. null for the reference itself, and where there is none. */
  reference: z
    .object({
      confusion: sparseCountsSchema,
      /**
       * Kullback-Leibler divergence of the softmaxes, KL(reference || contestant), in nats: the sum over logit
       * positions, and how many there are. null where the two do not have the same classes and positions.
       */
      divergence: z.object({ sum: z.number(), positions: z.number().int().positive() }).nullable(),
    })
    .nullable(),
  /**
   * Where the reference is right and this contestant wrong; without truth where they differ; of the reference
   * itself where it is wrong. null where there is no such pixel.
   */
  worst: failingRegionSchema.nullable(),
});
export type ImageResult = z.infer<typeof imageResultSchema>;
