import { realpath } from 'node:fs/promises';
import { parseChoices } from '#core/formats/classPairs.ts';
import type { ImportImage, ImportSurvey } from '#core/formats/surveyMasks.ts';
import { createClassTable, type ClassTable } from '#core/labels/classTable.ts';
import { ProblemError } from '#core/problem.ts';
import { findProjectFile } from '../../main/node/findProjectFile.ts';
import { listImageFolder } from '../../main/node/imageFolder.ts';
import {
  importTargetOf,
  prepareImport,
  runImport,
  type ImportTarget,
  type PreparedImport,
} from '../../main/node/importRunner.ts';
import { openMasks } from '../../main/node/formatFolder.ts';
import { Project } from '../../main/node/project.ts';
import { ProjectStore } from '../../main/node/projectStore.ts';
import { projectsFolder } from '../../main/node/userDataFolder.ts';
import { createProgress, printJson, say, sayProblem } from '../console.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';

export interface ImportMasksOptions {
  /** The masks: a folder, or an annotation file. */
  readonly source: string;
  /** A project file, or the folder of images that it is of. */
  readonly project?: string;
  /** A folder of images, which becomes a project where it is none. */
  readonly images?: string;
  readonly as: 'truth' | 'mask';
  readonly format?: string;
  /** `old=new`. */
  readonly map: readonly string[];
  readonly dryRun: boolean;
  readonly json: boolean;
}

/**
 * `dynaseg import`: masks of any format into a project. The dry run stores nothing, and makes no project.
 * Throws what openMasks, prepareImport and runImport throw.
 */
export async function importMasks(options: ImportMasksOptions): Promise<ExitCode> {
  const interrupted = new AbortController();
  const interrupt = () =>
    interrupted.abort(new ProblemError({ code: 'import.cancelled', title: 'cancelled: nothing was stored' }));
  process.once('SIGINT', interrupt);
  const { images, classTable, target, close } = await openTarget(options);
  try {
    const { signal } = interrupted;
    const request = { path: options.source, format: options.format, choices: parseChoices(options.map) };
    const looked = progressOf('read');
    const prepared = await prepareImport({ images, classTable }, request, {
      signal,
      onProgress: looked.tell,
    });
    looked.end();
    const { survey } = prepared;
    sayRecognised(prepared);
    const unmapped = survey.classes.filter(({ becomes }) => becomes === null);
    if (!target) {
      if (options.json) printJson(reportOf(prepared, options, null));
      else printSurvey(survey);
      survey.problems.forEach(sayProblem);
      return unmapped.length > 0 || hasErrors(survey) ? EXIT.partial : EXIT.ok;
    }
    survey.problems.forEach(sayProblem);
    const stored = progressOf('imported');
    const done = await runImport(target, prepared, options.as, { signal, onProgress: stored.tell });
    stored.end();
    if (options.json) printJson(reportOf(prepared, options, done));
    say(
      `${done.imageIds.length} masks imported as ${options.as === 'truth' ? 'ground truth' : 'masks to fix'}`,
    );
    return hasErrors(survey) ? EXIT.partial : EXIT.ok;
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    say('cancelled: nothing was stored');
    return EXIT.interrupted;
  } finally {
    process.off('SIGINT', interrupt);
    close();
  }
}

const NO_CLASSES = createClassTable(['object']);

interface OpenTarget {
  readonly images: readonly ImportImage[];
  readonly classTable: ClassTable;
  /** null in a dry run: nothing can be stored. */
  readonly target: ImportTarget | null;
  readonly close: () => void;
}

