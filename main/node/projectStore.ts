import { basename } from 'node:path';
import { z } from 'zod';
import type { ImageVerdicts } from '#core/disputes/verdict.ts';
import type { HistoryState, MaskOrigin, MovedStep, OpenMask, StoredRegion } from '#core/ipc/schemas.ts';
import { classTableSchema, DEFAULT_IGNORE_ID, type ClassTable } from '#core/labels/classTable.ts';
import { rebaseClassTable } from '#core/labels/rebaseClassTable.ts';
import type { PatchDirection } from '#core/mask/patch.ts';
import { ProblemError, type Problem } from '#core/problem.ts';
import type { Review } from '#core/review/review.ts';
import { EvaluationTable } from './evaluationTable.ts';
import type { ListedImage } from './imageFolder.ts';
import { GateTable } from './gateTable.ts';
import { ImageIndex, type ListedImages, type StoredImage } from './imageIndex.ts';
import type { ProvenanceStep } from './maskProvenance.ts';
import { readMaskSteps } from './maskSteps.ts';
import { MaskHistory, type CommitStepRequest, type GroupRequest, type ImagePatch } from './maskHistory.ts';
import { ModelMapTable } from './modelMapTable.ts';
import { nextTurn } from './nextTurn.ts';
import { openProjectFile, type OpenedProjectFile } from './projectFile.ts';
import { ReviewStates } from './reviewStates.ts';
import type { SqliteConnection, TransactionOptions } from './sqliteConnection.ts';
import type { ClassTables } from './stepGroups.ts';
import { storedJson, storedValue } from './storedValue.ts';

/** What a project is about; each may be unknown in a new one. */
export interface ProjectMeta {
  /** Absolute path of the image folder. */
  readonly folder: string | null;
  /** Absolute path of the ground truth that was chosen by hand. */
  readonly truthFolder: string | null;
  readonly classTable: ClassTable | null;
  /** As they were before they were first changed by hand; null: ground truth and models say what they are. */
  readonly originalClasses: ClassTable | null;
}

export interface OpenStoreOptions {
  readonly readOnly?: boolean;
  /** Looks at every step, and puts what can be read into a new file, also where opening alone finds no damage. */
  readonly repair?: boolean;
}

/** A step over several masks: see ProjectStore.applyPatches. */
export interface PatchesStep extends Pick<GroupRequest, 'label' | 'patches' | 'renumbers' | 'signal'> {
  /** The classes after the step, where it changes them, too. */
  readonly classTable?: ClassTable;
}

/** A mask that has at least one step that is not undone. */
export interface StoredMask {
  readonly imageId: number;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Steps that are not undone. */
  readonly steps: number;
  readonly origin: MaskOrigin | null;
  /** False: the image is no longer in the folder. */
  readonly present: boolean;
}

/**
 * A project: one SQLite database with the image index and every step of every mask. Every method that changes
 * something is one durable transaction: when it has returned, the change survives a kill of the process and a
 * power cut; when it throws, nothing has changed. With `sync: false` it survives a kill at once, and a power cut when
 * `flush` has answered: the window waits for the first, and calls a stroke saved after the second.
 */
export class ProjectStore {
  readonly evaluations: EvaluationTable;
  readonly modelMaps: ModelMapTable;
  private readonly db: SqliteConnection;
  private readonly masks: MaskHistory;
  private readonly reviewStates: ReviewStates;
  /** What students' gates did for the images. */
  readonly gates: GateTable;
  private readonly index: ImageIndex;
  /** The answers of images and image, kept because a folder may hold 100,000. */
  private listed: ListedImages | null = null;

  private constructor(
    private readonly file: string,
    private readonly opened: OpenedProjectFile,
  ) {
    this.db = opened.db;
    this.masks = new MaskHistory(opened.db);
    this.evaluations = new EvaluationTable(opened.db);
    this.modelMaps = new ModelMapTable(this.evaluations);
    this.reviewStates = new ReviewStates(opened.db);
    this.gates = new GateTable(opened.db);
    this.index = new ImageIndex(opened.db);
  }

  /**
   * Opens a project file, or creates it and its folder. Read-only where that is asked for, and, with a note,
   * where file or folder cannot be written: then it is a picture of the file as of now, taken without
   * disturbing a process that holds it. A damaged file is kept aside, and what can be read of it is put into a
   * new one, with a note that says what is lost.
   * Throws `project.held` (another process writes it), `project.locked`, `project.newer`,
   * `project.notADatabase`, `project.corrupt`, `project.missing` (read-only), `project.unreadable`,
   * `project.write`, `project.full`.
   */
  static open(file: string, { readOnly = false, repair = false }: OpenStoreOptions = {}): ProjectStore {
    const opened = openProjectFile(file, { readOnly, repair });
    try {
      const store = new ProjectStore(file, opened);
      store.meta();
      return store;
    } catch (error) {
      opened.close();
      throw error;
    }
  }

  /** commitStep, undo, redo and saveMeta throw `project.readOnly`. */
  get readOnly(): boolean {
    return this.opened.readOnly;
  }

