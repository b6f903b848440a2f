import { z } from 'zod';
import type { Rgb } from './rgb.ts';
import { vocColour } from './vocColour.ts';

/** Index of a class in a class map. A different type from any other number. */
export type ClassId = number & { readonly __brand: 'ClassId' };
export const classId = (value: number): ClassId => value as ClassId;

export const classEntrySchema = z.object({
  id: z.number().int().min(0).max(65534).transform(classId),
  name: z.string().min(1),
  colour: z
    .tuple([
      z.number().int().min(0).max(255),
      z.number().int().min(0).max(255),
      z.number().int().min(0).max(255),
    ])
    .readonly(),
  /** Names that it had, and those of classes merged into it: models and ground truth may know it by them. */
  aliases: z.array(z.string().min(1)).readonly().optional(),
});
export type ClassEntry = z.infer<typeof classEntrySchema>;

export const classTableSchema = z.object({
  classes: z.array(classEntrySchema).min(1).readonly(),
  /** The ignore index: pixels that no metric counts and no loss sees. */
  ignoreId: z.number().int().min(0).max(65535).transform(classId),
});
export type ClassTable = z.infer<typeof classTableSchema>;

/** The ignore index where nothing says otherwise (VOC, Cityscapes trainIds, mmsegmentation). */
export const DEFAULT_IGNORE_ID = classId(255);

/** CamVid's published colours, by class name: what eyes trained on street scenes expect. */
const STREET_COLOURS: Readonly<Record<string, Rgb>> = {
  sky: [128, 128, 128],
  building: [128, 0, 0],
  pole: [192, 192, 128],
  road: [128, 64, 128],
  pavement: [60, 40, 222],
  tree: [128, 128, 0],
  signsymbol: [192, 128, 128],
  fence: [64, 64, 128],
  car: [64, 0, 128],
  pedestrian: [64, 64, 0],
  bicyclist: [0, 128, 192],
};

/**
 * A table of classes 0..n-1 in the order of `names`.
 * Colours: CamVid's for its class names, else the VOC colour of id + 1 (the VOC colour of 0 is black).
 */
export function createClassTable(
  names: readonly string[],
  ignoreId: ClassId = DEFAULT_IGNORE_ID,
): ClassTable {
  return {
    classes: names.map((name, index) => ({
      id: classId(index),
      name,
      colour: STREET_COLOURS[name.toLowerCase()] ?? vocColour(index + 1),
    })),
    ignoreId,
  };
}

/** The entry of a class, or undefined where `id` is the ignore index or not in the table. */
export function findClass(table: ClassTable, id: number): ClassEntry | undefined {
  const direct = table.classes[id];
  return direct?.id === id ? direct : table.classes.find((entry) => entry.id === id);
}

/** The largest id that a mask of this table can hold, the ignore index included. */
export function largestId({ classes, ignoreId }: ClassTable): number {
  return Math.max(ignoreId, ...classes.map(({ id }) => id));
}

/** The class's name, `ignore` for the ignore index, `value 37` for anything else. */
export function className(table: ClassTable, id: number): string {
  if (id === table.ignoreId) return 'ignore';
  return findClass(table, id)?.name ?? `value ${id}`;
}

/** The key by which class names are compared: case and surrounding spaces aside. */
export const nameKey = (name: string): string => name.trim().toLowerCase();

/** The class ids of a table by `nameKey`, aliases included; a class's own name goes before another's alias. */
export function idsByName(table: ClassTable): ReadonlyMap<string, ClassId> {
  const ids = new Map<string, ClassId>();
  for (const { id, aliases = [] } of table.classes) for (const alias of aliases) ids.set(nameKey(alias), id);
  for (const { id, name } of table.classes) ids.set(nameKey(name), id);
  return ids;
}
