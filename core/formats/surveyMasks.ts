import { className, findClass, type ClassTable } from '../labels/classTable.ts';
import { idsInTable } from '../labels/remapIds.ts';
import type { ClassMap } from '../mask/classMap.ts';
import { ProblemError, toProblem, type Problem } from '../problem.ts';
import { pairClasses, remapBetween, type ClassPair } from './classPairs.ts';
import { IGNORE_NAME } from './labelmap.ts';
import { ImageMatcher, type NamedImage } from './matchImages.ts';
import type { MaskEntry, MaskSet } from './maskFormat.ts';

/** An image of the project. */
export interface ImportImage extends NamedImage {
  /** Upright size in pixels. */
  readonly width: number;
  readonly height: number;
}

export interface ImportInput {
  readonly set: MaskSet;
  readonly images: readonly ImportImage[];
  /** The project's classes. */
  readonly classTable: ClassTable;
  /** Name of a class of the masks to that of the project's, or `ignore`. */
  readonly choices: ReadonlyMap<string, string>;
  /** The image that an export's manifest says a mask is of. */
  readonly imageOf?: (entry: MaskEntry) => string | null;
}

export interface ImportWork {
  /** An AbortSignal. */
  readonly signal?: { throwIfAborted(): void };
  readonly onProgress?: (progress: { done: number; total: number; current: string }) => void;
}

export interface SurveyedClass {
  readonly name: string;
  readonly pixels: number;
  readonly masks: number;
  /** The project's class, `ignore`, or null where nothing says what it is. */
  readonly becomes: string | null;
  readonly how: ClassPair['how'];
}

/** What an import would do, before anything is stored. */
export interface ImportSurvey {
  /** Masks that were found. */
  readonly masks: number;
  /** Those that have an image of their size. */
  readonly usable: number;
  readonly images: number;
  /** Names of masks that are of no image, the first few, and of how many. */
  readonly masksWithoutImage: Counted;
  readonly imagesWithoutMask: Counted;
  /** Classes that occur in usable masks, or were chosen by hand. */
  readonly classes: readonly SurveyedClass[];
  /** Values that the format declares no class for; they become ignore. */
  readonly unknownValues: readonly {
    readonly value: string;
    readonly pixels: number;
    readonly masks: number;
  }[];
  /** Size mismatches, masks that cannot be read, and what looks wrong. */
  readonly problems: readonly Problem[];
}

export interface Counted {
  readonly count: number;
  readonly names: readonly string[];
}

/** How many names a list gives. */
const LISTED = 20;

/** Masks with the image that each is of; a second mask of one image is left out, and counted as without image. */
function pairImages({ set, images, imageOf }: ImportInput): {
  readonly pairs: readonly { readonly entry: MaskEntry; readonly image: ImportImage }[];
  readonly without: string[];
} {
  const matcher = new ImageMatcher(images);
  const byId = new Map(images.map((image) => [image.id, image]));
  const taken = new Set<number>();
  const without: string[] = [];
  const pairs = set.entries.flatMap((entry) => {
    const named = imageOf?.(entry) ?? null;
    const id = (named === null ? null : matcher.find(named)) ?? matcher.find(entry.image);
    const image = id === null || taken.has(id) ? undefined : byId.get(id);
    if (!image) {
      without.push(entry.image);
      return [];
    }
    taken.add(image.id);
    return [{ entry, image }];
  });
  return { pairs, without };
}

