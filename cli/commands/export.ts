import { parseChoices } from '#core/formats/classPairs.ts';
import { formatById } from '#core/formats/formatRegistry.ts';
import type { FormatId } from '#core/formats/maskFormat.ts';
import type { SplitKind } from '#core/formats/splitImages.ts';
import { runExport } from '../../main/node/exportRunner.ts';
import { openProjectForExport } from '../../main/node/projectExport.ts';
import { projectsFolder } from '../../main/node/userDataFolder.ts';
import { createProgress, printJson, say, sayProblem } from '../console.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { openWeigher, type RetrainArguments } from './exportRetrain.ts';

export interface ExportMasksOptions extends RetrainArguments {
  /** A project file, or the folder of images that it is of. */
  readonly project: string;
  readonly out: string;
  readonly format: FormatId;
  readonly split: SplitKind;
  readonly valShare: number;
  readonly seed: number;
  /** `old=new`: for formats with classes of their own; for a retrain pack the models' classes in the project's. */
  readonly map: readonly string[];
  readonly json: boolean;
}

/**
 * `dynaseg export`: the masks of a project as they are now. The project is only read, so it may be open in the
 * studio at the same time. Ctrl+C cancels, and leaves nothing behind.
 */
export async function exportMasks(options: ExportMasksOptions): Promise<ExitCode> {
  const project = await openProjectForExport(options.project, projectsFolder());
  const { source } = project;
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  let weighing: Awaited<ReturnType<typeof openWeigher>> | null = null;
  try {
    if (formatById(options.format).weighs) weighing = await openWeigher(project, options.map, options);
    const progress = createProgress('exported', source.images.length);
    const summary = await runExport(source, {
      folder: options.out,
      format: options.format,
      split: { by: options.split, valShare: options.valShare, seed: options.seed },
      map: weighing ? new Map() : parseChoices(options.map),
      weigher: weighing?.weigher,
      signal: interrupted.signal,
      onProgress: ({ done, current }) => progress.at(done, current),
    });
    progress.end();
    summary.problems.forEach(sayProblem);
    if (options.json) printJson(summary);
    if (summary.cancelled) {
      say('cancelled: nothing was written');
      return EXIT.interrupted;
    }
    const { weighed } = summary;
    if (weighed) {
      say(
        `disputes: ${weighed.open} open, their ${weighed.openPixels} pixels are ignored; ${weighed.decided} decided; ${weighed.correctedPixels} pixels decided by a person`,
      );
    }
    say(`${summary.written} of ${summary.total} masks written to ${summary.folder} (${options.format})`);
    return summary.problems.some(({ severity }) => severity === 'error') ? EXIT.partial : EXIT.ok;
  } finally {
    process.off('SIGINT', interrupt);
    await weighing?.close();
    project.close();
  }
}
