import type { CutStudent } from '#core/gates/cutReport.ts';
import type { FeatureErrors } from '#core/gates/featureErrors.ts';
import type { GatedLayer } from '#core/gates/gateLayout.ts';
import type { RecordedGates } from '#core/gates/recordedGates.ts';
import type { RunSettings } from '#core/inference/runSettings.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import type { PreprocessorConfig } from '#core/models/modelInfo.ts';
import type { GateOverride } from '#core/onnx/overrideGates.ts';
import type { Problem } from '#core/problem.ts';
import type { WorkerSetup } from './protocol.ts';

export interface LabModel {
  /** Of the file in the form in which the studio runs it. */
  readonly url: string;
  /** Of the file as it was opened. */
  readonly originalUrl: string;
  readonly name: string;
  readonly sha256: string;
  readonly preprocessor: PreprocessorConfig;
  readonly settings: RunSettings;
}

export interface LabImage {
  readonly url: string;
  readonly name: string;
}

/** One picture through a student of which some neurons are forced; none forced: as it is, with its logits. */
export interface OverrideJob {
  readonly kind: 'override';
  readonly model: LabModel;
  readonly image: LabImage;
  readonly overrides: readonly GateOverride[];
}

export interface OverrideAnswer {
  readonly classMap: ClassMap;
  readonly gates: RecordedGates;
  /** The gates' logits, a number per neuron of the layers one behind the other. */
  readonly scores: Float32Array;
  /** Multiply-adds; null where the graph could not be counted. */
  readonly macs: number | null;
}

/** How far the student's stages are from the teacher's. */
export interface FeaturesJob {
  readonly kind: 'features';
  readonly teacher: LabModel;
  readonly student: LabModel;
  readonly image: LabImage;
}

/** A student without the neurons that none of the images kept, and whether it says the same of them. */
export interface CutJob {
  readonly kind: 'cut';
  readonly model: LabModel;
  /** Of the model's file. */
  readonly bytes: number;
  readonly layers: readonly GatedLayer[];
  /** Of every image: core/gates/gateBits.ts. */
  readonly bits: readonly Uint8Array[];
  /** Those on which the two are compared. */
  readonly images: readonly LabImage[];
}

export interface LabAnswers {
  readonly override: OverrideAnswer;
  /** One per stage. */
  readonly features: readonly FeatureErrors[];
  readonly cut: CutStudent;
}

export type LabJob = OverrideJob | FeaturesJob | CutJob;

export type LabRequest = WorkerSetup | { readonly type: 'job'; readonly id: number; readonly job: LabJob };

export type LabResponse =
  | { readonly type: 'done'; readonly id: number; readonly answer: LabAnswers[keyof LabAnswers] }
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  | { readonly type: 'failed'; readonly id: number; readonly problem: Problem };
