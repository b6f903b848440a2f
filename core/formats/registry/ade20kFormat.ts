import { vocColour } from '../../labels/vocColour.ts';
import { ProblemError, type Problem } from '../../problem.ts';
import { withoutEnding } from '../flatNames.ts';
import { ADE20K_NAMES } from '../ade20kNames.ts';
import { assertAtMost, declaredIn, indexById, tableOf } from '../formatClasses.ts';
import { readText } from '../formatText.ts';
import { filesBelow, filesText, findFile, withoutSplit } from '../layoutFiles.ts';
import type { FormatFiles, MaskFormat, NamedEntry, Split } from '../maskFormat.ts';
import { encodeValuePng } from '../png.ts';
import { readValueMask } from '../readPngMask.ts';
import { fullNamesFile, withFullNames, writableNames } from '../writableNames.ts';

const FOLDERS: Readonly<Record<Split, string>> = { train: 'training', val: 'validation' };
const INFO_FILE = 'objectInfo150.txt';
const OTHER = 0;

/** SceneParsing of ADE20K: value = class + 1, and 0 for everything else. */
export const ade20kFormat: MaskFormat = {
  id: 'ade20k',
  title: 'ADE20K (SceneParsing)',
  layout: `images/{training,validation}, annotations/{training,validation}/*.png (class + 1, 0 ignored), ${INFO_FILE}`,
  fidelity: 'lossless',
  images: 'as they are',
  splits: true,
  recognise(files) {
    const full = files.names.filter((name) => name.endsWith('_seg.png'));
    if (full.length > 0 && full.some((name) => name.includes('ADE'))) {
      return Promise.resolve(`the full ADE20K: ${filesText(full.length)} *_seg.png`);
    }
    const masks = masksOf(files);
    return Promise.resolve(masks.length > 0 ? `annotations with ${filesText(masks.length)} *.png` : null);
  },
  async open(files) {
    if (files.names.some((name) => name.endsWith('_seg.png') && name.includes('ADE'))) throw fullDataset();
    const info = findFile(files, INFO_FILE);
    const declared = await declaredIn(files);
    const classTable =
      info !== null
        ? tableOf(
            withFullNames(parseObjectInfo(await readText(files, info), info), declared, firstName),
            info,
          )
        : (declared?.classTable ?? tableOf(standardClasses(), ade20kFormat.title));
    const ordered = classTable.classes;
    const idOf = (value: number) =>
      value === OTHER ? classTable.ignoreId : (ordered[value - 1]?.id ?? null);
    const entries = masksOf(files).map(({ name: file, after }) => ({
      subject: `mask ${file}`,
      file,
      image: withoutEnding(withoutSplit(after, Object.values(FOLDERS))),
      read: async () => readValueMask(await files.read(file), `mask ${file}`, classTable, idOf),
    }));
    const last = ordered.at(-1)!.name;
    return {
      classTable,
      named: true,
      entries,
      problems: [],
      suspect: (pixels) => suspectOffset(pixels, last),
    };
  },
  createWriter({ classTable, images }) {
    assertAtMost(classTable, 255, ade20kFormat.title);
    const indices = indexById(classTable);
    const maskOf = (index: number) =>
      `annotations/${FOLDERS[images[index]!.split]}/${images[index]!.flat}.png`;
    return {
      place(index) {
        const { split, flat, ending } = images[index]!;
        return { mask: maskOf(index), image: `images/${FOLDERS[split]}/${flat}${ending}` };
      },
      add: (index, classMap) => [
        {
          path: maskOf(index),
          content: () => encodeValuePng(classMap, (id) => (indices.get(id) ?? -1) + 1),
        },
      ],
      finish: () => [
        { path: INFO_FILE, content: () => objectInfo(classTable.classes) },
        ...fullNamesFile(classTable.classes, firstName, INFO_FILE),
      ],
    };
  },
};

const masksOf = (files: FormatFiles) => filesBelow(files, 'annotations', '.png');

function standardClasses(): NamedEntry[] {
  return ADE20K_NAMES.map((name, index) => ({ name, colour: vocColour(index + 1) }));
}

/** The table of the published archive: number, ratio, train, val, stuff, name; tabs between them. */
function objectInfo(classes: readonly NamedEntry[]): string {
  const names = writableNames(
    classes.map(({ name }) => name),
    firstName,
  );
  const lines = names.map((name, index) => [index + 1, 0, 0, 0, 0, name].join('\t'));
  return `${['Idx\tRatio\tTrain\tVal\tStuff\tName', ...lines].join('\n')}\n`;
}

const INFO_HINT = 'It lists Idx, Ratio, Train, Val, Stuff and Name, with tabs between them';

/** Of several names of a class, the first is its name; a tab ends it. */
const firstName = (name: string): string => name.split(/[,;]/)[0]!.replaceAll(/[\t\r\n]/g, ' ');

function parseObjectInfo(text: string, subject: string): NamedEntry[] {
  const lines = text.split(/\r?\n/).filter((line) => /^\s*\d/.test(line));
  if (lines.length === 0) {
    throw new ProblemError({ code: 'ade20k.info', title: 'it lists no classes', subject, hint: INFO_HINT });
  }
  return lines.map((line, index) => {
    const parts = line.trim().split(/\t+/);
    const number = Number(parts[0]);
    const name = firstName(parts.at(-1) ?? '').trim();
    if (number !== index + 1 || parts.length < 2 || name === '') {
      throw new ProblemError({
        code: 'ade20k.info',
        title: `line "${line}" is not class ${index + 1}`,
        subject,
        hint: INFO_HINT,
      });
    }
    return { name, colour: vocColour(number) };
  });
}

/** Masks of 0 to n - 1 read as masks of 1 to n: the first class becomes "other", and the last never occurs. */
function suspectOffset(pixels: ReadonlyMap<string, number>, last: string): Problem[] {
  const total = [...pixels.values()].reduce((sum, count) => sum + count, 0);
  const other = pixels.get('ignore') ?? 0;
  if (pixels.has(last) || other * 5 < total || total === 0) return [];
  return [
    {
      code: 'ade20k.offset',
      severity: 'note',
      title: `${Math.round((other / total) * 100)}% of the pixels are 0 (other), and class ${last} never occurs`,
      hint: 'Masks whose values are the class without the offset of 1 look like this: look at one before you import',
    },
  ];
}

function fullDataset(): ProblemError {
  return new ProblemError({
    code: 'ade20k.full',
    title: 'the full ADE20K (*_seg.png: class in red and green, object in blue), not the SceneParsing masks',
    hint: 'Take the SceneParsing archive (annotations/*.png with values 0 to 150)',
  });
}
