import type { FuzzRandom } from '#core/fuzz/fuzzRandom.ts';

/** What is fuzzed, in the order of the printed table. */
export const FUZZ_KINDS = ['png', 'picture', 'rle', 'json', 'zip', 'onnx', 'project'] as const;
export type FuzzKind = (typeof FUZZ_KINDS)[number];

/** Of 100 inputs. Projects are whole databases on the disk, and are opened, read and exported: fewer of them. */
export const SHARES: Readonly<Record<FuzzKind, number>> = {
  png: 25,
  picture: 8,
  rle: 20,
  json: 19,
  zip: 8,
  onnx: 15,
  project: 5,
};

export const KIND_TITLES: Readonly<Record<FuzzKind, string>> = {
  png: 'PNG pictures and masks',
  picture: 'JPEG, WebP, BMP',
  rle: 'run lengths (COCO, Label Studio, edits, regions)',
  json: 'JSON and text (mask formats, models, reports)',
  zip: 'zip archives, given wherever a file is read',
  onnx: 'ONNX graphs',
  project: 'project files (SQLite), opened and exported',
};

/** Makes one damaged input and gives it to everything that reads its kind. */
export interface FuzzTarget {
  /** What is done once before the first input; `folder` is the only place that may be written to. */
  prepare?(folder: string): void | Promise<void>;
  /**
   * Reads one input. Resolves to how many readers took it; readers that throw ProblemError have refused it. Rejects with
   * anything else that was thrown: that is a defect.
   */
  run(random: FuzzRandom, folder: string): Promise<number>;
}
