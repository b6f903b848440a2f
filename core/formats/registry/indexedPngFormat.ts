import { classPalette } from '../../labels/classPalette.ts';
import { largestId } from '../../labels/classTable.ts';
import { writeClassesJson } from '../classesJson.ts';
import { withoutEnding } from '../flatNames.ts';
import { CLASSES_FILE, declaredIn, unnamedClasses } from '../formatClasses.ts';
import { encodeIndexedPng } from '../indexedPng.ts';
import { filesText } from '../layoutFiles.ts';
import { voidIdsFor } from '../maskFile.ts';
import type { MaskFormat } from '../maskFormat.ts';
import { ownIds, readValueMask } from '../readPngMask.ts';

const FOLDER = 'masks/';

const isPngName = (name: string): boolean => name.toLowerCase().endsWith('.png');

/** PNG whose palette indices or grey values are the class ids, with a classes.json. */
export const indexedPngFormat: MaskFormat = {
  id: 'png',
  title: 'Indexed PNG',
  layout: 'masks/*.png, their values are the class ids; classes.json',
  fidelity: 'lossless',
  images: 'none',
  splits: false,
  recognise(files) {
    const masks = files.names.filter(isPngName);
    if (masks.length === 0) return Promise.resolve(null);
    const named = files.names.includes(CLASSES_FILE) ? `${CLASSES_FILE} and ` : '';
    return Promise.resolve(`${named}${filesText(masks.length)} *.png`);
  },
  async open(files) {
    const declared = await declaredIn(files);
    const classTable = declared?.classTable ?? unnamedClasses();
    const idOf = ownIds(classTable, declared ? voidIdsFor(classTable, declared.voidId) : []);
    const inFolder = files.names.filter((name) => isPngName(name) && name.startsWith(FOLDER));
    const names = inFolder.length > 0 ? inFolder : files.names.filter(isPngName);
    const entries = names.map((file) => ({
      subject: `mask ${file}`,
      file,
      image: withoutEnding(inFolder.length > 0 ? file.slice(FOLDER.length) : file),
      read: async () => readValueMask(await files.read(file), `mask ${file}`, classTable, idOf),
    }));
    return { classTable, named: declared !== null, entries, problems: [] };
  },
  createWriter({ classTable, images }) {
    const palette = classPalette(classTable);
    const maxId = largestId(classTable);
    const maskOf = (index: number) => `${FOLDER}${images[index]!.stem}.png`;
    return {
      place: (index) => ({ mask: maskOf(index), image: null }),
      add: (index, classMap) => [
        { path: maskOf(index), content: () => encodeIndexedPng(classMap, { palette, maxId }) },
      ],
      finish: () => [
        {
          path: CLASSES_FILE,
          content: () => writeClassesJson({ classTable, voidId: classTable.ignoreId }),
        },
      ],
    };
  },
};
