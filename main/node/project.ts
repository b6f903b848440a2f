import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { ImageEntry, ProjectSummary, TruthMask } from '#core/ipc/schemas.ts';
import { createClassTable, type ClassTable } from '#core/labels/classTable.ts';
import { listImageFolder, type ImageListing, type ListOptions } from './imageFolder.ts';
import { ProjectStore } from './memoryStore.ts';
import { imageUrl } from './studioUrl.ts';
import { findTruthFolder, TruthFolder } from './truthFolder.ts';

export interface OpenProjectOptions extends ListOptions {
  /** The folder that holds the project files of all image folders. */
  readonly projectsFolder: string;
  /** The classes of a project that has none yet, and no ground truth that names them. */
  readonly classTable?: ClassTable;
}

/** The folder's own name; that of its parent where it is just called `images`. */
function projectName(chosenFolder: string): string {
  return basename(chosenFolder) || chosenFolder;
}

/**
 * Where the project file of an image folder lies. The user's folders are read, never written, so it is in the
 * studio's own data, found by the folder's real path.
 */
export function projectFileOf(projectsFolder: string, folder: string): { id: string; file: string } {
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return { id, file: join(projectsFolder, id, `${projectName(folder)}.dynaseg`) };
}

/** An open folder of images with its project file and its ground truth. */
export class Project {
  private constructor(
    readonly id: string,
    readonly file: string,
    readonly listing: ImageListing,
    readonly store: ProjectStore,
    readonly classTable: ClassTable,
    private truth: TruthFolder | null,
  ) {}

  static async open(folder: string, options: OpenProjectOptions): Promise<Project> {
    const listing = await listImageFolder(folder, options);
    const { id, file } = projectFileOf(options.projectsFolder, listing.chosen);
    const store = await ProjectStore.open(file);
    store.syncImages(listing);
    const truthFolder = await findTruthFolder(listing.folder, listing.chosen);
    const truth = truthFolder === null ? null : await TruthFolder.open(truthFolder);
    return new Project(id, file, listing, store, options.classTable ?? createClassTable(['class 0']), truth);
  }

  /** The image's path below `listing.folder`, or null where the project has no such image. */
  imageName(imageId: number): string | null {
    return this.store.images().find(({ id }) => id === imageId)?.name ?? null;
  }

  summary(): ProjectSummary {
    const images = this.store.images().map((image): ImageEntry => ({
      id: image.id,
      name: image.name,
      width: image.width,
      height: image.height,
      bytes: image.bytes,
      url: imageUrl(this.id, image.id),
      hasTruth: (this.truth?.maskOf(image.name) ?? null) !== null,
      hasMask: image.hasMask,
      problem: image.problem,
    }));
    const mismatch = this.truth?.mismatch(images.map(({ name }) => name)) ?? null;
    return {
      id: this.id,
      name: projectName(this.listing.chosen),
      folder: this.listing.folder,
      projectFile: this.file,
      truthFolder: this.truth?.folder ?? null,
      classTable: this.classTable,
      images,
      problems: [...this.listing.problems, ...(mismatch ? [mismatch] : [])],
      readOnly: this.store.readOnly,
    };
  }

  async chooseTruth(folder: string): Promise<void> {
    this.truth = await TruthFolder.open(folder);
  }

  readTruth(_imageId: number): Promise<TruthMask | null> {
    return Promise.resolve(null);
  }

  close(): void {
    this.store.close();
  }
}
