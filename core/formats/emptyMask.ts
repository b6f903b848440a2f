import { MAX_PIXELS } from '../imaging/probeImage.ts';
import { largestId, type ClassTable } from '../labels/classTable.ts';
import { createClassIds, type ClassMap } from '../mask/classMap.ts';
import { ProblemError } from '../problem.ts';

/**
 * A mask of the size that a file states, unlabelled throughout. Throws ProblemError `mask.tooLarge`: a few bytes may
 * state more pixels than any picture has.
 */
export function emptyMask(
  { width, height }: { readonly width: number; readonly height: number },
  classTable: ClassTable,
  subject: string,
): ClassMap {
  if (width * height <= MAX_PIXELS) {
    return { width, height, ids: createClassIds(width * height, largestId(classTable), classTable.ignoreId) };
  }
  throw new ProblemError({
    code: 'mask.tooLarge',
    title: `${width} x ${height} pixels are stated, more than the ${MAX_PIXELS} that a picture may have`,
    subject,
  });
}
