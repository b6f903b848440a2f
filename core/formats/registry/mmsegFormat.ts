import { withoutEnding } from '../flatNames.ts';
import { writeClassesJson } from '../classesJson.ts';
import {
  assertAtMost,
  CLASSES_FILE,
  declaredIn,
  indexById,
  tableOf,
  unnamedClasses,
} from '../formatClasses.ts';
import { filesBelow, filesText, withoutSplit } from '../layoutFiles.ts';
import type { MaskFormat, WritePlan } from '../maskFormat.ts';
import { encodeValuePng } from '../png.ts';
import { ownIds, readValueMask } from '../readPngMask.ts';

const IGNORE = 255;
const SPLITS = ['train', 'val', 'test'];
const CONFIG_FILE = 'dataset.py';

/**
 * The folders that mmsegmentation's BaseSegDataset reads. Values are 0 to n - 1 without gaps, 255 is ignored; grey,
 * because a palette PNG comes as colours out of the backend that is its default.
 */
export const mmsegFormat: MaskFormat = {
  id: 'mmseg',
  title: 'mmsegmentation',
  layout:
    'img_dir/{train,val}, ann_dir/{train,val}/*.png (0 to n - 1, 255 ignored), dataset.py, classes.json',
  fidelity: 'lossless',
  images: 'as they are',
  splits: true,
  recognise(files) {
    const masks = filesBelow(files, 'ann_dir', '.png');
    return Promise.resolve(masks.length > 0 ? `ann_dir with ${filesText(masks.length)} *.png` : null);
  },
  async open(files) {
    const declared = await declaredIn(files);
    const classTable = declared?.classTable ?? unnamedClasses();
    const idOf = ownIds(classTable, [IGNORE, declared?.voidId ?? IGNORE]);
    const entries = filesBelow(files, 'ann_dir', '.png').map(({ name: file, after }) => ({
      subject: `mask ${file}`,
      file,
      image: withoutEnding(withoutSplit(after, SPLITS)),
      read: async () => readValueMask(await files.read(file), `mask ${file}`, classTable, idOf),
    }));
    return { classTable, named: declared !== null, entries, problems: [] };
  },
  createWriter(plan) {
    const { classTable, images } = plan;
    assertAtMost(classTable, IGNORE, mmsegFormat.title);
    const indices = indexById(classTable);
    const dense = tableOf(classTable.classes, mmsegFormat.title);
    const maskOf = (index: number) => `ann_dir/${images[index]!.split}/${images[index]!.flat}.png`;
    return {
      place(index) {
        const { split, flat, ending } = images[index]!;
        return { mask: maskOf(index), image: `img_dir/${split}/${flat}${ending}` };
      },
      add: (index, classMap) => [
        { path: maskOf(index), content: () => encodeValuePng(classMap, (id) => indices.get(id) ?? IGNORE) },
      ],
      finish: () => [
        { path: CLASSES_FILE, content: () => writeClassesJson({ classTable: dense, voidId: IGNORE }) },
        { path: CONFIG_FILE, content: () => configText(plan) },
      ],
    };
  },
};

/** A part of an mmsegmentation config: what the files do not say, above all that 0 is a class. */
function configText({ classTable, images }: WritePlan): string {
  const quoted = classTable.classes.map(({ name }) => `    ${JSON.stringify(name)},`).join('\n');
  const palette = classTable.classes.map(({ colour }) => `    [${colour.join(', ')}],`).join('\n');
  const endings = [...new Set(images.map(({ ending }) => ending))].sort();
  const suffix = endings[0] ?? '.jpg';
  const mixed =
    endings.length > 1 ? `\n# The images end in ${endings.join(' and ')}: one ending a dataset.` : '';
  const part = (split: string) => `dict(
    type="BaseSegDataset",
    data_root=data_root,
    data_prefix=dict(img_path="img_dir/${split}", seg_map_path="ann_dir/${split}"),
    img_suffix=${JSON.stringify(suffix)},
    seg_map_suffix=".png",
    metainfo=metainfo,
    reduce_zero_label=False,
    ignore_index=255,
)`;
  return `# 0 is the first class: reduce_zero_label stays False.${mixed}
classes = (
${quoted}
)
palette = [
${palette}
]
metainfo = dict(classes=classes, palette=palette)
data_root = "."
train_dataset = ${part('train')}
val_dataset = ${part('val')}
`;
}
