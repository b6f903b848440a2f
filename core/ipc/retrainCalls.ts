import { z } from 'zod';
import { runFactsSchema } from '../evaluation/imageResult.ts';
import { ranModelSchema } from '../formats/retrainOptions.ts';
import { idsSchema, imageIdSchema } from './schemas.ts';

const projectId = z.string().min(1);

/**
 * Before a retrain pack is written (`export.run` with `retrain`), the window runs its models on the pictures that they
 * were not run on: what they say is kept in the project, and the export finds the disputes there.
 */
export const retrainCalls = {
  /** Which of the models are to be run on a picture; null where it cannot be read. */
  'retrain.task': {
    request: z.strictObject({
      projectId,
      imageId: imageIdSchema,
      models: z.array(ranModelSchema).min(1).max(2),
    }),
    response: z
      .object({
        name: z.string(),
        /** `studio://app/image/<project>/<id>`: the file's own bytes. */
        url: z.string(),
        /** Of the file, lower-case hex. */
        sha256: z.string(),
        /** In the order of the models. */
        wanted: z.array(z.boolean()),
      })
      .nullable(),
  },
  'retrain.keep': {
    request: z.strictObject({
      projectId,
      model: ranModelSchema,
      sha256: z.string(),
      /** The class map in the model's own ids. */
      ids: idsSchema,
      facts: runFactsSchema,
    }),
    response: z.null(),
  },
} as const;
