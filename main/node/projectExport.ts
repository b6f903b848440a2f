import { basename, extname } from 'node:path';
import { createClassTable, type ClassTable } from '#core/labels/classTable.ts';
import { ProblemError } from '#core/problem.ts';
import type { ExportSource } from './exportRunner.ts';
import { findProjectFile } from './findProjectFile.ts';
import { decidersOf, lastWords, tracePixels } from './maskProvenance.ts';
import { ProjectStore } from './projectStore.ts';

/** The masks of an open project as something to export. */
export function exportSourceOf(
  store: ProjectStore,
  names: { readonly projectName: string; readonly classTable: ClassTable },
): ExportSource {
  const masks = store.masksForExport();
  const byId = new Map(masks.map((mask) => [mask.imageId, mask]));
  return {
    ...names,
    imageFolder: store.meta().folder ?? '',
    images: masks.map(({ imageId: id, name }) => ({ id, name })),
    readMask: (imageId) => {
      const mask = store.openMask(imageId);
      const name = byId.get(imageId)?.name ?? `image ${imageId}`;
      if (!mask) {
        throw new ProblemError({
          code: 'export.maskGone',
          title: 'its mask was undone meanwhile',
          subject: name,
        });
      }
      const { width, height, ids, origin } = mask;
      const { before, steps } = store.maskSteps(imageId);
      const traced = tracePixels({ width, height }, steps, before, names.classTable);
      const decided = decidersOf(traced);
      const classMap = { width, height, ids };
      return Promise.resolve({ classMap, origin, decided, lastWords: () => lastWords(traced) });
    },
  };
}

export interface OpenedProject {
  readonly store: ProjectStore;
  readonly source: ExportSource;
  readonly close: () => void;
}

/**
 * Opens a project for export, read-only: an app that has it open is not disturbed.
 * `path`: a project file, or the image folder whose project lies in `projectsFolder`.
 * Throws ProblemError `project.missing` and what ProjectStore.open throws.
 */
export async function openProjectForExport(path: string, projectsFolder: string): Promise<OpenedProject> {
  const file = await findProjectFile(path, projectsFolder);
  const store = ProjectStore.open(file, { readOnly: true });
  try {
    const classTable = store.meta().classTable ?? createClassTable(['object']);
    const projectName = basename(file, extname(file));
    const source = exportSourceOf(store, { projectName, classTable });
    return { store, source, close: () => store.close() };
  } catch (error) {
    store.close();
    throw error;
  }
}
