import { z } from 'zod';
import { cutStudentSchema } from '../gates/cutReport.ts';
import { gatedLayerSchema } from '../gates/gateLayout.ts';
import { modelInfoSchema } from '../models/modelInfo.ts';
import { imageIdSchema } from './schemas.ts';

/** What a student's gates did for one image of a project. */
export const imageGatesSchema = z.object({
  imageId: imageIdSchema,
  /** Of the image's file, lower-case hex. */
  sha256: z.string().length(64),
  /** core/gates/gateBits.ts */
  bits: z.instanceof(Uint8Array),
  /** Pixels of each class of the student in its class map, in the order of its class table. */
  classPixels: z.instanceof(Uint32Array),
});
export type ImageGates = z.infer<typeof imageGatesSchema>;

const ofStudent = z.strictObject({
  projectId: z.string().min(1),
  modelSha256: z.string().length(64),
  /** core/inference/runSettings.ts, runSettingsKey: another keep ratio keeps other neurons. */
  settings: z.string().min(1),
});

/** The calls about recorded gates. */
export const gateCalls = {
  /** Keeps what the gates did for some images, in place of what they did before. A read-only project keeps nothing. */
  'gates.record': {
    request: ofStudent.extend({ layers: z.array(gatedLayerSchema), images: z.array(imageGatesSchema) }),
    response: z.null(),
  },
  /** Of the images that are in the folder as they were when they were run. `layers` is null where none was recorded. */
  'gates.list': {
    request: ofStudent,
    response: z.object({ layers: z.array(gatedLayerSchema).nullable(), images: z.array(imageGatesSchema) }),
  },
  'gates.chooseFolder': { request: z.strictObject({}), response: z.string().nullable() },
  /** Writes a student without the neurons that were never kept as a model folder, and adds it to the models. */
  'gates.writeCut': {
    request: z.strictObject({
      modelId: z.string().min(1),
      folder: z.string().min(1),
      student: cutStudentSchema,
    }),
    response: modelInfoSchema,
  },
} as const;