/** Reads every mask and says what an import would do. Throws `classes.map` and the signal's reason. */
export async function surveyMasks(input: ImportInput, work: ImportWork = {}): Promise<ImportSurvey> {
  const { set, images, classTable, choices } = input;
  const classPairs = pairClasses(set.classTable, classTable, choices);
  const { pairs, without } = pairImages(input);
  const problems: Problem[] = [...set.problems];
  const pixels = new Map<number, { pixels: number; masks: number }>();
  const unknown = new Map<string, { pixels: number; masks: number }>();
  let usable = 0;
  for (const [index, { entry, image }] of pairs.entries()) {
    work.signal?.throwIfAborted();
    work.onProgress?.({ done: index, total: pairs.length, current: image.name });
    try {
      const mask = await entry.read();
      assertSize(mask.classMap, image, entry.subject);
      usable++;
      for (const [id, count] of countIds(mask.classMap)) add(pixels, id, count);
      for (const { value, pixels: count } of mask.unknown) add(unknown, value, count);
    } catch (error) {
      problems.push(toProblem(error, { code: 'import.unreadable', subject: entry.subject }));
    }
  }
  work.onProgress?.({ done: pairs.length, total: pairs.length, current: '' });
  const counts = new Map(
    [...pixels].map(([id, { pixels: count }]) => [className(set.classTable, id), count]),
  );
  problems.push(...(set.suspect?.(counts) ?? []));
  const withMask = new Set(pairs.map(({ image }) => image.id));
  return {
    masks: set.entries.length,
    usable,
    images: images.length,
    masksWithoutImage: counted(without),
    imagesWithoutMask: counted(images.filter(({ id }) => !withMask.has(id)).map(({ name }) => name)),
    classes: classPairs
      .filter(({ sourceId, how }) => pixels.has(sourceId) || how === 'chosen')
      .map((pair) => surveyedClass(pair, classTable, pixels.get(pair.sourceId))),
    unknownValues: [...unknown].map(([value, found]) => ({ value, ...found })),
    problems,
  };
}

/** The masks in the project's classes, one after the other; what surveyMasks says a problem of is left out. */
export async function* importedMasks(
  input: ImportInput,
  work: ImportWork = {},
): AsyncGenerator<{ readonly image: ImportImage; readonly classMap: ClassMap }> {
  const { set, classTable, choices } = input;
  const remap = remapBetween(set.classTable, classTable, pairClasses(set.classTable, classTable, choices));
  const { pairs } = pairImages(input);
  for (const [index, { entry, image }] of pairs.entries()) {
    work.signal?.throwIfAborted();
    work.onProgress?.({ done: index, total: pairs.length, current: image.name });
    const mask = await entry.read().catch((error: unknown) => {
      if (error instanceof ProblemError) return null;
      throw error;
    });
    if (!mask) continue;
    const { width, height, ids: values } = mask.classMap;
    if (width !== image.width || height !== image.height) continue;
    yield { image, classMap: { width, height, ids: idsInTable(values, remap, classTable) } };
  }
  work.onProgress?.({ done: pairs.length, total: pairs.length, current: '' });
}

/** Throws `import.classes` where a class that occurs has nothing that says what it is in the project. */
export function assertMapped(survey: ImportSurvey, classTable: ClassTable): void {
  const open = survey.classes.filter(({ becomes }) => becomes === null).map(({ name }) => name);
  if (open.length === 0) return;
  throw new ProblemError({
    code: 'import.classes',
    title: `the project has no class ${open.join(', ')}`,
    detail: `Its classes are ${classTable.classes.map(({ name }) => name).join(', ')}`,
    hint: `Say what they are: ${open.map((name) => `--map "${name}=${IGNORE_NAME}"`).join(' ')}`,
  });
}

function surveyedClass(
  { name, targetId, how }: ClassPair,
  classTable: ClassTable,
  found = { pixels: 0, masks: 0 },
): SurveyedClass {
  const becomes = targetId === null ? null : (findClass(classTable, targetId)?.name ?? IGNORE_NAME);
  return { name, ...found, becomes, how };
}

function assertSize(mask: ClassMap, image: ImportImage, subject: string): void {
  if (mask.width === image.width && mask.height === image.height) return;
  const turned = mask.width === image.height && mask.height === image.width;
  throw new ProblemError({
    code: 'mask.size',
    title: `${mask.width} x ${mask.height} pixels, its image ${image.name} has ${image.width} x ${image.height}`,
    subject,
    hint: turned
      ? 'Turn the mask as the image is shown, with its EXIF orientation applied'
      : 'Resize the mask with the nearest filter, or import the masks of these images',
  });
}

function countIds({ ids }: ClassMap): Map<number, number> {
  const sums = new Uint32Array(65536);
  for (const id of ids) sums[id] = sums[id]! + 1;
  const found = new Map<number, number>();
  sums.forEach((count, id) => count > 0 && found.set(id, count));
  return found;
}

function add<K>(map: Map<K, { pixels: number; masks: number }>, key: K, count: number): void {
  const found = map.get(key) ?? { pixels: 0, masks: 0 };
  map.set(key, { pixels: found.pixels + count, masks: found.masks + 1 });
}

function counted(names: readonly string[]): Counted {
  return { count: names.length, names: names.slice(0, LISTED) };
}
