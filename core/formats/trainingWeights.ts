import type { Region } from '../disputes/region.ts';
import type { ClassMap } from '../mask/classMap.ts';

/** A weight map is a grey PNG of 8 bits in which this value means weight 1: weights from 0 to almost 4. */
export const WEIGHT_ONE = 64;
/** The largest weight that a weight map can say. */
export const LARGEST_WEIGHT = 255 / WEIGHT_ONE;

/** Who has the last word on a pixel: a model (or nobody), the ground truth, or a person. */
export const BY_MODEL = 0;
export const BY_TRUTH = 1;
export const BY_PERSON = 2;

/** Pixels of a mask by what its weight map says of them; together they are the whole picture. */
export interface WeightCounts {
  /** In an open dispute, and left out for that. */
  readonly open: number;
  /** Without a class in the mask. */
  readonly ignored: number;
  /** Decided by a person: they count more. */
  readonly corrected: number;
  /** All others, weight 1. */
  readonly plain: number;
}

export interface WeighedMask {
  /** The mask with the ignore index where a dispute is open. */
  readonly classMap: ClassMap;
  /** A value of a weight map for each pixel: 0 exactly where `classMap` is ignored. */
  readonly weights: Uint8Array;
  readonly counts: WeightCounts;
}

export interface WeighInput {
  readonly mask: ClassMap;
  readonly ignoreId: number;
  /** BY_MODEL, BY_TRUTH or BY_PERSON for each pixel. */
  readonly deciders: Uint8Array;
  /** Regions on which teacher and student differ, and that no verdict decided. */
  readonly open: readonly Region[];
  /** Weight of a pixel that a person decided, 1 to LARGEST_WEIGHT. */
  readonly correctedWeight: number;
}

/**
 * What a training is to see of a mask. Pixels of open disputes are left out, but for those that the ground truth or a
 * person decided: their label does not rest on what the models say.
 */
export function weighMask({ mask, ignoreId, deciders, open, correctedWeight }: WeighInput): WeighedMask {
  const { width, height } = mask;
  const ids = mask.ids.slice();
  const heavy = Math.min(255, Math.round(correctedWeight * WEIGHT_ONE));
  const counts = { open: 0, ignored: 0, corrected: 0, plain: 0 };
  for (const { runs } of open) {
    for (let at = 0; at < runs.length; at += 3) {
      const row = runs[at]! * width;
      for (let pixel = row + runs[at + 1]!; pixel < row + runs[at + 2]!; pixel++) {
        if (deciders[pixel] !== BY_MODEL || ids[pixel] === ignoreId) continue;
        ids[pixel] = ignoreId;
        counts.open++;
      }
    }
  }
  const weights = new Uint8Array(ids.length);
  for (let pixel = 0; pixel < ids.length; pixel++) {
    if (ids[pixel] === ignoreId) counts.ignored++;
    else if (deciders[pixel] === BY_PERSON) {
      weights[pixel] = heavy;
      counts.corrected++;
    } else {
      weights[pixel] = WEIGHT_ONE;
      counts.plain++;
    }
  }
  counts.ignored -= counts.open;
  return { classMap: { width, height, ids }, weights, counts };
}

/** The weights of a mask of which nothing but its pixels is known: 1, and 0 where it has no class. */
export function plainWeights({ ids }: ClassMap, ignoreId: number): Uint8Array {
  return Uint8Array.from(ids, (id) => (id === ignoreId ? 0 : WEIGHT_ONE));
}
