import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { exportClasses, type ExportClasses } from '#core/formats/exportClasses.ts';
import { endingOf, flatNames, withoutEnding } from '#core/formats/flatNames.ts';
import { formatById } from '#core/formats/formatRegistry.ts';
import { leadsOut } from '#core/formats/leadsOut.ts';
import type {
  FormatId,
  MaskFormat,
  MaskWriter,
  OutputFile,
  PlannedImage,
  WritePlan,
} from '#core/formats/maskFormat.ts';
import { maskNames } from '#core/formats/maskNames.ts';
import type { RetrainOptions } from '#core/formats/retrainOptions.ts';
import { splitImages, type SplitOptions } from '#core/formats/splitImages.ts';
import { WEIGHT_ONE, type WeighedMask } from '#core/formats/trainingWeights.ts';
import type { ExportSummary, MaskOrigin } from '#core/ipc/schemas.ts';
import { findClass, type ClassTable } from '#core/labels/classTable.ts';
import { idsInTable } from '#core/labels/remapIds.ts';
import type { ClassMap } from '#core/mask/classMap.ts';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { writeFileDurable } from './atomicFile.ts';
import { copyEnding, copyImage } from './copiedImage.ts';
import { lookAtExportTarget, MANIFEST_NAME, type ExportManifest } from './exportManifest.ts';
import { ExportPart } from './exportPart.ts';
import { explainWrite, goneImage, notEmpty } from './exportProblems.ts';
import { hashFile } from './fileHasher.ts';
import { errorCode } from './fileProblem.ts';
import type { Decider } from './maskProvenance.ts';

/** One mask as it is at this moment. */
export interface MaskToExport {
  readonly classMap: ClassMap;
  /** What it was started from; null where that is not known. */
  readonly origin: MaskOrigin | null;
  /** Who decided which part of it. */
  readonly decided?: readonly Decider[];
  /** BY_MODEL, BY_TRUTH or BY_PERSON for each pixel. Without it nobody is known. */
  readonly lastWords?: () => Uint8Array;
}

/** How much the pixels of masks count, for formats that weigh. */
export interface Weigher {
  readonly options: RetrainOptions;
  /** Of the student, the file's own where no other was chosen; null where it is not known. */
  readonly keepRatio: number | null;
  /** Throws ProblemError where the disputes of the image cannot be known: it is left out then. */
  weigh(
    image: { readonly id: number; readonly name: string; readonly sha256: string },
    mask: MaskToExport,
  ): Promise<WeighedMask & { readonly disputes: { readonly open: number; readonly decided: number } }>;
}

/** What is to be exported. */
export interface ExportSource {
  readonly projectName: string;
  /** Absolute path of the folder that the image names are below. */
  readonly imageFolder: string;
  readonly classTable: ClassTable;
  /** Images that have a mask, in the order of the manifest. */
  readonly images: readonly { readonly id: number; readonly name: string }[];
  readMask(imageId: number): Promise<MaskToExport>;
}

export interface ExportOptions {
  /** Where the export appears: a new or empty folder, or an earlier export, which is then replaced. */
  readonly folder: string;
  /** Default: indexed PNG. */
  readonly format?: FormatId;
  /** For formats that know parts. Default: all images are for training. */
  readonly split?: SplitOptions;
  /** For formats with classes of their own: what the project's classes are there, by name. */
  readonly map?: ReadonlyMap<string, string>;
  /** For formats that weigh. Without it every labelled pixel counts alike, and no dispute is known. */
  readonly weigher?: Weigher;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { done: number; total: number; current: string }) => void;
  /** Time to write into the manifest. Default: none, so that the same masks give the same bytes. */
  readonly created?: Date;
  /** How a file is written. Default: written and flushed to the disk. */
  readonly writeFile?: (path: string, content: string | Uint8Array) => Promise<void>;
}

type ManifestImage = ExportManifest['images'][number];

const NO_SPLIT: SplitOptions = { by: 'none', valShare: 0, seed: 1 };

/**
 * Writes the masks in a format, with manifest.json. The folder appears whole or not at all, and an earlier export is
 * there until the new one is complete. An export whose process was killed is continued by the next to its place.
 *
 * A mask that cannot be read is a problem of the summary, and the others go on; a cancelled export writes nothing.
 * Throws ProblemError: export.nothing, export.notEmpty, export.busy, export.classes, export.full, export.unwritable.
 */
