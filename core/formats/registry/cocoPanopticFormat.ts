import { z } from 'zod';
import { largestId } from '../../labels/classTable.ts';
import { boxesById } from '../../mask/boxesById.ts';
import { createClassIds } from '../../mask/classMap.ts';
import {
  AnnotationFiles,
  categoriesOf,
  classesOfCategories,
  cocoCategorySchema,
  cocoImageSchema,
  mergeSets,
} from '../cocoFile.ts';
import { withoutEnding } from '../flatNames.ts';
import { jsonFilesWith, parseAs, quotes, RECOGNISE_FILES, readText } from '../formatText.ts';
import { filesText, findFile } from '../layoutFiles.ts';
import type { FormatFiles, MaskEntry, MaskFormat, MaskSet } from '../maskFormat.ts';
import { encodeColourPng } from '../png.ts';
import { readRgbValues } from '../readPngMask.ts';

const fileSchema = z.looseObject({
  images: z.array(cocoImageSchema.partial({ width: true, height: true })).optional(),
  annotations: z.array(
    z.looseObject({
      image_id: z.union([z.number(), z.string()]),
      file_name: z.string(),
      segments_info: z.array(z.looseObject({ id: z.int(), category_id: z.int() })),
    }),
  ),
  categories: z.array(cocoCategorySchema),
});

const VOID = 0;

/** Panoptic COCO with one segment per class: PNG of segment ids, R + 256 G + 65536 B, 0 is void, no alpha. */
export const cocoPanopticFormat: MaskFormat = {
  id: 'coco-panoptic',
  title: 'COCO panoptic',
  layout:
    'annotations/panoptic_{train,val}.json and annotations/panoptic_{train,val}/*.png (segment ids as RGB)',
  fidelity: 'lossless',
  images: 'none',
  splits: true,
  async recognise(files) {
    const names = await annotationFiles(files, RECOGNISE_FILES);
    const masks = files.names.filter((name) => name.toLowerCase().endsWith('.png'));
    return names.length > 0
      ? `${names.join(', ')} with segments_info, ${filesText(masks.length)} *.png`
      : null;
  },
  async open(files) {
    const names = await annotationFiles(files);
    const sets: MaskSet[] = [];
    for (const name of names) sets.push(openFile(files, await readText(files, name), name));
    return mergeSets(sets, names);
  },
  createWriter({ classTable, images }) {
    const { categories, categoryOf } = categoriesOf(classTable);
    const lists = new AnnotationFiles((split) => `annotations/panoptic_${split}.json`);
    const maskOf = (index: number) =>
      `annotations/panoptic_${images[index]!.split}/${images[index]!.flat}.png`;
    return {
      place: (index) => ({ mask: maskOf(index), image: null }),
      add(index, classMap) {
        const { name, split, flat } = images[index]!;
        const { width, height } = classMap;
        lists.addImage(split, { id: index + 1, file_name: name, width, height });
        const segments = [...boxesById(classMap)].flatMap(([id, { pixels: area, box: bbox }]) => {
          const category = categoryOf(id);
          return category === null ? [] : [{ id: category, category_id: category, area, bbox, iscrowd: 0 }];
        });
        return [
          {
            path: maskOf(index),
            content: () =>
              encodeColourPng(classMap, (id) => {
                const segment = categoryOf(id) ?? VOID;
                return [segment & 255, (segment >> 8) & 255, segment >> 16];
              }),
          },
          lists.addAnnotation(split, {
            image_id: index + 1,
            file_name: `${flat}.png`,
            segments_info: segments,
          }),
        ];
      },
      finish: () => lists.end(categories),
    };
  },
};

const WORDS = ['annotations', 'categories', 'segments_info'];

const annotationFiles = (files: FormatFiles, most?: number): Promise<string[]> =>
  jsonFilesWith(files, (text) => quotes(text, WORDS), most);

function openFile(files: FormatFiles, text: string, json: string): MaskSet {
  const { images = [], annotations, categories } = parseAs(text, fileSchema, 'coco.json', json);
  const { classTable, idOf } = classesOfCategories(categories, json);
  const nameOf = new Map(images.map(({ id, file_name: name }) => [id, name]));
  const folder = withoutEnding(json);
  const known = new Set(files.names);
  const entries = annotations.map(
    ({ image_id: imageId, file_name: name, segments_info: segments }): MaskEntry => {
      // Beside the JSON in a folder of its name, as COCO has it, or wherever a file of this name is.
      const beside = `${folder}/${name}`;
      const file = known.has(beside) ? beside : (findFile(files, name) ?? beside);
      return {
        subject: `mask ${file}`,
        file,
        image: nameOf.get(imageId) ?? withoutEnding(name),
        read: async () => {
          const { width, height, values } = readRgbValues(await files.read(file), `mask ${file}`);
          const ids = createClassIds(values.length, largestId(classTable), classTable.ignoreId);
          const target = new Map<number, number>([[VOID, classTable.ignoreId]]);
          for (const { id, category_id: category } of segments) {
            const found = idOf.get(category);
            if (found !== undefined) target.set(id, found);
          }
          const unknown = new Map<number, number>();
          values.forEach((packed, pixel) => {
            const segment = (packed >> 16) | (packed & 0xff00) | ((packed & 255) << 16);
            const id = target.get(segment);
            if (id === undefined) unknown.set(segment, (unknown.get(segment) ?? 0) + 1);
            else ids[pixel] = id;
          });
          return {
            classMap: { width, height, ids },
            unknown: [...unknown].map(([segment, pixels]) => ({ value: `segment ${segment}`, pixels })),
          };
        },
      };
    },
  );
  return { classTable, named: true, entries, problems: [] };
}
