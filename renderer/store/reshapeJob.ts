import { createRegion, type Region } from '#core/disputes/region.ts';
import { classId } from '#core/labels/classTable.ts';
import type { ClassIds } from '#core/mask/classMap.ts';
import { growRegion } from '#core/mask/growRegion.ts';
import { MaskRaster } from '#core/mask/maskRaster.ts';
import { applyMorphology, type MorphologyKind } from '#core/mask/morphology.ts';
import { packPatch, type PackedPatch } from '#core/mask/packedPatch.ts';
import { ProblemError } from '#core/problem.ts';

/** What is reshaped, and how: see Morphology. */
export interface ReshapeRequest {
  readonly kind: MorphologyKind;
  readonly amount: number;
  readonly id: number;
  /** Only the region of the class around this pixel; null for all of the class. */
  readonly at: { readonly x: number; readonly y: number } | null;
}

/** A reshaping of a copy of the mask, which is gone afterwards. */
export interface ReshapeJob extends ReshapeRequest {
  readonly width: number;
  readonly height: number;
  readonly ids: ClassIds;
  readonly ignoreId: number;
  /** As MaskRaster.setWritable takes it. */
  readonly writable: Uint8Array | null;
  /** Shared with the window: how much is done, of PROGRESS_OF; and 1 where it is to stop. */
  readonly control: Int32Array;
}

export interface ReshapeAnswer {
  /** Runs of the region that was reshaped; null where that was all of the class. */
  readonly region: Int32Array | null;
  /** null where no pixel changes. */
  readonly patch: PackedPatch | null;
}

const PROGRESS_OF = 1000;
const SHARE = 0;
const STOP = 1;

/** What both threads look at: nothing done yet, not to stop. */
export function createControl(): Int32Array {
  const bytes = 2 * Int32Array.BYTES_PER_ELEMENT;
  // Without isolation there is nothing to share: progress and stop are then not heard of, the result is.
  const isShared = typeof SharedArrayBuffer !== 'undefined';
  return new Int32Array(isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
}

export const stopWork = (control: Int32Array): void => void Atomics.store(control, STOP, 1);
/** 0 to 1. */
export const shareDone = (control: Int32Array): number => Atomics.load(control, SHARE) / PROGRESS_OF;

/** Throws `mask.stopped` where the window does not want it any more. */
export function computeReshape(job: ReshapeJob): ReshapeAnswer {
  const { width, height, ids, ignoreId, writable, control, kind, amount, id, at } = job;
  const raster = new MaskRaster({ width, height, ids, ignoreId: classId(ignoreId) });
  raster.setWritable(writable);
  const watch = (share: number): void => {
    Atomics.store(control, SHARE, Math.round(share * PROGRESS_OF));
    if (Atomics.load(control, STOP) === 1) {
      throw new ProblemError({ code: 'mask.stopped', title: 'the reshaping was stopped' });
    }
  };
  watch(0);
  let region: Region | null = null;
  if (at) {
    const own = raster.ids;
    region =
      growRegion(raster, at.x, at.y, (x, y) => own[y * width + x] === id) ?? createRegion(new Int32Array());
  }
  raster.beginStep();
  applyMorphology(raster, { kind, amount, id: classId(id), region }, watch);
  const patch = raster.endStep();
  return { region: region?.runs ?? null, patch: patch && packPatch(patch) };
}
