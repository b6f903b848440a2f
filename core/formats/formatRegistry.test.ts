import { strFromU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { classId, createClassTable, type ClassTable } from '../labels/classTable.ts';
import type { ClassMap } from '../mask/classMap.ts';
import { pairClasses, remapBetween } from './classPairs.ts';
import { FORMATS, formatById, recogniseFormat } from './formatRegistry.ts';
import type { MaskFormat, ReadMask } from './maskFormat.ts';
import { maskOf, memoryFiles, rowsOf, writeMasks, type NamedMask } from './testing/memoryFolder.ts';

/** CamVid's classes with a gap, as a merge leaves it: ids 0 to 10 without 9. */
const street: ClassTable = {
  ...createClassTable([]),
  classes: createClassTable([
    'Sky',
    'Building',
    'Pole',
    'Road',
    'Pavement',
    'Tree',
    'SignSymbol',
    'Fence',
    'Car',
    'Pedestrian',
    'Bicyclist',
  ]).classes.filter(({ id }) => id !== 9),
};

const masks: readonly NamedMask[] = [
  { name: 'bonn/0001_a.jpg', classMap: maskOf('0012.', '0.028', '33384') },
  { name: 'aachen/0001_a.jpg', classMap: maskOf('567', '.88', '8.8', '333'), split: 'val' },
  { name: 'empty.png', classMap: maskOf('..', '..') },
  { name: 'whole.png', classMap: maskOf('3') },
];

/** The masks as the project's own ids again, found by the classes' names. */
async function importAll(
  format: MaskFormat,
  files: Record<string, Uint8Array>,
): Promise<[string, ReadMask][]> {
  const set = await format.open(memoryFiles(files));
  const pairs = pairClasses(set.classTable, street, new Map());
  const table = remapBetween(set.classTable, street, pairs);
  const read: [string, ReadMask][] = [];
  for (const entry of set.entries) {
    const mask = await entry.read();
    const { width, height } = mask.classMap;
    const ids = Uint8Array.from(mask.classMap.ids, (id) => table[id]!);
    read.push([entry.image, { ...mask, classMap: { width, height, ids } }]);
  }
  return read.sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

/** What the runner does for formats that have classes of their own. */
function intoFormat(format: MaskFormat): { masks: NamedMask[]; table: ClassTable } {
  if (!format.fixedClasses) return { masks: [...masks], table: street };
  const target = format.fixedClasses;
  const table = remapBetween(street, target, pairClasses(street, target, new Map()));
  const remapped = ({ width, height, ids }: ClassMap) => ({
    width,
    height,
    ids: Uint8Array.from(ids, (id) => table[id]!),
  });
  return { masks: masks.map((mask) => ({ ...mask, classMap: remapped(mask.classMap) })), table: target };
}

describe.each(FORMATS.map((format) => [format.id, format] as const))('%s', (id, format) => {
  test('what it writes is recognised as it, and read with no changed pixel', async () => {
    const { masks: written, table } = intoFormat(format);
    const files = await writeMasks(format, written, table);
    expect((await recogniseFormat(memoryFiles(files), 'out')).format.id).toBe(id);
    const read = await importAll(format, files);
    expect(read.map(([, { unknown }]) => unknown)).toEqual(masks.map(() => []));
    const bySize = (rows: readonly string[][]) => rows.map((list) => list.join('|')).sort();
    expect(bySize(read.map(([, { classMap }]) => rowsOf(classMap)))).toEqual(
      bySize(masks.map(({ classMap }) => rowsOf(classMap))),
    );
  });

  test('the same masks give the same bytes', async () => {
    const { masks: written, table } = intoFormat(format);
    expect(await writeMasks(format, written, table)).toEqual(await writeMasks(format, written, table));
  });

  test('masks have a place each, below the export', async () => {
    const { masks: written, table } = intoFormat(format);
    const files = await writeMasks(format, written, table);
    for (const path of Object.keys(files)) expect(path).not.toMatch(/^\/|\.\.|\\/);
    expect(strFromU8(files[Object.keys(files)[0]!]!).length).toBeGreaterThan(0);
  });
});

test('an unknown format names those that there are', () => {
  expect(() => formatById('tiff')).toThrow(
    'there is no format "tiff". There are retrain, cityscapes, coco-panoptic,',
  );
});

test('files of no format', async () => {
  await expect(recogniseFormat(memoryFiles({ 'a.txt': 'x', 'b.json': '{"a": 1}' }), 'stuff')).rejects.toThrow(
    'stuff: no masks of a known format among its 2 files. Known are Retrain pack, Cityscapes, COCO panoptic,',
  );
});

test('a class of the name that VOC and CVAT use for nothing stays a class', async () => {
  const table = createClassTable(['background', 'road']);
  const classMap = maskOf('01.', '10.');
  for (const id of ['voc', 'cvat']) {
    const format = formatById(id);
    const files = await writeMasks(format, [{ name: 'a.jpg', classMap }], table);
    const set = await format.open(memoryFiles(files));
    const map = remapBetween(set.classTable, table, pairClasses(set.classTable, table, new Map()));
    const mask = await set.entries[0]!.read();
    expect([...mask.classMap.ids].map((value) => map[value])).toEqual([...classMap.ids]);
  }
});

test('two classes of one colour, or a black one, are not one in a mask of colours', async () => {
  const plain = createClassTable(['a', 'b', 'c']);
  const table = {
    ...plain,
    classes: plain.classes.map((entry) => ({ ...entry, colour: [0, 0, 0] as const })),
  };
  const cvat = formatById('cvat');
  const files = await writeMasks(cvat, [{ name: 'a.jpg', classMap: maskOf('012.') }], table);
  const set = await cvat.open(memoryFiles(files));
  const mask = await set.entries[0]!.read();
  const names = [...mask.classMap.ids].map(
    (id) => set.classTable.classes.find((entry) => entry.id === classId(id))?.name,
  );
  expect(names).toEqual(['a', 'b', 'c', 'background']);
});

test('more classes than a format holds', () => {
  const table = createClassTable(Array.from({ length: 256 }, (_, n) => `class ${n}`));
  expect(() => formatById('mmseg').createWriter({ classTable: table, images: [], projectName: 'x' })).toThrow(
    'mmsegmentation: 256 classes, it can hold 255. Choose another format, or merge classes',
  );
});
