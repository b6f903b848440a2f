import { findClass, type ClassTable } from '../labels/classTable.ts';
import { createClassIds, type ClassIds } from '../mask/classMap.ts';
import { ProblemError, type Problem } from '../problem.ts';
import { decodeMaskPng } from './indexedPng.ts';

export interface ReadTruthMaskOptions {
  /** What messages start with: `mask 0016E5.png`. */
  subject: string;
  classTable: ClassTable;
  /** Stored values that mean "ignore": see `voidIdsFor`. */
  voidIds: readonly number[];
  /** Upright size of the image that the mask is of. */
  expected: { readonly width: number; readonly height: number };
}

export interface MaskFile {
  /** Ids of the class table; void pixels are its ignoreId. */
  readonly ids: ClassIds;
  readonly problems: Problem[];
}

/** How many unknown values a message lists. */
const LISTED_VALUES = 5;

/**
 * Reads a ground-truth mask.
 * Throws ProblemError: what `decodeMaskPng` throws, mask.size, mask.unknownValue.
 */
export function readTruthMask(bytes: Uint8Array, options: ReadTruthMaskOptions): MaskFile {
  const { subject, classTable, expected } = options;
  const mask = decodeMaskPng(bytes, subject);
  if (mask.width !== expected.width || mask.height !== expected.height) {
    const turned = mask.width === expected.height && mask.height === expected.width;
    throw new ProblemError({
      code: 'mask.size',
      title: `${mask.width} x ${mask.height} pixels, its image has ${expected.width} x ${expected.height}`,
      subject,
      hint: turned
        ? 'Turn the mask as the image is shown, with its EXIF orientation applied'
        : 'Resize the mask with the nearest filter, or choose the masks of these images',
    });
  }
  const ignoreId = classTable.ignoreId as number;
  const target = new Int32Array(65536).fill(-1);
  let maxId = ignoreId;
  for (const { id } of classTable.classes) {
    target[id] = id;
    maxId = Math.max(maxId, id);
  }
  for (const id of options.voidIds) target[id] = ignoreId;
  const ids = createClassIds(mask.ids.length, maxId);
  const unknown = new Map<number, number>();
  for (let pixel = 0; pixel < ids.length; pixel++) {
    const value = mask.ids[pixel]!;
    const id = target[value]!;
    if (id < 0) unknown.set(value, (unknown.get(value) ?? 0) + 1);
    else ids[pixel] = id;
  }
  if (unknown.size > 0) throw unknownValues(unknown, options);
  return { ids, problems: [] };
}

/**
 * The stored values that mean "ignore": the one that classes.json declares, 255 (VOC, Cityscapes trainIds,
 * mmsegmentation) and the table's own ignoreId (what the studio exports). Where nothing is declared also the value
 * right after the last class: CamVid's void is 11 after 11 classes. A value that is a class is never void.
 */
export function voidIdsFor(classTable: ClassTable, declaredVoid: number | undefined): number[] {
  const afterLast = Math.max(...classTable.classes.map(({ id }) => id)) + 1;
  const values = new Set([declaredVoid ?? afterLast, 255, classTable.ignoreId]);
  return [...values].filter((value) => value <= 65535 && !findClass(classTable, value)).sort((a, b) => a - b);
}

function unknownValues(
  unknown: ReadonlyMap<number, number>,
  { subject, classTable }: ReadTruthMaskOptions,
): ProblemError {
  const values = [...unknown].sort((a, b) => a[0] - b[0]);
  const classes = classTable.classes.length;
  const pixels = (count: number) => `${count} ${count === 1 ? 'pixel' : 'pixels'}`;
  const only = values.length === 1 ? values[0]! : null;
  const listed = values.slice(0, LISTED_VALUES).map(([value, count]) => `${value} (${pixels(count)})`);
  const more = values.length - listed.length;
  return new ProblemError({
    code: 'mask.unknownValue',
    title: only
      ? `value ${only[0]} is not one of the ${classes} classes`
      : `${values.length} values are not among the ${classes} classes`,
    subject,
    detail: only
      ? `${pixels(only[1])} ${only[1] === 1 ? 'has' : 'have'} it`
      : `They are ${listed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    hint: 'Declare the classes and the void value of these masks in a classes.json beside them',
  });
}
