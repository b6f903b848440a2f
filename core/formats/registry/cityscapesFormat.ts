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
    const entries = names.map((file) => ({
      subject: `mask ${file}`,
      file,
      image: imageOf(file),
      read: async () => {
        const bytes = await files.read(file);
        const stored = new Set<number>();
        const idOf = labels.length > 0 ? idOfLabel : idOfTrainId;
        const mask = readValueMask(bytes, `mask ${file}`, CITYSCAPES_CLASSES, (value) => {
          stored.add(value);
          return idOf(value);
        });
        if (labels.length > 0) assertLabelIds(stored, file);
        return mask;
      },
    }));
    return Promise.resolve({ classTable: CITYSCAPES_CLASSES, named: true, entries, problems: [] });
  },
  createWriter({ images, projectName }) {
    const bases = basesOf(images, projectName);
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

/** `CITY/CITY_000000_000019` for each image: its own name where it is of this form and no other has it. */
function basesOf(images: readonly PlannedImage[], projectName: string): string[] {
  const taken = new Set<string>();
  const claim = (base: string) => {
    if (taken.has(base.toLowerCase())) return false;
    taken.add(base.toLowerCase());
    return true;
  };
  const own = images.map(({ stem }) => {
    const [, city, sequence, frame] = /([A-Za-z-]+)_(\d{6})_(\d{6})(?:_leftImg8bit)?$/.exec(stem) ?? [];
    const base = city && `${city}/${city}_${sequence}_${frame}`;
    return base !== undefined && claim(base) ? base : null;
  });
  const ofProject = projectName.replaceAll(/[^A-Za-z]/g, '');
  return images.map(({ flat }, index) => {
    const given = own[index];
    if (given != null) return given;
    const city = (/^[A-Za-z]+/.exec(flat)?.[0] ?? ofProject).toLowerCase() || 'studio';
    for (let sequence = 0; ; sequence++) {
      const base = `${city}/${city}_${sixDigits(sequence)}_${sixDigits(index)}`;
      if (claim(base)) return base;
    }
  });
}

const sixDigits = (value: number): string => String(value).padStart(6, '0');

const idOfLabel = (value: number): number | null =>
  value <= LAST_VOID || value === NOT_TRAINED ? CITYSCAPES_CLASSES.ignoreId : byId.has(value) ? value : null;

const idOfTrainId = (value: number): number | null =>
  value === NOT_TRAINED ? CITYSCAPES_CLASSES.ignoreId : (byTrainId.get(value)?.id ?? null);

/** Value 255 is no label id; with nothing above 18 beside it these are train ids under a wrong name. */
function assertLabelIds(stored: ReadonlySet<number>, file: string): void {
  const others = [...stored].filter((value) => value !== NOT_TRAINED);
  if (others.length === stored.size || others.length === 0 || others.some((value) => value > 18)) return;
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
