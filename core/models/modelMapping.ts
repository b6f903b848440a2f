import { z } from 'zod';

/** How the picture lies in the input's memory; without N for an input that takes one picture without a batch. */
export const inputLayoutSchema = z.enum(['NCHW', 'NHWC', 'CHW', 'HWC']);
export type InputLayout = z.infer<typeof inputLayoutSchema>;

/** How what the model says of each place lies in the output's memory. */
export const outputLayoutSchema = z.enum(['NCHW', 'NHWC', 'CHW', 'HWC', 'NHW', 'HW']);
export type OutputLayout = z.infer<typeof outputLayoutSchema>;

/**
 * What the output's numbers are. `logits`: one number per class, the largest wins. `probabilities`: the same after
 * softmax or sigmoid. `classMap`: the id of the class. `binaryLogit`, `binaryProbability`: one number, the second of
 * two classes where it is above 0 or above one half.
 */
const outputMeaningSchema = z.enum([
  'logits',
  'probabilities',
  'classMap',
  'binaryLogit',
  'binaryProbability',
]);
export type OutputMeaning = z.infer<typeof outputMeaningSchema>;

const colourOrderSchema = z.enum(['rgb', 'bgr']);

/** The largest id of a class table is that of what is no class. */
export const MOST_CLASSES = 65_535;

/** Everything that has to be known to bring a graph into the studio's own form: `adaptGraph` does it. */
export const modelMappingSchema = z.strictObject({
  input: z.strictObject({ name: z.string(), layout: inputLayoutSchema, colours: colourOrderSchema }),
  output: z.strictObject({ name: z.string(), layout: outputLayoutSchema, meaning: outputMeaningSchema }),
  /** How many classes there are. */
  classes: z.number().int().min(1).max(MOST_CLASSES),
});
export type ModelMapping = z.infer<typeof modelMappingSchema>;

const triple = z.tuple([z.number(), z.number(), z.number()]);

/**
 * What people say of a model, where its graph and its folder do not: all of it may be left out. It is kept by the
 * studio for the file's hash, or lies beside the model as dynaseg.json (NAME.dynaseg.json beside a lone NAME.onnx).
 */
export const modelAnswersSchema = z.strictObject({
  version: z.literal(1).default(1),
  /** Which ONNX file of the folder runs, relative to the folder: `onnx/model_quantized.onnx`. */
  file: z.string().min(1).optional(),
  input: z
    .strictObject({
      name: z.string().min(1),
      layout: inputLayoutSchema,
      colours: colourOrderSchema,
      /** What pictures are resized to, in pixels. */
      size: z.strictObject({
        height: z.number().int().min(1).max(16_384),
        width: z.number().int().min(1).max(16_384),
      }),
      /** Of the values before mean and deviation: 0 to 1, or 0 to 255. */
      range: z.enum(['unit', 'bytes']),
      /** Subtracted, in units of `range`, in the order red, green, blue. */
      mean: triple,
      /** Divided by, above 0. */
      std: triple.refine((values) => values.every((value) => value > 0), 'every deviation is above 0'),
    })
    .partial()
    .optional(),
  output: z
    .strictObject({ name: z.string().min(1), layout: outputLayoutSchema, meaning: outputMeaningSchema })
    .partial()
    .optional(),
  /** Class names, of class 0 first. */
  classes: z.array(z.string().trim().min(1).max(200)).min(1).max(MOST_CLASSES).optional(),
});
export type ModelAnswers = z.infer<typeof modelAnswersSchema>;

/** Nothing was said. */
export const NO_ANSWERS: ModelAnswers = { version: 1 };

/** `over` counts where both say something; input and output field by field. */
export function mergeAnswers(under: ModelAnswers, over: ModelAnswers): ModelAnswers {
  return {
    ...under,
    ...over,
    ...((under.input ?? over.input) && { input: { ...under.input, ...over.input } }),
    ...((under.output ?? over.output) && { output: { ...under.output, ...over.output } }),
  };
}

/** What has to be asked because neither the graph nor the folder says it. */
const modelQuestionSchema = z.enum([
  'inputLayout',
  'inputValues',
  'outputLayout',
  'outputMeaning',
  'classCount',
  'classNames',
]);
export type ModelQuestion = z.infer<typeof modelQuestionSchema>;

/** An input or output of a graph and what it would be taken for; null where that cannot be told. */
const inputCandidateSchema = z.object({
  name: z.string(),
  /** `float32`, `uint8`. */
  type: z.string(),
  /** Sizes, names of open sizes, '' for nameless ones. */
  shape: z.array(z.union([z.number(), z.string()])),
  layout: inputLayoutSchema.nullable(),
});
export type InputCandidate = z.infer<typeof inputCandidateSchema>;

const outputCandidateSchema = z.object({
  name: z.string(),
  type: z.string(),
  shape: z.array(z.union([z.number(), z.string()])),
  layout: outputLayoutSchema.nullable(),
  meaning: outputMeaningSchema.nullable(),
  /** How many classes it tells apart; null where it does not say. */
  classes: z.number().int().nullable(),
});
export type OutputCandidate = z.infer<typeof outputCandidateSchema>;

/** What a graph offers, what was taken, and what is open. */
export const modelInterfaceSchema = z.object({
  inputs: z.array(inputCandidateSchema),
  outputs: z.array(outputCandidateSchema),
  /** null while a question is open. */
  mapping: modelMappingSchema.nullable(),
  /** The best guess at everything: what a form that asks shows first. */
  guess: modelMappingSchema,
  questions: z.array(modelQuestionSchema),
  /** The one input size that the graph takes; null where it takes others too. */
  fixedSize: z.object({ height: z.number().int(), width: z.number().int() }).nullable(),
});
export type ModelInterface = z.infer<typeof modelInterfaceSchema>;