  /** What is to be said about the file as a whole. */
  get notes(): readonly Problem[] {
    return this.opened.notes;
  }

  meta(): ProjectMeta {
    const row = this.db.get('SELECT folder, truth_folder, class_table, original_classes FROM meta');
    const text = z.string().nullable();
    const table = (value: unknown) => {
      return value == null ? null : storedJson(classTableSchema, value, 'the class table');
    };
    return {
      folder: storedValue(text, row?.folder ?? null, 'the path of the image folder'),
      truthFolder: storedValue(text, row?.truth_folder ?? null, 'the path of the ground truth'),
      classTable: table(row?.class_table),
      originalClasses: table(row?.original_classes),
    };
  }

  /** Changes what is given and keeps the rest. */
  saveMeta(changes: Partial<ProjectMeta>): void {
    this.assertWritable();
    const { folder, truthFolder, classTable, originalClasses } = { ...this.meta(), ...changes };
    this.db.transaction(() => {
      this.db.run('UPDATE meta SET folder = ?, truth_folder = ?, class_table = ?, original_classes = ?', [
        folder,
        truthFolder,
        classTable && JSON.stringify(classTable),
        originalClasses && JSON.stringify(originalClasses),
      ]);
    });
  }

  /**
   * Makes the image index that of a listing. Images keep their id by name; those that are gone keep their
   * masks, and get them back when they return. A read-only project does so for this session alone.
   */
  syncImages(listing: { readonly images: readonly ListedImage[] }): void {
    this.listed = null;
    for (const change of this.index.changes(listing.images)) this.db.transaction(change);
  }

  /**
   * The same with turns between, for 100,000 images: other work goes on meanwhile. A process that is killed in the
   * middle leaves an index of a part of them, which the next call completes.
   */
  async syncImagesInTurns(listing: { readonly images: readonly ListedImage[] }): Promise<void> {
    this.listed = null;
    for (const change of this.index.changes(listing.images)) {
      this.db.transaction(change, { sync: false });
      await nextTurn();
    }
    await this.flush();
    const reading = this.index.listed();
    let step = reading.next();
    while (!step.done) {
      await nextTurn();
      step = reading.next();
    }
    this.listed = step.value;
  }

  /** The images of the folder, in the order of the listing. */
  images(): readonly StoredImage[] {
    if (!this.listed) {
      const reading = this.index.listed();
      let step = reading.next();
      while (!step.done) step = reading.next();
      this.listed = step.value;
    }
    return this.listed.all;
  }

  /** An image of the folder, or null where the id is none. */
  image(imageId: number): StoredImage | null {
    this.images();
    return this.listed?.find(imageId) ?? null;
  }

  /** The mask as it was left, or null where the image has none. Throws `patch.corrupt`, `patch.newer`. */
  openMask(imageId: number): OpenMask | null {
    return this.namingImage(imageId, () => this.masks.open(imageId));
  }

  /**
   * Stores one step after the cursor; steps that were undone are dropped.
   * Throws `patch.corrupt` and `patch.newer`; `mask.size`, `patch.size` and `mask.diverged` for a step that
   * does not begin with the stored mask; `project.noImage`, `project.readOnly`, `project.full`,
   * `project.write`, `project.busy`.
   * With `sync: false` the step survives a kill of this process at once, and a power cut after `flush`.
   */
  commitStep(request: CommitStepRequest, options?: TransactionOptions): HistoryState {
    this.assertWritable();
    this.assertImage(request.imageId);
    return this.namingImage(request.imageId, () => {
      const ignoreId = this.meta().classTable?.ignoreId ?? DEFAULT_IGNORE_ID;
      const history = this.masks.commit(request, ignoreId, options);
      this.updateHasMask(request.imageId, history);
      return history;
    });
  }

  /** Waits until every stored step is on the disk. Throws `project.write`. */
  async flush(): Promise<void> {
    await this.db.flush();
  }

  /** To be called when nobody waits: keeps the file's log small, and the last mask in the file twice. Throws `project.full`, `project.write`. */
  tidy(): void {
    if (this.readOnly) return;
    this.masks.settle();
    this.db.checkpoint();
  }

  /**
   * Stores a step over several masks, and a change of the classes that goes with it, as one: all of it or nothing
   * is in the file, and undo and redo on any of its images move over all of it. The masks of images that are no
   * longer in the folder may be among them. Until it has settled every other change throws `project.busy`.
   * Answers the ids of the changed images. Throws what commitStep throws, and the signal's reason.
   */
  async applyPatches(step: PatchesStep): Promise<number[]> {
    this.assertWritable();
    const before = this.meta().classTable;
    const after = step.classTable;
    const classTables = before && after ? { before, after } : null;
    let imageId = 0;
    const known = (patch: ImagePatch): ImagePatch => {
      ({ imageId } = patch);
      this.assertImage(imageId);
      return patch;
    };
    const { label, renumbers, signal } = step;
    const request = { label, renumbers, signal, classTables, patches: mapPatches(step.patches, known) };
    const ignoreId = before?.ignoreId ?? DEFAULT_IGNORE_ID;
    try {
      return await this.masks.commitGroup(request, ignoreId, (...change) => this.changeClasses(...change));
    } catch (error) {
      return this.namingImage(imageId, () => {
        throw error;
      });
    } finally {
      this.listed = null;
    }
  }

