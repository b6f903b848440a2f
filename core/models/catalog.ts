import { z } from 'zod';
import { modelRoleSchema } from './modelInfo.ts';

/** models/catalog.json: the models that come with the studio. */
export const catalogSchema = z.object({
  models: z.array(
    z.looseObject({
      id: z.string().min(1),
      role: modelRoleSchema,
      name: z.string(),
      /** Folder, relative to the catalogue. */
      path: z.string(),
      classes: z.array(z.string()).min(1),
      keepRatio: z.number().min(0).max(1),
      /** Of onnx/model.onnx, lower-case hex. */
      sha256: z.string(),
      bytes: z.number().int().positive(),
    }),
  ),
});
