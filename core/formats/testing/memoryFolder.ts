import { strToU8 } from 'fflate';
import type { ClassTable } from '../../labels/classTable.ts';
import type { ClassMap } from '../../mask/classMap.ts';
import { endingOf, flatNames, withoutEnding } from '../flatNames.ts';
import type { FormatFiles, MaskFormat, PlannedImage, Split, WritePlan } from '../maskFormat.ts';

export interface NamedMask {
  readonly name: string;
  readonly classMap: ClassMap;
  readonly split?: Split;
}

/** Files of a test, by path; texts are stored as UTF-8. */
export function memoryFiles(content: Readonly<Record<string, string | Uint8Array>>): FormatFiles {
  return {
    names: Object.keys(content).sort(),
    read: (name) => {
      const found = content[name];
      if (found === undefined) return Promise.reject(new Error(`no file ${name}`));
      return Promise.resolve(typeof found === 'string' ? strToU8(found) : found);
    },
  };
}

export function planFor(
  masks: readonly NamedMask[],
  classTable: ClassTable,
  more: Partial<WritePlan> = {},
): WritePlan {
  const stems = masks.map(({ name }) => withoutEnding(name));
  const flat = flatNames(stems);
  const images = masks.map(({ name, split = 'train' }, index): PlannedImage => ({
    name,
    stem: stems[index]!,
    flat: flat[index]!,
    ending: endingOf(name),
    split,
  }));
  return { classTable, images, projectName: 'street', ...more };
}

/** What a format writes for these masks, by path, as a folder would hold it; images are not copied. */
export async function writeMasks(
  format: MaskFormat,
  masks: readonly NamedMask[],
  classTable: ClassTable,
  more: Partial<WritePlan> = {},
): Promise<Record<string, Uint8Array>> {
  const writer = format.createWriter(planFor(masks, classTable, more));
  const files: Record<string, Uint8Array> = {};
  const pieces = masks.flatMap(({ classMap }, index) => writer.add(index, classMap));
  for (const piece of [...pieces, ...writer.finish()]) {
    const before = files[piece.path] ?? new Uint8Array();
    const content = 'append' in piece ? piece.append : await piece.content();
    const bytes = typeof content === 'string' ? strToU8(content) : content;
    files[piece.path] = Uint8Array.from('append' in piece ? [...before, ...bytes] : bytes);
  }
  return files;
}

/** A mask from rows of digits; `.` is 255. */
export function maskOf(...rows: string[]): ClassMap {
  const ids = Uint8Array.from(rows.join(''), (digit) => (digit === '.' ? 255 : Number(digit)));
  return { width: rows[0]!.length, height: rows.length, ids };
}

/** The same as rows of digits, for what a test expects. */
export function rowsOf({ width, height, ids }: ClassMap, ignoreId = 255): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from(ids.subarray(y * width, (y + 1) * width), (id) => (id === ignoreId ? '.' : String(id))).join(
      '',
    ),
  );
}
