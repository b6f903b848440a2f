import { z } from 'zod';
import { imageIdSchema } from '../ipc/schemas.ts';
import { reviewStateSchema } from '../review/review.ts';
import { failingRegionSchema } from './imageResult.ts';
import { imageMetricSchema } from './imageMetric.ts';

const contestantIndex = z.number().int().nonnegative();
const classIdNumber = z.number().int().min(0).max(65535);

/** A cell of a confusion matrix. */
export const confusionCellSchema = z.strictObject({
  /** Index of the contestant whose predictions are the columns. */
  contestant: contestantIndex,
  /** Whose classes are the rows. */
  against: z.enum(['truth', 'reference']),
  /** Class ids of the project's table. `column` null: unassigned. */
  row: classIdNumber,
  column: classIdNumber.nullable(),
});
export type ConfusionCell = z.infer<typeof confusionCellSchema>;

/** Which images of a run are looked at: those for which everything that is given holds. */
export const resultFilterSchema = z.strictObject({
  /** The class occurs in the truth, or where there is none in what the first contestant says. */
  classId: classIdNumber.optional(),
  /** At least one pixel lies in the cell. */
  cell: confusionCellSchema.optional(),
  review: z.array(reviewStateSchema).min(1).optional(),
  truth: z.enum(['with', 'without']).optional(),
  /** Brushes of histograms: both ends included. */
  ranges: z
    .array(
      z.strictObject({
        contestant: contestantIndex,
        metric: imageMetricSchema,
        min: z.number(),
        max: z.number(),
      }),
    )
    .optional(),
});
export type ResultFilter = z.infer<typeof resultFilterSchema>;

export const resultSortSchema = z.union([
  z.strictObject({ by: z.literal('name'), descending: z.boolean().default(false) }),
  z.strictObject({
    by: z.literal('metric'),
    contestant: contestantIndex,
    metric: imageMetricSchema,
    descending: z.boolean(),
  }),
  /** Most pixels of a cell of the confusion matrix first. */
  z.strictObject({ by: z.literal('cell'), cell: confusionCellSchema }),
]);
export type ResultSort = z.infer<typeof resultSortSchema>;

/** One image of a run. */
export const resultRowSchema = z.object({
  imageId: imageIdSchema,
  name: z.string(),
  hasTruth: z.boolean(),
  contestants: z.array(
    z
      .object({
        /** null where the metric is not known of this image; keys of `METRIC_FACTS`. */
        metrics: z.record(imageMetricSchema, z.number().nullable()),
        /** Where to look. */
        worst: failingRegionSchema.nullable(),
      })
      // Not measured yet.
      .nullable(),
  ),
  /** Pixels in the cell that was sorted or filtered by; null without one. */
  cellPixels: z.number().int().nonnegative().nullable(),
});
export type ResultRow = z.infer<typeof resultRowSchema>;

/** A page of a sorted list; images without the figure that is sorted by are at its end. */
export const resultPageSchema = z.object({
  /** Images that pass the filter. */
  total: z.number().int().nonnegative(),
  offset: z.number().int().nonnegative(),
  rows: z.array(resultRowSchema),
});
export type ResultPage = z.infer<typeof resultPageSchema>;

export const metricHistogramSchema = z.object({
  /** Ascending, one more than `counts`; empty where no image has the figure. The last bin has both its ends. */
  edges: z.array(z.number()),
  counts: z.array(z.number().int().nonnegative()),
  /** Images of the filter that do not have the figure. */
  missing: z.number().int().nonnegative(),
});
export type MetricHistogram = z.infer<typeof metricHistogramSchema>;
