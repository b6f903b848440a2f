import { z } from 'zod';
import { gatedLayerSchema } from './gateLayout.ts';

const count = z.number().int().nonnegative();

/** What both forms of a student said of the same pictures. */
export const equivalenceSchema = z.object({
  images: count,
  /** Images whose class maps are the same to the last pixel. */
  equalImages: count,
  /** Pixels that differ, over all images. */
  differentPixels: count,
  pixels: count,
  /** The largest difference of two logits. */
  largestLogitDifference: z.number().nonnegative(),
});
export type Equivalence = z.infer<typeof equivalenceSchema>;

/** How a student was made smaller, and what that changed. */
export const cutReportSchema = z.object({
  /** Keep ratio at which the gates were looked at; null: the file's. */
  keepRatio: z.number().min(0).max(1).nullable(),
  /** Images whose gates were looked at. */
  images: count,
  /** In the order in which they run: what each layer had, and what went. */
  layers: z.array(gatedLayerSchema.extend({ never: count, cut: count })),
  parametersBefore: count,
  bytesBefore: count,
  equivalence: equivalenceSchema,
});
export type CutReport = z.infer<typeof cutReportSchema>;

/** A student without the neurons that no image kept. */
export const cutStudentSchema = z.object({
  /** The bytes of its ONNX file. */
  onnx: z.instanceof(Uint8Array),
  /** Elements of its weights. */
  parameters: count,
  /** Its gated layers, and how many neurons each keeps per image. */
  gates: z.array(gatedLayerSchema.extend({ kept: count })),
  report: cutReportSchema,
});
export type CutStudent = z.infer<typeof cutStudentSchema>;