  /** null: there is nothing to undo. */
  undo(imageId: number, options?: TransactionOptions): MovedStep | null {
    return this.move(imageId, 'undo', options);
  }

  /** null: there is nothing to redo. */
  redo(imageId: number, options?: TransactionOptions): MovedStep | null {
    return this.move(imageId, 'redo', options);
  }

  /** How far the images are; those that are to do are left out. */
  reviews(): Review[] {
    return this.reviewStates.list();
  }

  /** Throws `project.readOnly`, `project.noImage`, `project.full`, `project.write`. */
  setReview(review: Review): Review {
    this.assertWritable();
    if (!this.image(review.imageId)) throw this.noImage(review.imageId);
    return this.reviewStates.set(review);
  }

  /** To be called when a step of an image was stored: its new review state, or null where it stays as it is. */
  reviewAfterEdit(imageId: number): Review | null {
    return this.reviewStates.edited(imageId);
  }

  /** The verdicts of every image that has one, undone ones included. */
  verdicts(): ImageVerdicts[] {
    return this.masks.verdicts.all();
  }

  verdictRegions(imageId: number): StoredRegion[] {
    return this.masks.verdicts.regions(imageId);
  }

  /** The steps of a mask that are applied and still kept, and what it was started from before the first of them. */
  maskSteps(imageId: number): {
    readonly before: MaskOrigin | null;
    readonly steps: Iterable<ProvenanceStep>;
  } {
    return { before: this.masks.origin(imageId, 0), steps: readMaskSteps(this.db, imageId) };
  }

  /** The masks that are to be exported, in the order of the listing; openMask gives their pixels. */
  masksForExport(): StoredMask[] {
    const rows = this.db.all(
      `SELECT images.id, images.name, images.position, masks.width, masks.height, masks.cursor
       FROM masks JOIN images ON images.id = masks.image_id
       WHERE masks.cursor > 0 ORDER BY position IS NULL, position, name`,
    );
    return rows.map((row) => ({
      imageId: Number(row.id),
      name: String(row.name),
      width: Number(row.width),
      height: Number(row.height),
      steps: Number(row.cursor),
      origin: this.masks.origin(Number(row.id), Number(row.cursor)),
      present: row.position !== null,
    }));
  }

  close(): void {
    try {
      if (!this.readOnly) this.masks.settle();
    } finally {
      this.opened.close();
    }
  }

  private move(imageId: number, direction: PatchDirection, options?: TransactionOptions): MovedStep | null {
    this.assertWritable();
    const moved = this.namingImage(imageId, () =>
      this.masks.move(imageId, direction, {
        ...options,
        withClasses: (...change) => this.changeClasses(...change),
      }),
    );
    if (moved?.group) this.listed = null;
    else if (moved) this.updateHasMask(imageId, moved.history);
    return moved;
  }

  /** Within a transaction. */
  private changeClasses({ before, after }: ClassTables, direction: PatchDirection): ClassTable {
    const change = direction === 'undo' ? { from: after, to: before } : { from: before, to: after };
    const table = rebaseClassTable(this.meta().classTable ?? change.from, change);
    this.db.run('UPDATE meta SET class_table = ?', [JSON.stringify(table)]);
    return table;
  }

  private assertImage(imageId: number): void {
    if (!this.db.get('SELECT id FROM images WHERE id = ?', [imageId])) throw this.noImage(imageId);
  }

  private updateHasMask(imageId: number, { cursor }: HistoryState): void {
    this.listed?.setHasMask(imageId, cursor > 0);
  }

  /** Says of which image a problem is that came from its patches. */
  private namingImage<T>(imageId: number, action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.subject !== undefined) throw error;
      const name = this.db.get('SELECT name FROM images WHERE id = ?', [imageId])?.name;
      const subject = `mask of ${name === undefined ? `image ${imageId}` : String(name)}`;
      throw new ProblemError({ ...error.problem, subject }, { cause: error });
    }
  }

  private assertWritable(): void {
    if (!this.readOnly) return;
    throw new ProblemError({
      code: 'project.readOnly',
      title: 'open read-only, so the edit was not stored',
      subject: `project file ${basename(this.file)}`,
      hint: 'Close it elsewhere, or make the file and its folder writable, and open it again',
    });
  }

  private noImage(imageId: number): ProblemError {
    return new ProblemError({
      code: 'project.noImage',
      title: `has no image ${imageId}`,
      subject: `project file ${basename(this.file)}`,
      hint: 'Open the folder again',
    });
  }
}

async function* mapPatches(
  patches: PatchesStep['patches'],
  map: (patch: ImagePatch) => ImagePatch,
): AsyncGenerator<ImagePatch> {
  for await (const patch of patches) yield map(patch);
}
