import type { ClassId, ClassTable } from '../labels/classTable.ts';
import type { ClassMap } from '../mask/classMap.ts';
import { assertSameSize } from '../mask/outline.ts';

export interface ClassAgreement {
  readonly id: ClassId;
  /** The class's share of all pixels of the picture in `a`, 0 to 1. */
  readonly shareA: number;
  readonly shareB: number;
  /** Of a's and b's pixels of the class; null where neither has any. */
  readonly iou: number | null;
}

export interface Agreement {
  /** Pixels on which both say the same, over the compared pixels; null where none was compared. */
  readonly equalShare: number | null;
  /** In the order of the table. */
  readonly perClass: readonly ClassAgreement[];
}

/**
 * How far two class maps of one picture agree: teacher and student, or a model and a mask.
 * Compared are the pixels on which neither has the ignore index; the shares are of all pixels. Ids that are
 * not in the table agree with their like and belong to no class. Throws `mask.size`.
 */
export function agreement(a: ClassMap, b: ClassMap, table: ClassTable): Agreement {
  assertSameSize(a, b);
  const pixelsA = new Float64Array(65536);
  const pixelsB = new Float64Array(65536);
  const comparedA = new Float64Array(65536);
  const comparedB = new Float64Array(65536);
  const both = new Float64Array(65536);
  let compared = 0;
  let equal = 0;
  for (let n = 0; n < a.ids.length; n++) {
    const idA = a.ids[n]!;
    const idB = b.ids[n]!;
    pixelsA[idA]! += 1;
    pixelsB[idB]! += 1;
    if (idA === table.ignoreId || idB === table.ignoreId) continue;
    compared++;
    comparedA[idA]! += 1;
    comparedB[idB]! += 1;
    if (idA === idB) {
      equal++;
      both[idA]! += 1;
    }
  }
  const perClass = table.classes.map(({ id }) => {
    const union = comparedA[id]! + comparedB[id]! - both[id]!;
    return {
      id,
      shareA: pixelsA[id]! / a.ids.length,
      shareB: pixelsB[id]! / a.ids.length,
      iou: union === 0 ? null : both[id]! / union,
    };
  });
  return { equalShare: compared === 0 ? null : equal / compared, perClass };
}
