import { readdir, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { ProblemError } from '#core/problem.ts';
import { fileReason } from './fileProblem.ts';

type Removable = Pick<ModelInfo, 'name' | 'folder' | 'onnxFile'>;

/** Files of a model that the studio downloaded: the folder, or its one graph where others of the folder are listed. */
export interface OwnFiles {
  /** Absolute paths of folders and files. */
  readonly paths: readonly string[];
  readonly bytes: number;
}

/**
 * What goes from the disk with a model; null where it lies in a folder of the user's, which is never touched.
 *
 * @param downloads the studio's own folder of downloaded models
 * @param others the models that stay
 */
export async function ownFilesOf(
  model: Removable,
  downloads: string,
  others: readonly Removable[],
): Promise<OwnFiles | null> {
  const own = await realpath(downloads).catch(() => null);
  const folder = await realpath(model.folder).catch(() => null);
  if (own === null || folder === null || dirname(folder) !== own) return null;
  const isShared = others.some((other) => other.folder === model.folder);
  const paths = isShared ? await graphFiles(model.onnxFile) : [folder];
  const sizes = await Promise.all(paths.map(sizeOf));
  return { paths, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Throws ProblemError `model.notDeleted`, with the files that are left. */
export async function deleteOwnFiles({ name }: Removable, { paths }: OwnFiles): Promise<void> {
  for (const path of paths) {
    try {
      await rm(path, { recursive: true, force: true });
    } catch (error) {
      throw new ProblemError(
        {
          code: 'model.notDeleted',
          title: `it is no longer listed, but its files could not be deleted: ${fileReason(error)}`,
          subject: name,
          hint: `Delete ${path} yourself`,
        },
        { cause: error },
      );
    }
  }
}

/** A graph with the weights that are named after it. */
async function graphFiles(onnxFile: string): Promise<string[]> {
  const folder = dirname(onnxFile);
  const graph = basename(onnxFile);
  const names = await readdir(folder).catch(() => []);
  const isWeights = (name: string) => /^[._]data(_\d+)?$/.test(name.slice(graph.length));
  return names
    .filter((name) => name === graph || (name.startsWith(graph) && isWeights(name)))
    .map((name) => join(folder, name));
}

async function sizeOf(path: string): Promise<number> {
  const status = await stat(path).catch(() => null);
  if (!status?.isDirectory()) return status?.size ?? 0;
  const names = await readdir(path);
  const sizes = await Promise.all(names.map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
