import { classPalette } from '../../labels/classPalette.ts';
import { largestId } from '../../labels/classTable.ts';
import { writeClassesJson } from '../classesJson.ts';
import { withoutEnding } from '../flatNames.ts';
import {
  assertAtMost,
  CLASSES_FILE,
  declaredIn,
  indexById,
  tableOf,
  unnamedClasses,
} from '../formatClasses.ts';
import { encodeIndexedPng } from '../indexedPng.ts';
import { filesText } from '../layoutFiles.ts';
import type { MaskFormat, Split } from '../maskFormat.ts';
import { encodeGreyPng } from '../png.ts';
import { ownIds, readValueMask } from '../readPngMask.ts';
import { retrainConfig } from '../retrainConfig.ts';
import { plainWeights, WEIGHT_ONE } from '../trainingWeights.ts';

const FOLDERS = { images: 'images', masks: 'masks', weights: 'weights' };
const SPLITS = { train: 'splits/train.txt', val: 'splits/val.txt' };
const CONFIG_FILE = 'retrain.json';
const IGNORE = 255;

const isMask = (name: string): boolean => name.startsWith(`${FOLDERS.masks}/`) && name.endsWith('.png');

/**
 * Everything that models/training needs for the next distillation round, with its config: see docs/retrain.md. Open
 * disputes are ignored, and each mask has a map of how much its pixels count.
 */
export const retrainFormat: MaskFormat = {
  id: 'retrain',
  title: 'Retrain pack',
  layout: `${CONFIG_FILE} for models/training, images, masks/*.png (0 to n - 1, 255 ignored), weights/*.png (${WEIGHT_ONE} is weight 1), splits/{train,val}.txt, classes.json, README.md`,
  fidelity: 'lossless, but for open disputes: they are ignored',
  images: 'as they are',
  splits: true,
  weighs: true,
  recognise(files) {
    const masks = files.names.filter(isMask);
    const isPack = masks.length > 0 && files.names.includes(CONFIG_FILE);
    return Promise.resolve(isPack ? `${CONFIG_FILE} and ${filesText(masks.length)} masks/*.png` : null);
  },
  async open(files) {
    const declared = await declaredIn(files);
    const classTable = declared?.classTable ?? unnamedClasses();
    const idOf = ownIds(classTable, [IGNORE, declared?.voidId ?? IGNORE]);
    const entries = files.names.filter(isMask).map((file) => ({
      subject: `mask ${file}`,
      file,
      image: withoutEnding(file.slice(FOLDERS.masks.length + 1)),
      read: async () => readValueMask(await files.read(file), `mask ${file}`, classTable, idOf),
    }));
    return { classTable, named: declared !== null, entries, problems: [] };
  },
  createWriter({ classTable, images, projectName, keepRatio = null }) {
    assertAtMost(classTable, IGNORE, retrainFormat.title);
    const indices = indexById(classTable);
    const dense = tableOf(classTable.classes, retrainFormat.title);
    const look = { palette: classPalette(dense), maxId: largestId(dense) };
    const written: number[] = [];
    const sizes: [height: number, width: number][] = [];
    const pathOf = (folder: string, index: number) => `${folder}/${images[index]!.stem}.png`;
    const inSplit = (split: Split) => written.filter((index) => images[index]!.split === split);
    const list = (split: Split) => inSplit(split).map((index) => `${images[index]!.stem}\n`);
    return {
      place(index) {
        const { stem, ending } = images[index]!;
        return { mask: pathOf(FOLDERS.masks, index), image: `${FOLDERS.images}/${stem}${ending}` };
      },
      add(index, classMap, weights) {
        const { width, height } = classMap;
        written.push(index);
        sizes.push([height, width]);
        const ids = () => Uint8Array.from(classMap.ids, (id) => indices.get(id) ?? IGNORE);
        const values = () => weights ?? plainWeights(classMap, classTable.ignoreId);
        return [
          {
            path: pathOf(FOLDERS.masks, index),
            content: () => encodeIndexedPng({ width, height, ids: ids() }, look),
          },
          {
            path: pathOf(FOLDERS.weights, index),
            content: () => encodeGreyPng(width, height, values(), 8),
          },
        ];
      },
      finish() {
        const [train, val] = [list('train'), list('val')];
        const facts = { train: train.length, val: val.length, sizes, keepRatio };
        return [
          { path: CLASSES_FILE, content: () => writeClassesJson({ classTable: dense, voidId: IGNORE }) },
          { path: SPLITS.train, content: () => train.join('') },
          { path: SPLITS.val, content: () => val.join('') },
          { path: CONFIG_FILE, content: () => retrainConfig({ ...facts, folders: FOLDERS, splits: SPLITS }) },
          { path: 'README.md', content: () => packReadme(projectName, facts) },
        ];
      },
    };
  },
};

function packReadme(project: string, { train, val }: { train: number; val: number }): string {
  return `# ${project}: retrain pack

${train} masks to train on, ${val} to validate on. In the repository of DynaSeg Studio, in its folder \`models\`:

\`\`\`
python -m training.train --config PACK/${CONFIG_FILE} --data PACK --out runs/next --teacher segformer-b0-street --init segformer-b0-street
\`\`\`

The teacher is a checkpoint or an exported model folder of the same classes, here the one that comes with the studio.

\`masks/\`: a value is the place of a class in \`${CLASSES_FILE}\`, ${IGNORE} is ignored; open disputes are. \`weights/\`: how
much a pixel counts in the cross entropy, ${WEIGHT_ONE} is 1, 0 not at all. \`splits/\`: a line is an image's path below
\`images/\` without its ending.
`;
}
