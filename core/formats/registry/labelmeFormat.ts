import { z } from 'zod';
import { findClass, idsByName, nameKey, type ClassId, type ClassTable } from '../../labels/classTable.ts';
import { boxesById } from '../../mask/boxesById.ts';
import type { ClassMap } from '../../mask/classMap.ts';
import { fillPolygon } from '../../mask/polygon.ts';
import { ProblemError } from '../../problem.ts';
import { emptyMask } from '../emptyMask.ts';
import { lastPart, withoutEnding } from '../flatNames.ts';
import { tableOfLabels } from '../formatClasses.ts';
import {
  fromBase64,
  jsonFilesWith,
  parseAs,
  quotes,
  RECOGNISE_FILES,
  readText,
  toBase64,
} from '../formatText.ts';
import { idSink, pointsOf } from '../idSink.ts';
import { decodeMaskPng } from '../indexedPng.ts';
import { filesText } from '../layoutFiles.ts';
import type { FormatFiles, MaskEntry, MaskFormat, OutputFile, PlannedImage } from '../maskFormat.ts';
import { boxOutline, ellipseOutline } from '../outlines.ts';
import { encodeGreyPng } from '../png.ts';

const VERSION = '5.5.0';
const CODE = 'labelme.json';
/** Of manifest.json, which every export has. */
const OWN_STEM = 'manifest';

const shapeSchema = z.looseObject({
  label: z.string().min(1),
  points: z.array(z.tuple([z.number(), z.number()])),
  shape_type: z.string().nullish(),
  mask: z.string().nullish(),
});
type Shape = z.output<typeof shapeSchema>;
const fileSchema = z.looseObject({
  shapes: z.array(shapeSchema),
  imagePath: z.string().nullish(),
  imageHeight: z.int().positive().nullish(),
  imageWidth: z.int().positive().nullish(),
});

/** One JSON beside each image, with one mask shape per class: polygons have no holes. */
export const labelmeFormat: MaskFormat = {
  id: 'labelme',
  title: 'labelme JSON',
  layout: '*.json beside the images, one mask shape per class',
  fidelity: "lossless; other people's polygons, rectangles and circles within 1 pixel of their edges",
  images: 'as they are',
  splits: false,
  async recognise(files) {
    const names = await shapeFiles(files, RECOGNISE_FILES);
    return names.length > 0 ? `${filesText(names.length)} *.json with shapes` : null;
  },
  async open(files) {
    const names = await shapeFiles(files);
    const labels: string[] = [];
    for (const name of names) {
      const { shapes } = parseAs(await readText(files, name), fileSchema, CODE, name);
      for (const { label } of shapes) labels.push(label);
    }
    const classTable = tableOfLabels(labels, 'labels');
    const entries = names.map((file): MaskEntry => ({
      subject: file,
      file,
      image: withoutEnding(file),
      read: async () => {
        const content = parseAs(await readText(files, file), fileSchema, CODE, file);
        return { classMap: paintShapes(content, classTable, file), unknown: [] };
      },
    }));
    return { classTable, named: true, entries, problems: [] };
  },
  createWriter({ classTable, images, earlier }) {
    // labelme opens the JSON that has an image's name: none may have that of the export's own.
    const stemOf = ({ stem }: PlannedImage) => (stem.toLowerCase() === OWN_STEM ? `${stem}_` : stem);
    const jsonOf = (index: number) => `${stemOf(images[index]!)}.json`;
    const imageOf = (index: number) => `${stemOf(images[index]!)}${images[index]!.ending}`;
    return {
      place: (index) => ({ mask: jsonOf(index), image: imageOf(index) }),
      add: (index, classMap): OutputFile[] => [
        {
          path: jsonOf(index),
          content: async () => {
            const before = (await earlier?.(jsonOf(index))) ?? null;
            return labelmeText(classMap, classTable, lastPart(imageOf(index)), before);
          },
        },
      ],
      finish: () => [],
    };
  },
};