async function openTarget({
  project,
  images,
  source,
  format,
  dryRun,
}: ImportMasksOptions): Promise<OpenTarget> {
  if ((project === undefined) === (images === undefined)) {
    throw new ProblemError({
      code: 'cli.option',
      title:
        project === undefined
          ? 'neither --project nor --images is given'
          : 'both --project and --images are given',
      hint: 'Name a project (--project) or a folder of images (--images)',
    });
  }
  if (project !== undefined) return openStore(await findProjectFile(project, projectsFolder()), dryRun);
  const listing = await listImageFolder(images!);
  const known = await findProjectFile(await realpath(images!), projectsFolder()).catch(() => null);
  if (dryRun && known !== null) return openStore(known, true);
  // The masks name the classes of a project that has none yet; without names there is nothing to go by.
  const { set } = await openMasks(source, format);
  const classTable = set.named ? set.classTable : undefined;
  if (dryRun) {
    const entries = listing.images.map((image, index) => ({ ...image, id: index + 1 }));
    return { images: entries, classTable: classTable ?? NO_CLASSES, target: null, close: () => undefined };
  }
  const opened = await Project.open(listing, { projectsFolder: projectsFolder(), classTable });
  if (opened.store.readOnly) {
    opened.close();
    throw heldElsewhere(opened.place.file);
  }
  return {
    images: opened.store.images(),
    classTable: opened.classTable,
    target: importTargetOf(opened),
    close: () => opened.close(),
  };
}

function openStore(file: string, readOnly: boolean): OpenTarget {
  const store = ProjectStore.open(file, { readOnly });
  if (!readOnly && store.readOnly) {
    store.close();
    throw heldElsewhere(file);
  }
  const classTable = store.meta().classTable ?? NO_CLASSES;
  return {
    images: store.images(),
    classTable,
    target: readOnly
      ? null
      : {
          store,
          classTable,
          projectFile: file,
          applyPatches: (step) => store.applyPatches(step),
          chooseTruth: (folder) => {
            store.saveMeta({ truthFolder: folder });
            return Promise.resolve();
          },
        },
    close: () => store.close(),
  };
}

const hasErrors = ({ problems }: ImportSurvey): boolean =>
  problems.some(({ severity }) => severity === 'error');

function sayRecognised({ found, survey }: PreparedImport): void {
  say(`${found.path}: ${found.format.title} (${found.evidence}), ${survey.masks} masks`);
}

function reportOf(
  { found, survey }: PreparedImport,
  { as, dryRun }: ImportMasksOptions,
  done: Awaited<ReturnType<typeof runImport>> | null,
) {
  return {
    version: 1,
    format: found.format.id,
    evidence: found.evidence,
    as,
    dryRun,
    ...survey,
    imported: done?.imageIds.length ?? 0,
    truthFolder: done?.truthFolder ?? null,
  };
}

function printSurvey(survey: ImportSurvey): void {
  const line = (text: string) => process.stdout.write(`${text}\n`);
  const some = ({ count, names }: ImportSurvey['masksWithoutImage']) =>
    count === 0 ? '0' : `${count}: ${names.slice(0, 5).join(', ')}${count > 5 ? ', ...' : ''}`;
  line(`masks                ${survey.masks}, of them ${survey.usable} fit one of ${survey.images} images`);
  line(`masks without image  ${some(survey.masksWithoutImage)}`);
  line(`images without mask  ${some(survey.imagesWithoutMask)}`);
  line(`${'class'.padEnd(24)}${'pixels'.padStart(14)}${'masks'.padStart(8)}  becomes`);
  for (const { name, pixels, masks, becomes, how } of survey.classes) {
    const target =
      becomes === null ? `? (--map "${name}=...")` : `${becomes}${how === 'name' ? '' : ` (${how})`}`;
    line(`${name.padEnd(24)}${String(pixels).padStart(14)}${String(masks).padStart(8)}  ${target}`);
  }
  for (const { value, pixels, masks } of survey.unknownValues) {
    line(
      `${value.padEnd(24)}${String(pixels).padStart(14)}${String(masks).padStart(8)}  ignore (not declared)`,
    );
  }
}

function progressOf(verb: string) {
  let progress: ReturnType<typeof createProgress> | null = null;
  return {
    tell: ({ done, total, current }: { done: number; total: number; current: string }) => {
      progress ??= createProgress(verb, Math.max(1, total));
      progress.at(done, current);
    },
    end: () => progress?.end(),
  };
}

function heldElsewhere(file: string): ProblemError {
  return new ProblemError({
    code: 'import.held',
    title: 'it is open elsewhere, or cannot be written',
    subject: file,
    hint: 'Close it in the studio, or import there',
  });
}
