import { stat } from 'node:fs/promises';
import type { ImageEntry, MovedStep, ProjectSummary, TruthMask } from '#core/ipc/schemas.ts';
import { createClassTable, type ClassTable } from '#core/labels/classTable.ts';
import type { PatchDirection } from '#core/mask/patch.ts';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import type { ExportSource } from './exportRunner.ts';
import type { ImageListing } from './imageFolder.ts';
import { exportSourceOf } from './projectExport.ts';
import { projectPlace, type ProjectPlace } from './projectPlace.ts';
import { ProjectStore, type PatchesStep } from './projectStore.ts';
import type { TransactionOptions } from './sqliteConnection.ts';
import { imageUrlBase } from './studioUrl.ts';
import { findTruthFolder, TruthFolder } from './truthFolder.ts';

export interface OpenProjectOptions {
  /** The folder that holds the project files of all image folders. */
  readonly projectsFolder: string;
  /** The classes of a project that has no masks yet, where its ground truth names none. */
  readonly classTable?: ClassTable;
  /** See ProjectStore.open. */
  readonly repair?: boolean;
}

/** An open folder of images with its project file and its ground truth. */
export class Project {
  /** About the project as it was opened. */
  private readonly problems: Problem[];
  private truth: TruthFolder | null = null;
  private table: ClassTable;
  private readonly names: ReadonlyMap<number, string>;

  private constructor(
    readonly place: ProjectPlace,
    readonly listing: ImageListing,
    readonly store: ProjectStore,
    private readonly fallbackTable: ClassTable | undefined,
    problems: readonly Problem[],
  ) {
    this.problems = [...listing.problems, ...store.notes, ...problems];
    this.names = new Map(store.images().map(({ id, name }) => [id, name]));
    this.table = store.meta().classTable ?? fallbackTable ?? createClassTable(['object']);
  }

  /**
   * Opens the project of a listed folder. Where another process holds its file it is opened read-only and says
   * so. Throws what ProjectStore.open throws.
   */
  static async open(listing: ImageListing, options: OpenProjectOptions): Promise<Project> {
    const place = projectPlace(options.projectsFolder, listing.folder);
    const { store, problems } = openStore(place.file, options.repair ?? false);
    try {
      await store.syncImagesInTurns(listing);
      const project = new Project(place, listing, store, options.classTable, problems);
      await project.openTruth();
      project.settleClassTable();
      project.saveMeta({ folder: listing.folder });
      return project;
    } catch (error) {
      store.close();
      throw error;
    }
  }

  get classTable(): ClassTable {
    return this.table;
  }

  /** The image's path below `listing.folder`, or null where the project has no such image. */
  imageName(imageId: number): string | null {
    return this.names.get(imageId) ?? null;
  }

  summary(): ProjectSummary {
    const urlBase = imageUrlBase(this.place.id);
    const images = this.store
      .images()
      .map(({ id, name, width, height, bytes, hasMask, problem }): ImageEntry => ({
        id,
        name,
        width,
        height,
        bytes,
        url: `${urlBase}${id}`,
        hasTruth: this.truth?.maskOf(name) != null,
        hasMask,
        problem,
      }));
    const mismatch = this.truth?.mismatch(images.map(({ name }) => name)) ?? null;
    return {
      id: this.place.id,
      name: this.place.name,
      folder: this.listing.folder,
      projectFile: this.place.file,
      truthFolder: this.truth?.folder ?? null,
      classTable: this.table,
      images,
      problems: [...this.problems, ...(mismatch ? [mismatch] : [])],
      readOnly: this.store.readOnly,
    };
  }

  /** Takes the ground truth from this folder, now and when the project is opened again. Throws as TruthFolder.open. */
  async chooseTruth(folder: string): Promise<void> {
    this.truth = await TruthFolder.open(folder);
    this.settleClassTable();
    this.saveMeta({ truthFolder: this.truth.folder });
  }

  /** Absolute path of an image's ground-truth mask, or null where it has none. */
  truthFile(imageId: number): string | null {
    const name = this.imageName(imageId);
    return name === null ? null : (this.truth?.maskOf(name) ?? null);
  }

