import { z } from 'zod';
import { confusionMatrixJsonSchema } from '../metrics/confusionMatrix.ts';
import { contestantSchema } from './evaluationPlan.ts';

const share = z.number().nullable();
const count = z.number().int().nonnegative();

/** A figure with the ends of its bootstrap interval over images; the ends are null for fewer than two images. */
export const intervalSchema = z.object({
  value: share,
  low: share,
  high: share,
});
export type Interval = z.infer<typeof intervalSchema>;

/** The figures of one class; null where the denominator is 0. */
export const classFiguresSchema = z.object({
  id: count,
  name: z.string(),
  /** Share of the counted true pixels. */
  share,
  iou: share,
  precision: share,
  recall: share,
  f1: share,
  boundaryIou: share,
  boundaryF: share,
  /** IoU of this contestant less the reference's, with its interval; null for the reference. */
  difference: intervalSchema.nullable(),
});
export type ClassFigures = z.infer<typeof classFiguresSchema>;

/** The headline figures. */
export const HEADLINES = [
  'miou',
  'pixelAccuracy',
  'frequencyWeightedIou',
  'boundaryIou',
  'boundaryF',
] as const;
export type Headline = (typeof HEADLINES)[number];
const headlinesSchema = z.record(z.enum(HEADLINES), intervalSchema);

/** One contestant over all images of a filter. */
export const contestantFiguresSchema = z.object({
  contestant: contestantSchema,
  /** Measured images, and those of them with truth. */
  images: count,
  withTruth: count,
  /** Against the truth, from one confusion matrix over all images; null where no image has truth. */
  quality: z
    .object({
      confusion: confusionMatrixJsonSchema,
      headlines: headlinesSchema,
      /** This contestant less the reference, paired by image; null for the reference and where there is none. */
      difference: headlinesSchema.nullable(),
      classes: z.array(classFiguresSchema),
    })
    .nullable(),
  /** Against the reference; null for the reference itself and where there is none. */
  agreement: z
    .object({
      /** Rows: the reference's class. */
      confusion: confusionMatrixJsonSchema,
      /** Share of the pixels on which both say the same. */
      equalShare: share,
      miou: share,
      /** IoU of the two models' pixels, in the order of the table. */
      classIou: z.array(share),
      /** KL(reference || contestant), nats, mean over logit positions, and over how many images it is known. */
      divergence: z.object({ mean: share, images: count }),
    })
    .nullable(),
  /** Reliability; null where it is known of no image. */
  calibration: z
    .object({
      /** Expected calibration error, 0 to 1. */
      error: z.number(),
      /** Images it is known of. */
      images: count,
      bins: z.array(
        z.object({
          from: z.number(),
          to: z.number(),
          pixels: count,
          /** Mean confidence and accuracy; null for an empty bin. */
          confidence: share,
          accuracy: share,
        }),
      ),
    })
    .nullable(),
  cost: z.object({
    /** Milliseconds per image, decode to class map; null where nothing was measured. */
    median: share,
    p95: share,
    mean: share,
    /** Mean multiply-adds of a run; null where they are not known. */
    macs: share,
  }),
  /** No other contestant is both faster and better: by median milliseconds against mean IoU (or agreement). */
  onFront: z.boolean(),
});
export type ContestantFigures = z.infer<typeof contestantFiguresSchema>;

export const evaluationFiguresSchema = z.object({
  /** Images that pass the filter. */
  images: count,
  contestants: z.array(contestantFiguresSchema),
  /** How the intervals were made. */
  bootstrap: z.object({ rounds: count, seed: count, level: z.number() }),
});
export type EvaluationFigures = z.infer<typeof evaluationFiguresSchema>;
