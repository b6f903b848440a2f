import { z } from 'zod';
import { classId } from '../../labels/classTable.ts';
import { boxesById } from '../../mask/boxesById.ts';
import type { ClassMap } from '../../mask/classMap.ts';
import { fillPolygon } from '../../mask/polygon.ts';
import { ProblemError } from '../../problem.ts';
import {
  AnnotationFiles,
  categoriesOf,
  classesOfCategories,
  cocoCategorySchema,
  cocoImageSchema,
  mergeSets,
} from '../cocoFile.ts';
import { countsToString, eachRun, encodeCounts, stringToCounts } from '../cocoRle.ts';
import { emptyMask } from '../emptyMask.ts';
import { jsonFilesWith, parseAs, quotes, RECOGNISE_FILES, readText } from '../formatText.ts';
import { idSink, pointsOf } from '../idSink.ts';
import type { FormatFiles, MaskEntry, MaskFormat, MaskSet, Split, UnknownValue } from '../maskFormat.ts';

const rleSchema = z.looseObject({
  size: z.tuple([z.int().positive(), z.int().positive()]),
  counts: z.union([z.string(), z.array(z.int())]),
});
const annotationSchema = z.looseObject({
  image_id: z.union([z.number(), z.string()]),
  category_id: z.int(),
  segmentation: z.union([rleSchema, z.array(z.array(z.number()))]),
});
const fileSchema = z.looseObject({
  images: z.array(cocoImageSchema),
  annotations: z.array(annotationSchema),
  categories: z.array(cocoCategorySchema),
});
type Annotation = z.output<typeof annotationSchema>;

/** Annotations of COCO with a run-length encoding per class and image; polygons and objects are read, too. */
export const cocoStuffFormat: MaskFormat = {
  id: 'coco-stuff',
  title: 'COCO stuff (RLE)',
  layout: 'annotations/stuff_{train,val}.json: one run-length encoding per image and class',
  fidelity: "lossless; other tools' polygons within 1 pixel of their edges",
  images: 'none',
  splits: true,
  async recognise(files) {
    const names = await annotationFiles(files, RECOGNISE_FILES);
    return names.length > 0 ? `${names.join(', ')} with images, annotations and segmentations` : null;
  },
  async open(files) {
    const names = await annotationFiles(files);
    const sets: MaskSet[] = [];
    for (const name of names) sets.push(openFile(await readText(files, name), name));
    return mergeSets(sets, names);
  },
  createWriter({ classTable, images }) {
    const { categories, categoryOf } = categoriesOf(classTable);
    const pathOf = (split: Split) => `annotations/stuff_${split}.json`;
    const lists = new AnnotationFiles(pathOf);
    let nextId = 1;
    return {
      place: (index) => ({ mask: pathOf(images[index]!.split), image: null }),
      add(index, classMap) {
        const { name, split } = images[index]!;
        const { width, height } = classMap;
        lists.addImage(split, { id: index + 1, file_name: name, width, height });
        const pieces = [];
        for (const [id, { pixels: area, box: bbox }] of boxesById(classMap)) {
          const category = categoryOf(id);
          if (category === null) continue;
          const counts = countsToString(encodeCounts(classMap, id));
          pieces.push(
            lists.addAnnotation(split, {
              id: nextId++,
              image_id: index + 1,
              category_id: category,
              segmentation: { size: [height, width], counts },
              area,
              bbox,
              iscrowd: 0,
            }),
          );
        }
        return pieces;
      },
      finish: () => lists.end(categories),
    };
  },
};

const WORDS = ['images', 'annotations', 'categories'];

/** Images of which nothing is labelled have no annotation, and so no segmentation to be known by. */
const isStuff = (text: string): boolean =>
  quotes(text, WORDS) && (quotes(text, ['segmentation']) || /"annotations"\s*:\s*\[\s*\]/.test(text));

const annotationFiles = (files: FormatFiles, most?: number): Promise<string[]> =>
  jsonFilesWith(files, isStuff, most);

function openFile(text: string, file: string): MaskSet {
  const { images, annotations, categories } = parseAs(text, fileSchema, 'coco.json', file);
  const { classTable, idOf } = classesOfCategories(categories, file);
  const byImage = new Map<number | string, Annotation[]>();
  for (const annotation of annotations) {
    const list = byImage.get(annotation.image_id);
    if (list) list.push(annotation);
    else byImage.set(annotation.image_id, [annotation]);
  }
  const entries = images.map(({ id, file_name: name, width, height }): MaskEntry => ({
    subject: `${file}, image ${name}`,
    file,
    image: name,
    read: () => {
      const map = emptyMask({ width, height }, classTable, `${file}, image ${name}`);
      const unknown = new Map<string, number>();
      for (const annotation of byImage.get(id) ?? []) {
        const target = idOf.get(annotation.category_id);
        const area = paint(map, annotation, target ?? classTable.ignoreId, `${file}, image ${name}`);
        if (target === undefined) {
          const key = `category ${annotation.category_id}`;
          unknown.set(key, (unknown.get(key) ?? 0) + area);
        }
      }
      const listed: UnknownValue[] = [...unknown].map(([value, pixels]) => ({ value, pixels }));
      return Promise.resolve({ classMap: map, unknown: listed });
    },
  }));
  return { classTable, named: true, entries, problems: [] };
}

/** The pixels that it painted. */
function paint(map: ClassMap, { segmentation }: Annotation, id: number, subject: string): number {
  const { width, height, ids } = map;
  let area = 0;
  if (Array.isArray(segmentation)) {
    const sink = idSink(width, height, ids);
    const counting: typeof sink = {
      ...sink,
      setSpan: (y, x0, x1, value) => {
        area += x1 - x0;
        sink.setSpan(y, x0, x1, value);
      },
    };
    for (const ring of segmentation) fillPolygon(counting, pointsOf(ring), classId(id));
    return area;
  }
  const [ownHeight, ownWidth] = segmentation.size;
  if (ownWidth !== width || ownHeight !== height) {
    throw new ProblemError({
      code: 'coco.size',
      title: `an encoding of ${ownWidth} x ${ownHeight} pixels, its image has ${width} x ${height}`,
      subject,
      hint: '"size" is height, then width',
    });
  }
  const counts =
    typeof segmentation.counts === 'string'
      ? stringToCounts(segmentation.counts, subject)
      : segmentation.counts;
  eachRun(counts, { width, height, subject }, (x, y0, y1) => {
    area += y1 - y0;
    for (let y = y0; y < y1; y++) ids[y * width + x] = id;
  });
  return area;
}
