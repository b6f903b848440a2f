import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CLASSES_FILE } from '#core/formats/formatClasses.ts';
import { formatById, recogniseFormat } from '#core/formats/formatRegistry.ts';
import type { FormatFiles, MaskEntry, MaskFormat, MaskSet } from '#core/formats/maskFormat.ts';
import { MANIFEST_NAME, readManifest, type ExportManifest } from './exportManifest.ts';
import { unreadable } from './fileProblem.ts';
import { listFiles } from './listFiles.ts';
import { isInside } from './resolveInside.ts';

/** Masks that were found in a folder, or in one file. */
export interface FoundMasks {
  /** Absolute path that was given. */
  readonly path: string;
  readonly format: MaskFormat;
  /** What speaks for the format. */
  readonly evidence: string;
  readonly set: MaskSet;
  /** The image that the manifest of an export says a mask is of. */
  readonly imageOf: (entry: MaskEntry) => string | null;
}

/**
 * Recognises and opens masks. `formatId`: what the user says it is. Nothing is read but what names classes and images.
 * Throws ProblemError `import.unreadable`, `format.unrecognised`, `format.unknown`, and what the format throws.
 */
export async function openMasks(path: string, formatId?: string): Promise<FoundMasks> {
  const files = await filesAt(path);
  const found = formatId
    ? { format: formatById(formatId), evidence: 'chosen by hand' }
    : await recogniseFormat(files, basename(path));
  // Folders of plain masks often lie beside their images, below what names their classes.
  const set = await found.format.open(
    found.format.id === 'png' ? await withClassesAbove(files, path) : files,
  );
  const manifest = files.names.includes(MANIFEST_NAME) ? await readManifest(join(path, MANIFEST_NAME)) : null;
  return { path, ...found, set, imageOf: imagesByMask(manifest) };
}

/** The same with the classes.json beside a file, or above a folder or that of the file, where there is none among them. */
async function withClassesAbove(files: FormatFiles, path: string): Promise<FormatFiles> {
  if (files.names.includes(CLASSES_FILE)) return files;
  const isFile = (await stat(path)).isFile();
  for (const folder of isFile ? [dirname(path), dirname(dirname(path))] : [dirname(path)]) {
    const above = join(folder, CLASSES_FILE);
    const status = await stat(above).catch(() => null);
    if (!status?.isFile()) continue;
    return {
      names: [CLASSES_FILE, ...files.names],
      async read(name) {
        if (name !== CLASSES_FILE) return files.read(name);
        return readFile(above).catch((error: unknown) => {
          throw unreadable('import.unreadable', above, error);
        });
      },
    };
  }
  return files;
}

/** Files of a folder; of a file it is the file alone. Links out of it are not read. */
async function filesAt(path: string): Promise<FormatFiles> {
  const status = await stat(path).catch((error: unknown) => {
    throw unreadable('import.unreadable', path, error);
  });
  const folder = status.isDirectory() ? path : dirname(path);
  const names = status.isDirectory() ? await listFiles(folder) : [basename(path)];
  const root = await realpath(folder);
  return {
    names: names.filter((name) => !name.split('/').some((part) => part.startsWith('.'))),
    async read(name) {
      const file = join(folder, name);
      try {
        const real = await realpath(file);
        if (!isInside(root, real)) {
          throw new Error('a symbolic link to a file outside the folder');
        }
        return await readFile(real);
      } catch (error) {
        throw unreadable('import.unreadable', name, error);
      }
    },
  };
}

/** A file that holds several masks names its images itself. */
function imagesByMask(manifest: ExportManifest | null): (entry: MaskEntry) => string | null {
  const counts = new Map<string, number>();
  const images = new Map<string, string>();
  for (const { mask, image } of manifest?.images ?? []) {
    counts.set(mask, (counts.get(mask) ?? 0) + 1);
    images.set(mask, image);
  }
  return ({ file }) => (counts.get(file) === 1 ? images.get(file)! : null);
}
