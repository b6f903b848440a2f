import type { Problem } from '#core/problem.ts';

/** Milliseconds of one image, each step apart. */
export interface StepMilliseconds {
  readonly decode: number;
  readonly preprocess: number;
  readonly inference: number;
  readonly postprocess: number;
}

export interface ModelOnImage {
  /** Path of the class map, relative to the report. */
  readonly mask: string;
  readonly ms: StepMilliseconds;
  /** Thousand million multiply-adds of this run. */
  readonly gmacs: number;
  /** Mean IoU against the ground truth, 0 to 1; null where the image has none. */
  readonly miou: number | null;
}

export interface ComparedImage {
  readonly image: string;
  readonly width: number;
  readonly height: number;
  /** Share of pixels to which both models give the same class, 0 to 1. */
  readonly equalShare: number;
  /** Path of the difference picture, relative to the report. */
  readonly difference: string;
  readonly teacher: ModelOnImage;
  readonly student: ModelOnImage;
}

export interface ModelInTotal {
  readonly id: string;
  readonly name: string;
  readonly keepRatio: number | null;
  readonly sha256: string;
  /** Median over the images of decode to class map. */
  readonly msPerImage: number;
  /** Mean over the images. */
  readonly gmacs: number;
  /** From one confusion matrix over all images with ground truth; null where there is none. */
  readonly miou: number | null;
  readonly pixelAccuracy: number | null;
}

export interface ComparedClass {
  readonly name: string;
  readonly shareTeacher: number;
  readonly shareStudent: number;
  /** Intersection over union of teacher's and student's pixels; null where neither has any. */
  readonly iou: number | null;
  /** Against the ground truth. */
  readonly iouTeacher: number | null;
  readonly iouStudent: number | null;
}

/** summary.json of `dynaseg compare`. */
export interface Comparison {
  readonly version: 1;
  readonly folder: string;
  readonly teacher: ModelInTotal;
  readonly student: ModelInTotal;
  readonly equalShare: number;
  /** Where the models have different classes: what theirs are in those of `classes`, names apart that are the same. */
  readonly mapped?: Readonly<
    Record<
      'teacher' | 'student',
      { readonly map: Readonly<Record<string, string>>; readonly ignored: readonly string[] }
    >
  >;
  readonly classes: readonly ComparedClass[];
  readonly images: readonly ComparedImage[];
  readonly problems: readonly Problem[];
}
