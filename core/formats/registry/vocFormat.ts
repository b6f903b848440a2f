import { vocColour } from '../../labels/vocColour.ts';
import { nameKey, type ClassTable } from '../../labels/classTable.ts';
import { connectedComponents } from '../../mask/components.ts';
import { lastPart, withoutEnding } from '../flatNames.ts';
import { assertAtMost, declaredIn, tableOf } from '../formatClasses.ts';
import { readLines } from '../formatText.ts';
import { encodeIndexedPng } from '../indexedPng.ts';
import {
  BACKGROUND,
  BORDER_COLOUR,
  IGNORE_NAME,
  LABELMAP_FILE,
  labelmapFiles,
  parseLabelmap,
} from '../labelmap.ts';
import { filesBelow, filesText, findFile, splitList } from '../layoutFiles.ts';
import type { FormatFiles, MaskFormat, MaskSet, NamedEntry, PlannedImage } from '../maskFormat.ts';
import { isRgbPng, packRgb, readColourMask, readValueMask } from '../readPngMask.ts';

const BORDER = 255;
const LISTS = 'ImageSets/Segmentation';
/** Ours, and datumaro's for VOC. */
const IGNORE_NAMES = new Set([IGNORE_NAME, 'ignored']);

/** The classes of VOC 2012, background first. */
const VOC_NAMES = (
  'background|aeroplane|bicycle|bird|boat|bottle|bus|car|cat|chair|cow|diningtable|dog|horse|motorbike|person|' +
  'pottedplant|sheep|sofa|train|tvmonitor'
).split('|');

/** Pascal VOC: palette PNG, 0 is background, 255 is border or ignored and never a class. */
export const vocFormat: MaskFormat = {
  id: 'voc',
  title: 'Pascal VOC',
  layout: `JPEGImages, SegmentationClass/*.png, SegmentationObject/*.png, ${LISTS}/{train,val}.txt, ${LABELMAP_FILE}`,
  fidelity: 'lossless',
  images: 'as they are',
  splits: true,
  async recognise(files) {
    const masks = classMasks(files);
    const first = masks[0];
    if (!first || isRgbPng(await files.read(first.name))) return null;
    return `SegmentationClass with ${filesText(masks.length)} *.png`;
  },
  open: (files) => openVoc(files),
  createWriter({ classTable, images }) {
    const rows = rowsOf(classTable);
    assertAtMost(classTable, 254, vocFormat.title);
    const written: PlannedImage[] = [];
    const maskOf = (index: number, folder: string) => `${folder}/${images[index]!.flat}.png`;
    return {
      place: (index) => ({
        mask: maskOf(index, 'SegmentationClass'),
        image: `JPEGImages/${images[index]!.flat}${images[index]!.ending}`,
      }),
      add(index, classMap) {
        written.push(images[index]!);
        const { width, height, ids } = classMap;
        const values = () => Uint8Array.from(ids, rows.valueOf);
        return [
          {
            path: maskOf(index, 'SegmentationClass'),
            content: () => encodeIndexedPng({ width, height, ids: values() }, { palette: vocColour }),
          },
          {
            path: maskOf(index, 'SegmentationObject'),
            content: () => {
              const map = { width, height, ids: values() };
              return encodeIndexedPng({ width, height, ids: objects(map) }, { palette: vocColour });
            },
          },
        ];
      },
      finish: () => [
        { path: `${LISTS}/train.txt`, content: () => splitList(written, 'train') },
        { path: `${LISTS}/val.txt`, content: () => splitList(written, 'val') },
        { path: `${LISTS}/trainval.txt`, content: () => splitList(written, null) },
        // The border's colour, too, must be declared: datumaro, and CVAT with it, refuses any other.
        ...labelmapFiles([...rows.entries, { name: IGNORE_NAME, colour: BORDER_COLOUR }]),
      ],
    };
  },
};

/** Masks of a SegmentationClass folder in the classes of a labelmap.txt, by number or by colour. */
export async function openVoc(files: FormatFiles): Promise<MaskSet> {
  const labelmap = findFile(files, LABELMAP_FILE);
  const declared = await declaredIn(files);
  const entries =
    labelmap !== null
      ? parseLabelmap(await readLines(files, labelmap), labelmap, declared)
      : (declared?.classTable.classes ??
        VOC_NAMES.map((name, index) => ({ name, colour: vocColour(index) })));
  const all = tableOf(entries, labelmap ?? 'Pascal VOC');
  const isIgnore = (name: string) => IGNORE_NAMES.has(nameKey(name));
  const classTable: ClassTable = { ...all, classes: all.classes.filter(({ name }) => !isIgnore(name)) };
  const idOfName = (entry: NamedEntry, index: number) => (isIgnore(entry.name) ? classTable.ignoreId : index);
  const byColour = new Map([
    [packRgb(BORDER_COLOUR), classTable.ignoreId],
    ...entries.map((entry, index) => [packRgb(entry.colour), idOfName(entry, index)] as const),
  ]);
  const idOfValue = (value: number) => {
    if (value === BORDER) return classTable.ignoreId;
    const entry = entries[value];
    // The border is in the list for its colour: its number is 255, not its place.
    return entry && packRgb(entry.colour) !== packRgb(BORDER_COLOUR) ? idOfName(entry, value) : null;
  };
  const masks = classMasks(files).map(({ name: file, after }) => ({
    subject: `mask ${file}`,
    file,
    image: withoutEnding(after),
    read: async () => {
      const bytes = await files.read(file);
      return isRgbPng(bytes)
        ? readColourMask(bytes, `mask ${file}`, classTable, (packed) => byColour.get(packed) ?? null)
        : readValueMask(bytes, `mask ${file}`, classTable, idOfValue);
    },
  }));
  return { classTable, named: true, entries: masks, problems: [] };
}

export const classMasks = (files: FormatFiles) =>
  filesBelow(files, 'SegmentationClass', '.png').filter(({ name }) => !lastPart(name).startsWith('.'));

/** Row 0 is background: the class of that name where there is one. Ids that no class has are the border. */
function rowsOf({ classes }: ClassTable): {
  readonly entries: readonly NamedEntry[];
  readonly valueOf: (id: number) => number;
} {
  const background = classes.find(({ name }) => nameKey(name) === BACKGROUND);
  const others = classes.filter((entry) => entry !== background);
  const values = new Map<number, number>(others.map(({ id }, index) => [id, index + 1]));
  if (background) values.set(background.id, 0);
  const names = [BACKGROUND, ...others.map(({ name }) => name)];
  return {
    entries: names.map((name, value) => ({ name, colour: vocColour(value) })),
    valueOf: (id) => values.get(id) ?? BORDER,
  };
}

/**
 * A number for every object, from 1 on; background 0 and border 255 stay. Where there are more than 254, those of a
 * class share one: readers take an object to be of one class.
 */
function objects(map: { width: number; height: number; ids: Uint8Array }): Uint8Array {
  const { labels, components } = connectedComponents(map, { connectivity: 8, background: 0 });
  const own = components.filter(({ classId }) => (classId as number) !== BORDER);
  const ofClass = new Map<number, number>();
  for (const { classId } of own) if (!ofClass.has(classId)) ofClass.set(classId, ofClass.size + 1);
  const numbers = new Uint8Array(components.length + 1).fill(BORDER, 1);
  const fits = own.length < BORDER;
  own.forEach(({ id, classId }, index) => {
    numbers[id] = fits ? index + 1 : ofClass.get(classId)!;
  });
  return Uint8Array.from(labels, (label) => numbers[label]!);
}
