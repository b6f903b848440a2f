import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { preprocess } from '#core/imaging/preprocess.ts';
import type { PreprocessorConfig } from '#core/models/modelInfo.ts';
import { toProblem, type Problem } from '#core/problem.ts';
import type { CalibrationImages } from '#core/prune/pruneReport.ts';
import { spreadImages } from '#core/prune/spreadImages.ts';
import { decodeImageFile } from './decodeImage.ts';
import { listImageFolder } from './imageFolder.ts';

export interface CalibrationFolder extends CalibrationImages {
  /** Of images that cannot be used, and of the folder. */
  readonly problems: readonly Problem[];
}

/**
 * The images of a folder to calibrate on: evenly spread over it, at most MAX_CALIBRATION_IMAGES. Each is decoded
 * once beforehand, so that a damaged one is named and left out before the long work begins.
 * Throws what listImageFolder throws.
 */
export async function openCalibrationFolder(
  folder: string,
  preprocessor: PreprocessorConfig,
): Promise<CalibrationFolder> {
  const listing = await listImageFolder(folder);
  const problems: Problem[] = [...listing.problems];
  const read = async (name: string) => decodeImageFile(await readFile(join(listing.folder, name)), name);
  const sound = listing.images.filter(({ problem }) => problem?.severity !== 'error');
  for (const { problem } of listing.images) if (problem?.severity === 'error') problems.push(problem);
  const names: string[] = [];
  for (const at of spreadImages(sound.length)) {
    const { name } = sound[at]!;
    try {
      await read(name);
      names.push(name);
    } catch (error) {
      problems.push(toProblem(error, { code: 'image.failed', subject: name }));
    }
  }
  return {
    problems,
    count: names.length,
    load: async (index) => preprocess(await read(names[index]!), preprocessor),
  };
}
