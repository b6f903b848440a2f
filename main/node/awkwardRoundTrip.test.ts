import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '#core/formats/formatRegistry.ts';
import { importedMasks } from '#core/formats/surveyMasks.ts';
import { CITYSCAPES_CLASSES } from '#core/formats/cityscapesLabels.ts';
import type { FormatId } from '#core/formats/maskFormat.ts';
import { decodePng } from '#core/imaging/png/decodePng.ts';
import { classId, createClassTable, type ClassTable } from '#core/labels/classTable.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { exportManifestSchema } from './exportManifest.ts';
import { runExport } from './exportRunner.ts';
import { openMasks } from './formatFolder.ts';
import { bmpBytes, pngBytes } from './testing/imageBytes.ts';
import { temporaryFolder, type TemporaryFolder } from './testing/temporaryFolder.ts';

/*
 * Export, import, compare: what every lossless format must survive, through the code that the window and the command
 * line run. A mask is told from every other by its size or its pixels, so that one that comes to another's image shows.
 */

interface NamedMap {
  readonly name: string;
  readonly classMap: ClassMap;
}

const IDS = FORMATS.map(({ id }) => id);
/** Those with a byte for each pixel, or with classes of their own. */
const NARROW: readonly FormatId[] = ['ade20k', 'cityscapes', 'voc', 'mmseg', 'imagefolder', 'retrain'];

/** The masks that come back, by image; null for an image that gets none. */
async function comeBack(
  out: string,
  masks: readonly NamedMap[],
  classTable: ClassTable,
): Promise<Record<string, number[] | null>> {
  const { set, imageOf } = await openMasks(out);
  const images = masks.map(({ name, classMap: { width, height } }, index) => ({
    id: index + 1,
    name,
    width,
    height,
  }));
  const found: Record<string, number[] | null> = Object.fromEntries(masks.map(({ name }) => [name, null]));
  for await (const { image, classMap } of importedMasks({
    set,
    imageOf,
    images,
    classTable,
    choices: new Map(),
  })) {
    found[image.name] = [...classMap.ids];
  }
  return found;
}

const pictureOf = ({ name, classMap: { width, height } }: NamedMap): Uint8Array =>
  name.endsWith('.bmp') ? bmpBytes(width, height) : pngBytes(width, height);

async function exportTo(
  folder: TemporaryFolder,
  format: FormatId,
  masks: readonly NamedMap[],
  classTable: ClassTable,
  picture = pictureOf,
): Promise<string> {
  for (const mask of masks) await folder.write(`images/${mask.name}`, picture(mask));
  const source = {
    projectName: 'awkward',
    imageFolder: join(folder.path, 'images'),
    classTable,
    images: masks.map(({ name }, index) => ({ id: index + 1, name })),
    readMask: (id: number) => Promise.resolve({ classMap: masks[id - 1]!.classMap, origin: null }),
  };
  const out = join(folder.path, 'out');
  const split = { by: 'random', valShare: 0.4, seed: 3 } as const;
  const summary = await runExport(source, { folder: out, format, split });
  expect(summary.problems).toEqual([]);
  return out;
}

const asNumbers = (masks: readonly NamedMap[]) =>
  Object.fromEntries(masks.map(({ name, classMap }) => [name, [...classMap.ids]]));

/** Values of a table's classes and its ignore index in turn, from the n-th on. */
function pattern(table: ClassTable, width: number, height: number, from = 0): ClassMap {
  const values = [...table.classes.map(({ id }) => id), table.ignoreId];
  const ids = new (table.ignoreId > 255 ? Uint16Array : Uint8Array)(width * height);
  return { width, height, ids: ids.map((_, n) => values[(n + from) % values.length]!) };
}

const whole = (value: number, width: number, height: number): ClassMap => ({
  width,
  height,
  ids: new Uint8Array(width * height).fill(value),
});

const street = createClassTable(['road', 'car', 'sky']);
/** The same three, with the ids of Cityscapes where a format has no others. */
const streetIn = (format: FormatId): ClassTable =>
  format === 'cityscapes'
    ? {
        ...CITYSCAPES_CLASSES,
        classes: CITYSCAPES_CLASSES.classes.filter(({ id }) => [7, 23, 26].includes(id)),
      }
    : street;

