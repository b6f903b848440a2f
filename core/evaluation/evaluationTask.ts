import { z } from 'zod';
import { idsSchema, imageIdSchema } from '../ipc/schemas.ts';
import { problemSchema } from '../problem.ts';
import { imageResultSchema } from './imageResult.ts';

/**
 * One image to be measured, with everything but its pixels: `measureImage` makes the figures of it, runs the
 * contestants that have no earlier output, and its answer goes back to whoever keeps the results.
 */
export const evaluationTaskSchema = z.object({
  imageId: imageIdSchema,
  name: z.string(),
  /** `studio://app/image/<project>/<id>`: the file's own bytes. */
  url: z.string(),
  /** Of the file, lower-case hex. */
  sha256: z.string(),
  /** In the project's classes; null where the image has none. */
  truth: idsSchema.nullable(),
  /** Names this state of truth and classes: figures with another one are out of date. */
  truthKey: z.string(),
  /**
   * In the order of the plan: the class map (in the model's own ids) and the figures that an earlier run left, of
   * which only those against the truth are made again; null: this contestant is to be run.
   */
  earlier: z.array(z.object({ ids: idsSchema, result: imageResultSchema }).nullable()),
});
export type EvaluationTask = z.infer<typeof evaluationTaskSchema>;

/** A measured image as it goes back. */
export const measuredImageSchema = z.object({
  imageId: imageIdSchema,
  sha256: z.string(),
  /** Of the task. */
  truthKey: z.string(),
  /** In the order of the plan. */
  contestants: z.array(
    z.object({
      result: imageResultSchema,
      /** The class map in the model's own ids where it was run now; null: it is stored already. */
      ids: idsSchema.nullable(),
    }),
  ),
});
export type MeasuredImage = z.infer<typeof measuredImageSchema>;

export const failedImageSchema = z.object({ imageId: imageIdSchema, problem: problemSchema });
export type FailedImage = z.infer<typeof failedImageSchema>;
