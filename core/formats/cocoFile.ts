import { z } from 'zod';
import { vocColour } from '../labels/vocColour.ts';
import type { ClassTable } from '../labels/classTable.ts';
import { ProblemError } from '../problem.ts';
import { indexById, tableOf } from './formatClasses.ts';
import type { MaskSet, OutputFile, Split } from './maskFormat.ts';

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

const SPLITS: readonly Split[] = ['train', 'val'];

/** The annotation file of each split that has images: annotations are added one by one, the rest is at its end. */
export class AnnotationFiles {
  private readonly images: Readonly<Record<Split, object[]>> = { train: [], val: [] };
  private readonly begun = new Set<Split>();

  constructor(private readonly pathOf: (split: Split) => string) {}

  addImage(split: Split, image: object): void {
    this.images[split].push(image);
  }

  addAnnotation(split: Split, annotation: object): OutputFile {
    const before = this.begun.has(split) ? ',\n' : '{"annotations": [\n';
    this.begun.add(split);
    return { path: this.pathOf(split), append: `${before}${JSON.stringify(annotation)}` };
  }

  end(categories: readonly object[]): OutputFile[] {
    return SPLITS.filter((split) => this.images[split].length > 0).map((split) => {
      const before = this.begun.has(split) ? '\n' : '{"annotations": [';
      const images = JSON.stringify(this.images[split]);
      const append = `${before}],\n"images": ${images},\n"categories": ${JSON.stringify(categories)}}\n`;
      return { path: this.pathOf(split), append };
    });
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