describe.each(IDS.map((id) => [id] as const))('%s', (format) => {
  it('tiny images, and masks of one class or of none', async () => {
    await using folder = await temporaryFolder();
    const table = streetIn(format);
    const first = table.classes[0]!.id;
    const masks = [
      { name: 'one.png', classMap: whole(first, 1, 1) },
      { name: 'void.png', classMap: whole(255, 3, 2) },
      { name: 'void1.png', classMap: whole(255, 1, 1) },
      { name: 'row.png', classMap: pattern(table, 9, 1) },
      { name: 'column.png', classMap: pattern(table, 1, 9, 2) },
      { name: 'bits.png', classMap: pattern(table, 17, 3, 1) },
      { name: 'late.png', classMap: { width: 2, height: 2, ids: Uint8Array.of(255, 255, 255, first) } },
    ];
    const out = await exportTo(folder, format, masks, table);
    expect(await comeBack(out, masks, table)).toEqual(asNumbers(masks));
  });

  it('a folder in which nothing is labelled', async () => {
    await using folder = await temporaryFolder();
    const table = streetIn(format);
    const masks = [{ name: 'void.png', classMap: whole(255, 3, 2) }];
    const out = await exportTo(folder, format, masks, table);
    expect(await comeBack(out, masks, table)).toEqual(asNumbers(masks));
  });

  it('names in folders, of other alphabets, with signs, and alike but for their ending or folder', async () => {
    await using folder = await temporaryFolder();
    const table = streetIn(format);
    const names = [
      'x/a.png',
      'x_a.png',
      'x/a_2.png',
      'same.png',
      'same.bmp',
      'Straße ä/Müller 1.png',
      '日本/写真.png',
      'v1.2/dots.v1.2.png',
      'a&b#1+50%25?.png',
      "it's, (1).png",
      'UPPER.PNG',
      'classes.png',
      'manifest.png',
      'dataset.png',
      'masks/m.png',
      'train/t.png',
      'p/bonn_000001_000019_leftImg8bit.png',
      'q/bonn_000001_000019_leftImg8bit.png',
      'r/bonn_000001_000019_leftImg8bit.png',
      'street_000000_000003.png',
      ...(process.platform === 'linux' ? ['CASE.png', 'case.png'] : []),
    ];
    const masks = names.map((name, n) => ({ name, classMap: distinct(table, n) }));
    const out = await exportTo(folder, format, masks, table);
    expect(await comeBack(out, masks, table)).toEqual(asNumbers(masks));
    // Cityscapes has names of its own for images, which only the manifest can give back.
    if (format === 'cityscapes') return;
    await rm(join(out, 'manifest.json'));
    // So has labelme for an image whose JSON would have the name of the manifest.
    const found = masks.filter(({ name }) => format !== 'labelme' || name !== 'manifest.png');
    expect(await comeBack(out, found, table)).toEqual(asNumbers(found));
  });

  it('class 0 absent, ids with gaps, and classes of one colour', async () => {
    await using folder = await temporaryFolder();
    const names = ['car', 'road', 'sky'];
    const table: ClassTable = {
      ...street,
      classes: names.map((name, n) => ({ id: classId(3 + 4 * n), name, colour: [1, 2, 3] })),
    };
    const masks = [
      { name: 'all.png', classMap: pattern(table, 5, 4) },
      { name: 'last.png', classMap: whole(11, 4, 3) },
    ];
    const out = await exportTo(folder, format, masks, table);
    expect(await comeBack(out, masks, table)).toEqual(asNumbers(masks));
  });
});

const WITH_IMAGES = FORMATS.filter(({ images }) => images !== 'none').map(({ id }) => [id] as const);

it.each(WITH_IMAGES)('%s: a picture that EXIF turns is copied upright, as its mask is', async (format) => {
  await using folder = await temporaryFolder();
  const table = streetIn(format);
  const turned = readFileSync(new URL('fixtures/rotated.jpg', import.meta.url));
  const masks = [{ name: 'turned.jpg', classMap: pattern(table, 16, 24) }];
  const out = await exportTo(folder, format, masks, table, () => turned);
  const manifest = exportManifestSchema.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')));
  const copy = readFileSync(join(out, manifest.images[0]!.copy!));
  const { width, height } = decodePng(copy, 'copy');
  expect([width, height]).toEqual([16, 24]);
  expect(await comeBack(out, masks, table)).toEqual(asNumbers(masks));
});

/** Masks of one size, each with pixels of its own. */
function distinct(table: ClassTable, n: number): ClassMap {
  const values = [...table.classes.map(({ id }) => id), 255];
  const digits = n.toString(values.length).padStart(4, '0');
  return { width: 2, height: 2, ids: Uint8Array.from(digits, (digit) => values[Number(digit)]!) };
}

describe.each(IDS.filter((id) => id !== 'cityscapes').map((id) => [id] as const))('%s', (format) => {
  it('as many classes as it can hold', async () => {
    await using folder = await temporaryFolder();
    const count = NARROW.includes(format) ? 254 : 300;
    const names = Array.from({ length: count }, (_, n) => `class ${n}`);
    const table = createClassTable(names, classId(count > 255 ? 65535 : 255));
    const masks = [
      { name: 'all.png', classMap: pattern(table, 20, 16) },
      { name: 'shifted.png', classMap: pattern(table, 16, 20, 250) },
    ];
    const out = await exportTo(folder, format, masks, table);
    expect(await comeBack(out, masks, table)).toEqual(asNumbers(masks));
  });

  it('class names with signs that its files use themselves', async () => {
    await using folder = await temporaryFolder();
    const table = createClassTable([
      'traffic: light',
      '#1',
      'car, truck',
      'wall;fence',
      'tab\there',
      'a "quoted" <one> & \\',
      'Straße',
      '写真',
      'background',
      '{}',
    ]);
    const masks = [{ name: 'all.png', classMap: pattern(table, 4, 4) }];
    const out = await exportTo(folder, format, masks, table);
    expect(await comeBack(out, masks, table)).toEqual(asNumbers(masks));
  });
});
