import { z } from 'zod';
import { vocColour } from '../labels/vocColour.ts';
import type { ClassTable } from '../labels/classTable.ts';
import { ProblemError } from '../problem.ts';
import { indexById, tableOf } from './formatClasses.ts';
import type { MaskSet } from './maskFormat.ts';

/** The parts that all COCO annotation files share. */
export const cocoImageSchema = z.looseObject({
  id: z.union([z.number(), z.string()]),
  file_name: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
});

export const cocoCategorySchema = z.looseObject({
  id: z.int(),
  name: z.string().min(1),
  color: z.tuple([z.int(), z.int(), z.int()]).optional(),
});

export interface CocoClasses {
  readonly classTable: ClassTable;
  /** The class of each category. */
  readonly idOf: ReadonlyMap<number, number>;
}

/** The classes that the categories are. */
export function classesOfCategories(
  categories: readonly z.output<typeof cocoCategorySchema>[],
  subject: string,
): CocoClasses {
  if (categories.length === 0) {
    throw new ProblemError({ code: 'coco.categories', title: '"categories" is empty', subject });
  }
  const entries = categories.map(({ name, color }, index) => ({
    name,
    colour: color ?? vocColour(index + 1),
  }));
  return {
    classTable: tableOf(entries, subject),
    idOf: new Map(categories.map(({ id }, index) => [id, index])),
  };
}

/** Categories of a class table: 0 is nobody's id, because it means "nothing" in the panoptic masks. */
export function categoriesOf(classTable: ClassTable): {
  readonly categories: readonly object[];
  readonly categoryOf: (id: number) => number | null;
} {
  const indices = indexById(classTable);
  return {
    categories: classTable.classes.map(({ name, colour }, index) => ({
      id: index + 1,
      name,
      supercategory: 'class',
      isthing: 0,
      color: colour,
    })),
    categoryOf: (id) => {
      const index = indices.get(id);
      return index === undefined ? null : index + 1;
    },
  };
}

/** A JSON file `{"<list>": [...], ...rest}` that grows by one entry after the other. */
export class GrowingList {
  private count = 0;

  constructor(
    private readonly path: string,
    private readonly list: string,
  ) {}

  add(entry: object): { path: string; append: string } {
    const before = this.count++ === 0 ? `{"${this.list}": [\n` : ',\n';
    return { path: this.path, append: `${before}${JSON.stringify(entry)}` };
  }

  end(rest: Readonly<Record<string, unknown>>): { path: string; append: string } {
    const before = this.count === 0 ? `{"${this.list}": [` : '\n';
    const parts = Object.entries(rest).map(
      ([key, value]) => `,\n${JSON.stringify(key)}: ${JSON.stringify(value)}`,
    );
    return { path: this.path, append: `${before}]${parts.join('')}}\n` };
  }
}

/** Files of one dataset have the same categories; others must be imported one by one. */
export function mergeSets(sets: readonly MaskSet[], names: readonly string[]): MaskSet {
  const first = sets[0];
  if (!first) throw new ProblemError({ code: 'coco.none', title: 'there is no annotation file in it' });
  const classesOf = ({ classTable }: MaskSet) => JSON.stringify(classTable.classes.map(({ name }) => name));
  const other = sets.findIndex((set) => classesOf(set) !== classesOf(first));
  if (other >= 0) {
    throw new ProblemError({
      code: 'coco.categories',
      title: `its categories are not those of ${names[0]!}`,
      subject: names[other],
      hint: 'Import the files one by one',
    });
  }
  return { ...first, entries: sets.flatMap(({ entries }) => entries) };
}