/** The text of a JSON; what an earlier one has beside the mask (flags, keys of other tools) is kept. */
function labelmeText(
  classMap: ClassMap,
  classTable: ClassTable,
  imagePath: string,
  earlier: string | null,
): string {
  const { width, height, ids } = classMap;
  const shapes = [...boxesById(classMap)].flatMap(([id, { box }]) => {
    const label = findClass(classTable, id)?.name;
    if (label === undefined) return [];
    const [x, y, w, h] = box;
    const crop = new Uint8Array(w * h);
    for (let row = 0; row < h; row++) {
      for (let column = 0; column < w; column++) {
        if (ids[(y + row) * width + x + column] === id) crop[row * w + column] = 1;
      }
    }
    return [
      {
        label,
        // Both corners are inside.
        points: [
          [x, y],
          [x + w - 1, y + h - 1],
        ],
        group_id: null,
        description: '',
        shape_type: 'mask',
        flags: {},
        mask: toBase64(encodeGreyPng(w, h, crop, 8)),
      },
    ];
  });
  const known = { shapes, imagePath, imageData: null, imageHeight: height, imageWidth: width };
  return `${JSON.stringify({ version: VERSION, flags: {}, ...parsedOrNothing(earlier), ...known }, null, 2)}\n`;
}

function parsedOrNothing(text: string | null): object {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

const WORDS = ['shapes', 'imagePath'];

const shapeFiles = (files: FormatFiles, most?: number): Promise<string[]> =>
  jsonFilesWith(files, (text) => quotes(text, WORDS), most);

/** Later shapes win. */
function paintShapes(content: z.output<typeof fileSchema>, classTable: ClassTable, file: string): ClassMap {
  const { shapes, imageHeight: height, imageWidth: width } = content;
  if (!height || !width) {
    throw new ProblemError({
      code: CODE,
      title: 'it does not say imageHeight and imageWidth',
      subject: file,
    });
  }
  const map = emptyMask({ width, height }, classTable, file);
  const idOf = idsByName(classTable);
  for (const shape of shapes) paintShape(map, shape, idOf.get(nameKey(shape.label))!, file);
  return map;
}

function paintShape(map: ClassMap, shape: Shape, id: ClassId, file: string): void {
  const { width, height, ids } = map;
  const sink = idSink(width, height, ids);
  const [first, second] = shape.points;
  switch (shape.shape_type ?? 'polygon') {
    case 'mask':
      paintCrop(map, shape, id, file);
      return;
    case 'polygon':
    case 'oriented_rectangle':
      fillPolygon(sink, pointsOf(shape.points.flat()), id);
      return;
    case 'rectangle': {
      if (!first || !second) return;
      fillPolygon(sink, boxOutline(first, second), id);
      return;
    }
    case 'circle': {
      if (!first || !second) return;
      const radius = Math.hypot(second[0] - first[0], second[1] - first[1]);
      fillPolygon(sink, ellipseOutline(first, [radius, radius]), id);
      return;
    }
    default:
      throw new ProblemError({
        code: 'labelme.shape',
        title: `"${shape.label}" is a ${shape.shape_type}, which has no area`,
        subject: file,
        hint: 'Masks, polygons, rectangles and circles are read; remove it or make it one of them',
      });
  }
}

function paintCrop({ width, height, ids }: ClassMap, shape: Shape, id: ClassId, file: string): void {
  const [first, second] = shape.points;
  if (!first || !second || !shape.mask) {
    throw new ProblemError({
      code: CODE,
      title: `mask "${shape.label}" has no two corners or no pixels`,
      subject: file,
    });
  }
  const [x0, y0] = [Math.round(first[0]), Math.round(first[1])];
  const crop = decodeMaskPng(fromBase64(shape.mask, CODE, file), `${file}, mask "${shape.label}"`);
  const [w, h] = [Math.round(second[0]) - x0 + 1, Math.round(second[1]) - y0 + 1];
  if (crop.width !== w || crop.height !== h) {
    throw new ProblemError({
      code: CODE,
      title: `mask "${shape.label}" has ${crop.width} x ${crop.height} pixels, its corners say ${w} x ${h}`,
      subject: file,
      hint: 'Both corners are inside: the height is y2 - y1 + 1',
    });
  }
  for (let y = Math.max(0, -y0); y < h && y0 + y < height; y++) {
    for (let x = Math.max(0, -x0); x < w && x0 + x < width; x++) {
      if (crop.ids[y * w + x] !== 0) ids[(y0 + y) * width + x0 + x] = id;
    }
  }
}
