import { z } from 'zod';

export const pruneMethodSchema = z.enum(['dynamic', 'static']);
export type PruneMethod = z.infer<typeof pruneMethodSchema>;

const share = z.number().min(0).max(1);
const count = z.number().int().nonnegative();

/** What became of a layer. */
const prunedLayerSchema = z.object({
  /** From 0. */
  stage: count,
  block: count,
  kind: z.enum(['qk', 'v', 'ffn']),
  /** `gate.0.1.ffn` */
  name: z.string(),
  /** All of them, over all groups. */
  neurons: count,
  groups: count,
  /** Over all groups. */
  kept: count,
  /**
   * Measured: nats per position by which the class probabilities change where half of this layer's neurons are left
   * out and nothing else is. null where it was not measured.
   */
  sensitivity: z.number().nullable(),
  /** Share of the neurons' energies over images that the gate does not foresee; null without a gate. */
  unexplained: share.nullable(),
});

/** How a student was made, and what it costs. */
export const pruneReportSchema = z.object({
  method: pruneMethodSchema,
  /** Asked for: share of the multiply-adds of the unpruned model, its head folded, at `height` x `width`. */
  budget: share,
  height: count,
  width: count,
  /** Multiply-adds of the unpruned model. */
  fullMacs: count,
  /** Of the student, its gates included. */
  macs: count,
  /** Images that it learned from. */
  images: count,
  /** Share of positions at which it names the class that the unpruned model names, on `checkedImages` of the images. */
  agreement: share,
  checkedImages: count,
  layers: z.array(prunedLayerSchema),
});
export type PruneReport = z.infer<typeof pruneReportSchema>;

/** What pruneSegformer gives. */
export const prunedModelSchema = z.object({
  /** The bytes of the student's ONNX file. */
  onnx: z.instanceof(Uint8Array),
  /** Elements of its weights. */
  parameters: count,
  report: pruneReportSchema,
});
export type PrunedModel = z.infer<typeof prunedModelSchema>;

/** What is being done, how far. */
export interface PruneProgress {
  readonly phase: 'statistics' | 'sensitivity' | 'reconstruction' | 'check';
  readonly done: number;
  readonly total: number;
}

/** Pictures to learn from, as the model is fed them. */
export interface CalibrationImages {
  readonly count: number;
  load(index: number): Promise<CalibrationInput>;
}

/** float32 [1, 3, height, width]. */
export interface CalibrationInput {
  readonly pixelValues: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** An AbortSignal, or anything that throws when the user has had enough. */
export interface Cancellation {
  throwIfAborted(): void;
}
