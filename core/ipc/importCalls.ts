import { z } from 'zod';
import { FORMAT_IDS } from '../formats/maskFormat.ts';
import { problemSchema } from '../problem.ts';
import { packedProjectSchema } from './packedProject.ts';
import { imageIdSchema } from './schemas.ts';

const countedSchema = z.object({ count: z.number().int(), names: z.array(z.string()).readonly() });

/** What an import would do: core/formats/surveyMasks.ts, with the format that was recognised. */
const importSurveySchema = z.object({
  format: z.object({ id: z.enum(FORMAT_IDS), title: z.string(), evidence: z.string() }),
  masks: z.number().int(),
  usable: z.number().int(),
  images: z.number().int(),
  masksWithoutImage: countedSchema,
  imagesWithoutMask: countedSchema,
  classes: z
    .array(
      z.object({
        name: z.string(),
        pixels: z.number().int(),
        masks: z.number().int(),
        becomes: z.string().nullable(),
        how: z.enum(['name', 'alias', 'chosen', 'background', 'unknown']),
      }),
    )
    .readonly(),
  unknownValues: z
    .array(z.object({ value: z.string(), pixels: z.number().int(), masks: z.number().int() }))
    .readonly(),
  problems: z.array(problemSchema).readonly(),
});
export type ImportSurveyAnswer = z.infer<typeof importSurveySchema>;

const requestSchema = z.strictObject({
  projectId: z.string().min(1),
  path: z.string().min(1),
  /** Name of a class of the masks to that of the project's, or `ignore`. */
  choices: z.record(z.string(), z.string()),
});

/** The calls about masks that come from other tools; `import.progress` tells how far one is. */
export const importCalls = {
  /** null: the user closed the dialog. */
  'import.choose': {
    request: z.strictObject({ kind: z.enum(['folder', 'file']) }),
    response: z.string().nullable(),
  },
  /** Stores nothing; null where it was cancelled. */
  'import.survey': { request: requestSchema, response: importSurveySchema.nullable() },
  /** null where it was cancelled: then nothing was stored. */
  'import.run': {
    request: requestSchema.extend({ as: z.enum(['truth', 'mask']) }),
    response: z
      .object({ imageIds: z.array(imageIdSchema).readonly(), project: packedProjectSchema })
      .nullable(),
  },
  'import.cancel': { request: z.strictObject({}), response: z.null() },
} as const;

export const importEvents = {
  'import.progress': z.object({ done: z.number().int(), total: z.number().int(), current: z.string() }),
} as const;
