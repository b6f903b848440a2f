import { z } from 'zod';
import { inputSizingSchema } from '../inference/runSettings.ts';
import { LARGEST_WEIGHT, WEIGHT_ONE } from './trainingWeights.ts';

/** A model as it is run: what its class maps of the pictures follow from. */
export const ranModelSchema = z.object({
  /** The catalogue's id, or the model folder's name. */
  id: z.string().min(1),
  /** Of the ONNX file, lower-case hex. */
  sha256: z.string(),
  /** Share of the gated neurons that are computed, 0 to 1; null: as the file has it. */
  keepRatio: z.number().min(0).max(1).nullable(),
  sizing: inputSizingSchema,
  /** In the optimised form that the studio makes of it. */
  optimise: z.boolean(),
  /** Names of its classes to those of the project, or `ignore`, where they are not the same. */
  map: z.record(z.string(), z.string()).default({}),
});
export type RanModel = z.infer<typeof ranModelSchema>;

/** How much a pixel counts that a person decided, where nothing else is chosen. */
export const DEFAULT_CORRECTED_WEIGHT = 2;

/** Pixels: disputed regions that are smaller are folded into their neighbours. */
export const DEFAULT_SMALLEST_DISPUTE = 128;

/** Whose disputes a retrain pack leaves out, and how much corrections count. */
export const retrainOptionsSchema = z.object({
  teacher: ranModelSchema,
  student: ranModelSchema,
  /** Pixels: disputes that are smaller are folded into their neighbours, or are none. */
  smallestDispute: z.number().int().min(1).max(100_000),
  correctedWeight: z.number().min(1).max(LARGEST_WEIGHT),
});
export type RetrainOptions = z.infer<typeof retrainOptionsSchema>;

/** The same as a pack's manifest has it. */
export const weighedBySchema = retrainOptionsSchema.extend({
  /** The value of a weight map that means weight 1. */
  weightOne: z.literal(WEIGHT_ONE),
});
