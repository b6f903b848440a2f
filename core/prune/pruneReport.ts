import type { LayerPlace } from './pruneCost.ts';

export type PruneMethod = 'dynamic' | 'static';

/** What became of a layer. */
export interface PrunedLayer extends LayerPlace {
  /** `gate.0.1.ffn` */
  readonly name: string;
  /** All of them, over all groups. */
  readonly neurons: number;
  readonly groups: number;
  /** Over all groups. */
  readonly kept: number;
  /**
   * Measured: nats per position by which the class probabilities change where half of this layer's neurons are left
   * out and nothing else is. null where it was not measured.
   */
  readonly sensitivity: number | null;
  /** Share of the neurons' energies over images that the gate does not foresee, 0 to 1; null without a gate. */
  readonly unexplained: number | null;
}

/** How a student was made, and what it costs. */
export interface PruneReport {
  readonly method: PruneMethod;
  /** Asked for: share of the multiply-adds of the unpruned model, its head folded, at `height` x `width`. */
  readonly budget: number;
  readonly height: number;
  readonly width: number;
  /** Multiply-adds of the unpruned model. */
  readonly fullMacs: number;
  /** Of the student, its gates included. */
  readonly macs: number;
  /** Images that it learned from. */
  readonly images: number;
  /** Share of positions at which it names the class that the unpruned model names, on `checkedImages` of the images. */
  readonly agreement: number | null;
  readonly checkedImages: number;
  readonly layers: readonly PrunedLayer[];
}

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
