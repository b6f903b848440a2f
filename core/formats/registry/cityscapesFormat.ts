import type { ClassMap } from '../../mask/classMap.ts';
import { connectedComponents } from '../../mask/components.ts';
import { ProblemError } from '../../problem.ts';
import { CITYSCAPES_CLASSES, CITYSCAPES_LABELS, type CityscapesLabel } from '../cityscapesLabels.ts';
import { filesText } from '../layoutFiles.ts';
import type { FormatFiles, MaskFormat, PlannedImage } from '../maskFormat.ts';
import { encodeColourPng, encodeGreyPng, encodeValuePng } from '../png.ts';
import { readValueMask } from '../readPngMask.ts';

const KINDS = ['labelIds', 'labelTrainIds', 'instanceIds', 'color'] as const;
const LAST_VOID = 6;
const NOT_TRAINED = 255;
/** An id of its own for every object of a class, up to here. */
const INSTANCES = 1000;

const byId = new Map(CITYSCAPES_LABELS.map((label) => [label.id, label]));
const byTrainId = new Map(CITYSCAPES_LABELS.map((label) => [label.trainId, label]));

/** gtFine of Cityscapes, with its own classes. Objects are the connected components of classes that have objects. */
export const cityscapesFormat: MaskFormat = {
  id: 'cityscapes',
  title: 'Cityscapes',
  layout:
    'leftImg8bit/{train,val}/CITY, gtFine/{train,val}/CITY: labelIds, labelTrainIds, instanceIds, color',
  fidelity: 'lossless, where no two classes share a label',
  images: 'as PNG',
  fixedClasses: CITYSCAPES_CLASSES,
  splits: true,
  recognise(files) {
    const found = KINDS.map((kind) => [kind, ofKind(files, kind).length] as const).filter(
      ([, count]) => count > 0,
    );
    if (found.length === 0) return Promise.resolve(null);
    return Promise.resolve(found.map(([kind, count]) => `${filesText(count)} *_${kind}.png`).join(', '));
  },
  open(files) {
    const labels = ofKind(files, 'labelIds');
    const names = labels.length > 0 ? labels : ofKind(files, 'labelTrainIds');
    if (names.length === 0) throw noIds();
    const idOf = labels.length > 0 ? idOfLabel : idOfTrainId;
    const entries = names.map((file) => ({
      subject: `mask ${file}`,
      file,
      image: imageOf(file),
      read: async () => {
        const bytes = await files.read(file);
        const mask = readValueMask(bytes, `mask ${file}`, CITYSCAPES_CLASSES, idOf);
        if (labels.length > 0) assertLabelIds(mask.unknown, mask.classMap, file);
        return mask;
      },
    }));
    return Promise.resolve({ classTable: CITYSCAPES_CLASSES, named: true, entries, problems: [] });
  },
  createWriter({ images, projectName }) {
    const bases = images.map((image, index) => baseOf(image, index, projectName));
    const maskOf = (index: number, kind: (typeof KINDS)[number]) =>
      `gtFine/${images[index]!.split}/${bases[index]!}_gtFine_${kind}.png`;
    return {
      place: (index) => ({
        mask: maskOf(index, 'labelIds'),
        image: `leftImg8bit/${images[index]!.split}/${bases[index]!}_leftImg8bit.png`,
      }),
      add(index, classMap) {
        const { width, height } = classMap;
        const grey = (valueOf: (label: CityscapesLabel | undefined) => number) => () =>
          encodeValuePng(classMap, (id) => valueOf(byId.get(id)));
        return [
          { path: maskOf(index, 'labelIds'), content: grey((label) => label?.id ?? 0) },
          { path: maskOf(index, 'labelTrainIds'), content: grey((label) => label?.trainId ?? NOT_TRAINED) },
          {
            path: maskOf(index, 'instanceIds'),
            content: () => encodeGreyPng(width, height, instanceIds(classMap), 16),
          },
          {
            path: maskOf(index, 'color'),
            content: () => encodeColourPng(classMap, (id) => byId.get(id)?.colour ?? [0, 0, 0]),
          },
        ];
      },
      finish: () => [],
    };
  },
};

const ofKind = (files: FormatFiles, kind: string): string[] =>
  files.names.filter((name) => name.endsWith(`_${kind}.png`));

/** `gtFine/val/bonn/bonn_000000_000019_gtFine_labelIds.png` -> `bonn/bonn_000000_000019` */
function imageOf(file: string): string {
  const path = file.replace(/_gt(Fine|Coarse)_[A-Za-z]+\.png$/, '').replace(/_label(Train)?Ids\.png$/, '');
  return path.replace(/^(.*\/)?gt(Fine|Coarse)\//, '').replace(/^(train|val|test|train_extra)\//, '');
}

/** `CITY/CITY_000000_000019`: the image's own name where it is of this form. */
function baseOf({ flat, stem }: PlannedImage, index: number, projectName: string): string {
  const own = /([A-Za-z-]+)_(\d{6})_(\d{6})(_leftImg8bit)?$/.exec(stem);
  if (own) return `${own[1]!}/${own[1]!}_${own[2]!}_${own[3]!}`;
  const city =
    (/^[A-Za-z]+/.exec(flat)?.[0] ?? projectName.replaceAll(/[^A-Za-z]/g, '')).toLowerCase() || 'studio';
  return `${city}/${city}_000000_${String(index).padStart(6, '0')}`;
}

const idOfLabel = (value: number): number | null =>
  value <= LAST_VOID || value === NOT_TRAINED ? CITYSCAPES_CLASSES.ignoreId : byId.has(value) ? value : null;

const idOfTrainId = (value: number): number | null =>
  value === NOT_TRAINED ? CITYSCAPES_CLASSES.ignoreId : (byTrainId.get(value)?.id ?? null);

/** Value 255 is no label id; with nothing above 18 beside it these are train ids under a wrong name. */
function assertLabelIds(unknown: readonly unknown[], { ids }: ClassMap, file: string): void {
  if (unknown.length > 0 || !ids.includes(NOT_TRAINED) || ids.some((id) => id > 18 && id !== NOT_TRAINED))
    return;
  if (!ids.some((id) => id !== NOT_TRAINED)) return;
  throw new ProblemError({
    code: 'cityscapes.trainIds',
    title: 'its values look like train ids (0 to 18), not like label ids',
    subject: `mask ${file}`,
    hint: 'Name such files *_labelTrainIds.png, or write label ids',
  });
}

function instanceIds(classMap: ClassMap): Uint16Array {
  const { labels, components } = connectedComponents(classMap, {
    connectivity: 8,
    background: CITYSCAPES_CLASSES.ignoreId,
  });
  const counts = new Map<number, number>();
  const values = new Uint16Array(components.length + 1);
  for (const { id, classId } of components) {
    const count = counts.get(classId) ?? 0;
    counts.set(classId, count + 1);
    // More objects than numbers: the rest is a group, which is the plain id.
    values[id] = byId.get(classId)?.hasInstances && count < INSTANCES ? classId * INSTANCES + count : classId;
  }
  return Uint16Array.from(labels, (component) => values[component]!);
}

function noIds(): ProblemError {
  return new ProblemError({
    code: 'cityscapes.colours',
    title: 'no *_labelIds.png and no *_labelTrainIds.png',
    hint: 'Colours cannot be read back: several labels have the same. Make the ids with cityscapesscripts',
  });
}
