import { z } from 'zod';
import { classTableSchema } from '../labels/classTable.ts';
import { problemSchema } from '../problem.ts';
import { hubOriginSchema } from './hubRepository.ts';
import { modelFileSchema } from './modelFile.ts';
import { modelAnswersSchema, modelInterfaceSchema, modelMappingSchema } from './modelMapping.ts';

/** preprocessor_config.json as transformers writes it; only what the SegFormer image processor reads. */
export const preprocessorConfigSchema = z.looseObject({
  do_resize: z.boolean().default(true),
  size: z
    .union([
      z.number().int().positive(),
      z.object({ height: z.number().int().positive(), width: z.number().int().positive() }),
      z.object({ shortest_edge: z.number().int().positive() }),
    ])
    .default({ height: 512, width: 512 }),
  /** PIL's filter numbers: 0 nearest, 1 lanczos, 2 bilinear, 3 bicubic. */
  resample: z.number().int().min(0).max(5).default(2),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: z.tuple([z.number(), z.number(), z.number()]).default([0.485, 0.456, 0.406]),
  image_std: z.tuple([z.number(), z.number(), z.number()]).default([0.229, 0.224, 0.225]),
  /** The studio's own: the graph takes no other size than `size`, so nothing else is tried. */
  fixed_size: z.boolean().optional(),
  do_reduce_labels: z.boolean().optional(),
  reduce_labels: z.boolean().optional(),
});
export type PreprocessorConfig = z.infer<typeof preprocessorConfigSchema>;

export const modelRoleSchema = z.enum(['teacher', 'student']);
export type ModelRole = z.infer<typeof modelRoleSchema>;

/** One gated layer of a student: `kept` of its `neurons` are computed for each image. */
export const gateInfoSchema = z.looseObject({
  /** Name of the ONNX output that carries the kept indices. */
  name: z.string(),
  stage: z.number().int(),
  block: z.number().int(),
  kind: z.string(),
  neurons: z.number().int().positive(),
  kept: z.number().int().positive(),
});

/** card.json: what our own models say of themselves. Foreign models have none. */
export const modelCardSchema = z.looseObject({
  id: z.string(),
  role: modelRoleSchema,
  name: z.string(),
  keepRatio: z.number().min(0).max(1),
  teacher: z.string().nullish(),
  gates: z.array(gateInfoSchema).default([]),
  parameters: z.number().int().positive().optional(),
  licence: z.string().optional(),
});
export type ModelCard = z.infer<typeof modelCardSchema>;

/** A model folder that was read: everything needed to run it, as data. */
export const modelInfoSchema = z.object({
  /** The catalogue's id, or the folder's name. */
  id: z.string(),
  role: modelRoleSchema,
  name: z.string(),
  /** Absolute path of the folder. */
  folder: z.string(),
  /** Absolute path of the ONNX file. */
  onnxFile: z.string(),
  /** Where the window fetches the ONNX file from, `studio://app/model/<id>/model.onnx`. */
  onnxUrl: z.string(),
  bytes: z.number().int().nonnegative(),
  /** Of the ONNX file, and of what people said of it where they did, lower-case hex: the same, the same results. */
  sha256: z.string(),
  /** Of the ONNX file alone. */
  fileSha256: z.string().optional(),
  /** The path that opens it again: its folder, or the ONNX file that was named. */
  source: z.string().optional(),
  classTable: classTableSchema,
  preprocessor: preprocessorConfigSchema,
  card: modelCardSchema.nullable(),
  /** Of a model that was downloaded: where from, and the licence that is stated there. */
  hub: hubOriginSchema.nullable().optional(),
  /** True for the models that come with the studio. */
  embedded: z.boolean(),
  problems: z.array(problemSchema),
  /** How its graph is brought into the studio's form; null: something has to be asked first. */
  mapping: modelMappingSchema.nullable().optional(),
  /** What its graph offers, and what is open. */
  found: modelInterfaceSchema.optional(),
  /** What people said of it, in the studio or in a file beside it. */
  answers: modelAnswersSchema.optional(),
  /** The ONNX files of its folder, the best first; onnxFile is the one that runs. */
  files: z.array(modelFileSchema).optional(),
});
export type ModelInfo = z.infer<typeof modelInfoSchema>;
