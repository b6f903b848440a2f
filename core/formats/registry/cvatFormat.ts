import { nameKey, type ClassTable } from '../../labels/classTable.ts';
import { vocColour } from '../../labels/vocColour.ts';
import type { Rgb } from '../../labels/rgb.ts';
import { distinctColours } from '../formatClasses.ts';
import { BACKGROUND, BORDER_COLOUR, IGNORE_NAME, LABELMAP_FILE, labelmapFiles } from '../labelmap.ts';
import { filesText, findFile, splitList } from '../layoutFiles.ts';
import type { MaskFormat, NamedEntry, PlannedImage } from '../maskFormat.ts';
import { encodeColourPng } from '../png.ts';
import { isRgbPng } from '../readPngMask.ts';
import { classMasks, openVoc } from './vocFormat.ts';

const LIST_FILE = 'ImageSets/Segmentation/default.txt';
const BLACK: Rgb = [0, 0, 0];

/**
 * "Segmentation mask 1.1" of CVAT: masks of colours that labelmap.txt declares. Black is declared as background,
 * because CVAT refuses colours that are not declared, and leaves out the label of that name alone.
 */
export const cvatFormat: MaskFormat = {
  id: 'cvat',
  title: 'CVAT segmentation mask 1.1',
  layout: `SegmentationClass/*.png and SegmentationObject/*.png (RGB), ${LIST_FILE}, ${LABELMAP_FILE}`,
  fidelity: 'lossless',
  images: 'none',
  splits: false,
  async recognise(files) {
    const masks = classMasks(files);
    const first = masks[0];
    if (!first || findFile(files, LABELMAP_FILE) === null) return null;
    if (!isRgbPng(await files.read(first.name))) return null;
    return `${LABELMAP_FILE} and SegmentationClass with ${filesText(masks.length)} *.png of colours`;
  },
  open: openVoc,
  createWriter({ classTable, images }) {
    const { entries, colourOf } = coloursOf(classTable);
    const written: PlannedImage[] = [];
    const maskOf = (index: number, folder: string) => `${folder}/${images[index]!.flat}.png`;
    return {
      place: (index) => ({ mask: maskOf(index, 'SegmentationClass'), image: null }),
      add(index, classMap) {
        written.push(images[index]!);
        return [
          {
            path: maskOf(index, 'SegmentationClass'),
            content: () => encodeColourPng(classMap, colourOf),
          },
          {
            path: maskOf(index, 'SegmentationObject'),
            // One object a class: every pixel is of one, and no speck becomes an object of its own.
            content: () => {
              const numbers = new Map<number, number>();
              return encodeColourPng(classMap, (id) => {
                if (colourOf(id) === BLACK) return BLACK;
                if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
                return vocColour(numbers.get(id)!);
              });
            },
          },
        ];
      },
      finish: () => [{ path: LIST_FILE, content: () => splitList(written, null) }, ...labelmapFiles(entries)],
    };
  },
};

function coloursOf(classTable: ClassTable): {
  readonly entries: readonly NamedEntry[];
  readonly colourOf: (id: number) => Rgb;
} {
  const colours = new Map(distinctColours(classTable));
  const background = classTable.classes.find(({ name }) => nameKey(name) === BACKGROUND);
  if (background) colours.set(background.id, BLACK);
  const named = classTable.classes.map(({ id, name }) => ({ name, colour: colours.get(id)! }));
  if (!background) {
    return {
      entries: [{ name: BACKGROUND, colour: BLACK }, ...named],
      colourOf: (id) => colours.get(id) ?? BLACK,
    };
  }
  return {
    entries: [...named, { name: IGNORE_NAME, colour: BORDER_COLOUR }],
    colourOf: (id) => colours.get(id) ?? BORDER_COLOUR,
  };
}