export async function runExport(given: ExportSource, options: ExportOptions): Promise<ExportSummary> {
  const folder = resolve(options.folder);
  const total = given.images.length;
  if (total === 0) {
    throw new ProblemError({
      code: 'export.nothing',
      title: 'no image of this project has a mask yet',
      subject: given.projectName,
      hint: 'Start a mask from the teacher, the student or the ground truth first',
    });
  }
  const { source, problems: outside } = withoutOutside(given);
  const format = formatById(options.format ?? 'png');
  const classes = exportClasses(format, source.classTable, options.map ?? new Map());
  const target = await lookAtExportTarget(folder);
  if (target.kind === 'other') throw notEmpty(folder, target.stranger);
  let part: ExportPart | null = null;
  try {
    const plan = await planExport(source, format, classes.table, options);
    const writer = format.createWriter(plan);
    part = await ExportPart.open(folder, { writeFile: options.writeFile ?? writeFileDurable });
    const result = await writeAll({ source, format, classes, plan, writer, part, options });
    if (result.cancelled) return { folder, written: 0, total, cancelled: true, problems: [] };
    await part.putInPlace(target.kind);
    const problems = [...outside, ...classes.problems, ...result.problems];
    const { written, weighed } = result;
    return { folder, written, total, cancelled: false, problems, ...(weighed && { weighed }) };
  } catch (error) {
    throw explainWrite(error, folder, target.kind === 'export');
  } finally {
    await part?.remove();
  }
}

/** Image names become paths: those of a project file from elsewhere may lead anywhere. Throws where all of them do. */
function withoutOutside(source: ExportSource): { source: ExportSource; problems: Problem[] } {
  const images = source.images.filter(({ name }) => !leadsOut(name));
  const problems = source.images
    .filter(({ name }) => leadsOut(name))
    .map(({ name }): Problem => ({
      code: 'export.outside',
      severity: 'error',
      title: 'leads out of the image folder, and was left out',
      subject: `image ${JSON.stringify(name)}`,
      hint: 'No studio writes such names: do not trust the project file',
    }));
  if (images.length === 0) throw new ProblemError(problems[0]!);
  return { source: { ...source, images }, problems };
}

async function planExport(
  source: ExportSource,
  format: MaskFormat,
  classTable: ClassTable,
  { split, folder, weigher }: ExportOptions,
): Promise<WritePlan> {
  const names = source.images.map(({ name }) => name);
  const stems = maskNames(names).map(withoutEnding);
  const flat = flatNames(stems);
  const splits = splitImages(names, format.splits ? (split ?? NO_SPLIT) : NO_SPLIT);
  const images: PlannedImage[] = [];
  for (const [index, name] of names.entries()) {
    const path = join(source.imageFolder, name);
    const ending = format.images === 'none' ? endingOf(name) : await copyEnding(path, name, format.images);
    images.push({ name, stem: stems[index]!, flat: flat[index]!, ending, split: splits[index]! });
  }
  const earlier = (path: string) => readFile(join(resolve(folder), path), 'utf8').catch(() => null);
  const keepRatio = weigher?.keepRatio ?? null;
  return { classTable, images, projectName: source.projectName, keepRatio, earlier };
}

interface Job {
  readonly source: ExportSource;
  readonly format: MaskFormat;
  readonly classes: ExportClasses;
  readonly plan: WritePlan;
  readonly writer: MaskWriter;
  readonly part: ExportPart;
  readonly options: ExportOptions;
}

interface Written {
  readonly cancelled: boolean;
  readonly written: number;
  readonly problems: Problem[];
  readonly weighed?: ExportSummary['weighed'];
}

async function writeAll(job: Job): Promise<Written> {
  const { source, writer, part, options } = job;
  const { signal, onProgress } = options;
  const entries: ManifestImage[] = [];
  const problems: Problem[] = [];
  for (const [index, image] of source.images.entries()) {
    if (signal?.aborted) return { cancelled: true, written: 0, problems };
    onProgress?.({ done: index, total: source.images.length, current: image.name });
    let mask: ReadyMask;
    try {
      mask = await readyMask(job, image, problems);
    } catch (error) {
      problems.push(toProblem(error, { code: 'export.maskUnreadable', subject: image.name }));
      continue;
    }
    entries.push(await writeMask(job, index, mask, problems));
  }
  if (signal?.aborted) return { cancelled: true, written: 0, problems };
  if (entries.length === 0) throw new ProblemError(problems[0]!);
  for (const file of writer.finish()) await writeOutput(part, file, null);
  const manifest = `${JSON.stringify(manifestOf(job, entries), null, 2)}\n`;
  await part.write(MANIFEST_NAME, null, () => manifest);
  onProgress?.({ done: source.images.length, total: source.images.length, current: MANIFEST_NAME });
  return { cancelled: false, written: entries.length, problems, weighed: weighedSum(entries) };
}

/** What the disputes of all masks amount to; nothing where they were not weighed by them. */
function weighedSum(entries: readonly ManifestImage[]): ExportSummary['weighed'] {
  if (!entries.some(({ disputes }) => disputes)) return undefined;
  const sum = { open: 0, decided: 0, openPixels: 0, correctedPixels: 0 };
  for (const { disputes, pixels } of entries) {
    sum.open += disputes?.open ?? 0;
    sum.decided += disputes?.decided ?? 0;
    sum.openPixels += pixels?.open ?? 0;
    sum.correctedPixels += pixels?.corrected ?? 0;
  }
  return sum;
}