  /** The ground truth of an image, or null where it has none. Throws as TruthFolder.read. */
  async readTruth(imageId: number): Promise<TruthMask | null> {
    const image = this.store.image(imageId);
    if (!image || !this.truth || image.width === 0) return null;
    // Masks that declare no classes are in those that the project had when they were chosen.
    return this.truth.read(image, this.table, this.store.meta().originalClasses ?? this.table);
  }

  /** Stores a step over several masks, with a change of the classes where it has one: see ProjectStore.applyPatches. */
  async applyPatches(step: PatchesStep): Promise<number[]> {
    const imageIds = await this.store.applyPatches(step);
    if (step.classTable) this.table = this.store.meta().classTable ?? this.table;
    return imageIds;
  }

  /** Undoes or redoes the step of a mask, and of others where it changed several; null where there is none. */
  moveStep(imageId: number, direction: PatchDirection, options?: TransactionOptions): MovedStep | null {
    const moved = this.store[direction](imageId, options);
    if (moved?.group?.classTable) this.table = moved.group.classTable;
    return moved;
  }

  /** From now on the classes are changed by hand alone. Throws `project.readOnly`, and as ProjectStore.saveMeta. */
  keepClasses(): void {
    if (!this.store.meta().originalClasses) this.store.saveMeta({ originalClasses: this.table });
  }

  /** The classes from now on, chosen by hand. Throws as keepClasses. */
  saveClassTable(classTable: ClassTable): void {
    this.keepClasses();
    this.store.saveMeta({ classTable });
    this.table = classTable;
  }

  exportSource(): ExportSource {
    return exportSourceOf(this.store, { projectName: this.place.name, classTable: this.table });
  }

  close(): void {
    this.store.close();
  }

  /** The folder chosen by hand, else the one that lies with the images. A broken one is a problem, not an end. */
  private async openTruth(): Promise<void> {
    const chosen = this.store.meta().truthFolder;
    const there = chosen !== null && (await stat(chosen).catch(() => null))?.isDirectory() === true;
    if (chosen !== null && !there) this.problems.push(truthGone(chosen));
    const folder = there ? chosen : await findTruthFolder(this.listing.folder, this.listing.chosen);
    if (folder === null) return;
    try {
      this.truth = await TruthFolder.open(folder);
    } catch (error) {
      this.problems.push(toProblem(error, { code: 'truth.unreadable', subject: folder }));
    }
  }

  /**
   * A project with masks keeps its classes, and so does one whose classes were changed by hand; before that they
   * are those of the ground truth, else the models'.
   */
  private settleClassTable(): void {
    const { classTable, originalClasses } = this.store.meta();
    if (classTable && originalClasses) return;
    if (classTable && this.store.masksForExport().length > 0) return;
    const wanted = this.truth?.declared?.classTable ?? this.fallbackTable;
    if (!wanted) return;
    this.table = wanted;
    if (JSON.stringify(wanted) !== JSON.stringify(classTable)) this.saveMeta({ classTable: wanted });
  }

  private saveMeta(changes: Parameters<ProjectStore['saveMeta']>[0]): void {
    if (!this.store.readOnly) this.store.saveMeta(changes);
  }
}

function openStore(file: string, repair: boolean): { store: ProjectStore; problems: Problem[] } {
  try {
    return { store: ProjectStore.open(file, { repair }), problems: [] };
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'project.held') throw error;
    const note: Problem = { ...error.problem, severity: 'note', detail: heldDetail(error.problem) };
    return { store: ProjectStore.open(file, { readOnly: true }), problems: [note] };
  }
}

function heldDetail({ detail }: Problem): string {
  const here = 'Opened read-only here: edits are not stored';
  return detail === undefined ? here : `${detail}. ${here}`;
}

function truthGone(folder: string): Problem {
  return {
    code: 'truth.gone',
    severity: 'note',
    title: 'the ground-truth folder chosen for this project is not there',
    subject: folder,
    hint: 'Choose it again, or put it back',
  };
}
