import { z } from 'zod';
import { hubListingSchema } from '../models/hubRepository.ts';
import { modelInfoSchema } from '../models/modelInfo.ts';

/** `org/name`, `org/name@revision`, or the address of a repository's page. */
const address = z.string().min(1).max(500);

/** The calls that reach out to a host of models, and the only ones of all that leave this machine. */
export const hubCalls = {
  /** Where repositories are asked for, and who said so. */
  'hub.where': {
    request: z.strictObject({}),
    response: z.object({ url: z.string(), from: z.enum(['option', 'HF_ENDPOINT', 'settings', 'default']) }),
  },
  /** What a repository has; null where it was cancelled. */
  'hub.look': { request: z.strictObject({ address }), response: hubListingSchema.nullable() },
  /** Downloads one ONNX file with what belongs to it, and adds it to the models; null where it was cancelled. */
  'hub.add': {
    request: z.strictObject({ address, variant: z.string().min(1).max(300) }),
    response: modelInfoSchema.nullable(),
  },
  /** What was downloaded is kept, and gone on with the next time. */
  'hub.cancel': { request: z.strictObject({}), response: z.null() },
} as const;

export const hubEvents = {
  /** Bytes that are here, of all. */
  'hub.progress': z.object({ file: z.string(), done: z.number().int(), total: z.number().int() }),
} as const;