/** A mask with everything that its files are made from. */
interface ReadyMask {
  readonly mask: MaskToExport;
  /** In the classes of the format. */
  readonly classMap: ClassMap;
  readonly weighed: Awaited<ReturnType<Weigher['weigh']>> | null;
  /** null where the image is gone. */
  readonly imageSha256: string | null;
}

/** Throws what readMask throws, and what `weigh` does. */
async function readyMask(
  { source, format, classes, options: { weigher } }: Job,
  { id, name }: ExportSource['images'][number],
  problems: Problem[],
): Promise<ReadyMask> {
  const mask = await source.readMask(id);
  const weighs = format.weighs === true;
  const imageSha256 = await hashFile(join(source.imageFolder, name)).catch((error: unknown) => {
    // A picture that is not there can be labelled, but nothing can be trained with it.
    if (weighs) throw goneImage(name, error, 'error');
    problems.push(goneImage(name, error, 'note').problem);
    return null;
  });
  const weighed = weighs && weigher ? await weigher.weigh({ id, name, sha256: imageSha256! }, mask) : null;
  const { width, height, ids } = weighed?.classMap ?? mask.classMap;
  const { remap, table } = classes;
  const classMap = { width, height, ids: remap ? idsInTable(ids, remap, table) : ids };
  return { mask, classMap, weighed, imageSha256 };
}

/** The SHA-256 of a file; null for a piece of one. */
async function writeOutput(part: ExportPart, file: OutputFile, key: string | null): Promise<string | null> {
  if (!('append' in file)) return part.write(file.path, key, file.content);
  await part.append(file.path, file.append);
  return null;
}

async function writeMask(
  job: Job,
  index: number,
  { mask, classMap, weighed, imageSha256 }: ReadyMask,
  problems: Problem[],
): Promise<ManifestImage> {
  const { source, format, plan, writer, part } = job;
  const { name } = plan.images[index]!;
  const place = writer.place(index);
  const { width, height } = classMap;
  const key = digestOf(classMap, plan, format.id, weighed?.weights);
  let maskSha256: string | null = null;
  for (const file of writer.add(index, classMap, weighed?.weights)) {
    const hash = await writeOutput(part, file, key);
    if (file.path === place.mask) maskSha256 = hash;
  }
  let copy: string | undefined;
  if (place.image !== null && imageSha256 !== null) {
    copy = await writeCopy(
      part,
      place.image,
      { path: join(source.imageFolder, name), name, ending: plan.images[index]!.ending, imageSha256 },
      problems,
    );
  }
  return {
    image: name,
    mask: place.mask,
    ...(copy !== undefined && { copy }),
    ...(format.splits && { split: plan.images[index]!.split }),
    width,
    height,
    source: mask.origin?.kind ?? null,
    modelIds: mask.origin?.modelId ? [mask.origin.modelId] : [],
    ...(mask.decided && { decided: [...mask.decided] }),
    ...(weighed && { disputes: weighed.disputes, pixels: weighed.counts }),
    imageSha256,
    maskSha256,
  };
}

/** Where the copy is; undefined, with a problem, where the image cannot be decoded. */
async function writeCopy(
  part: ExportPart,
  place: string,
  image: { path: string; name: string; ending: string; imageSha256: string },
  problems: Problem[],
): Promise<string | undefined> {
  try {
    await part.write(place, image.imageSha256, () => copyImage(image.path, image.name, image.ending));
    return place;
  } catch (error) {
    if (errorCode(error) !== null) throw error;
    problems.push(toProblem(error, { code: 'export.imageUnreadable', subject: image.name }));
    return undefined;
  }
}

/** Of everything that the files of a mask are made from. */
function digestOf(
  { width, height, ids }: ClassMap,
  { classTable }: WritePlan,
  format: string,
  weights: Uint8Array = new Uint8Array(),
): string {
  const hash = createHash('sha256').update(JSON.stringify([format, width, height, classTable]));
  hash.update(weights);
  return hash.update(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength)).digest('hex');
}

function manifestOf(
  { source, format, classes, part, options }: Job,
  images: ManifestImage[],
): ExportManifest {
  return {
    version: 2,
    generator: 'DynaSeg Studio',
    format: format.id,
    palette: 'class table',
    project: source.projectName,
    created: options.created?.toISOString(),
    classTable: source.classTable,
    ...(classes.remap && {
      classes: classes.pairs.map(({ name, targetId }) => ({
        name,
        label: findClass(classes.table, targetId ?? -1)?.name ?? null,
      })),
    }),
    ...(format.splits && { split: { ...(options.split ?? NO_SPLIT) } }),
    ...(format.weighs &&
      options.weigher && { weighed: { ...options.weigher.options, weightOne: WEIGHT_ONE } }),
    images,
    files: [...part.files].sort(),
  };
}
