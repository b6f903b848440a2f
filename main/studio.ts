import { readFile } from 'node:fs/promises';
import type { ResponseOf } from '#core/ipc/contract.ts';
import { packProject, type PackedProject } from '#core/ipc/packedProject.ts';
import type { RecentProject, Settings } from '#core/ipc/schemas.ts';
import type { ClassTable } from '#core/labels/classTable.ts';
import { modelFacts } from '#core/models/modelFacts.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { freeName } from '#core/freeName.ts';
import type { ModelAnswers } from '#core/models/modelMapping.ts';
import type { EmitBackend } from '#core/onnx/segformer/emitOptions.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { ProblemError, toProblem, type Problem } from '#core/problem.ts';
import { forgetAddedModel, readAddedModels, rememberAddedModel } from './node/addedModels.ts';
import { FileHasher } from './node/fileHasher.ts';
import { ModelAnswersFile } from './node/modelAnswersFile.ts';
import type { ImageListing, ListImages } from './node/imageFolder.ts';
import { readCatalog } from './node/modelCatalog.ts';
import { readModelFolder } from './node/modelFolder.ts';
import type { OptimisedModels } from './node/optimisedModels.ts';
import { deleteOwnFiles, ownFilesOf, type OwnFiles } from './node/removeModel.ts';
import { Project } from './node/project.ts';
import { readRecentProjects, rememberProject } from './node/recentProjects.ts';
import { readSettings, writeSettings } from './node/settingsFile.ts';
import { ALONE, SerialQueue } from './node/serialQueue.ts';
import { imageUrlBase, modelUrl } from './node/studioUrl.ts';

/** Absolute paths of what the studio reads at start and writes between starts. */
export interface StudioPaths {
  readonly catalog: string;
  readonly samples: string;
  readonly settings: string;
  readonly recent: string;
  readonly addedModels: string;
  /** The studio's own folder of downloaded models. */
  readonly downloads: string;
  readonly modelAnswers: string;
  readonly hashes: string;
  readonly projects: string;
}

/** What is open: one project, the models, the settings. The handlers of the window's calls work on it. */
export class Studio {
  /** Calls about the open project run one after the other. */
  readonly queue = new SerialQueue();
  private openProject: Project | null = null;
  private models: ModelInfo[] = [];
  private startProblems: Problem[] = [];
  private readonly hasher: FileHasher;
  private readonly answers: ModelAnswersFile;
  private started: Promise<void> | null = null;

  private recentChanged: () => void = () => undefined;
  private repaired: () => void = () => undefined;

  constructor(
    private readonly paths: StudioPaths,
    /** The folder given at the start, or null for the samples. */
    private readonly firstFolder: string | null,
    private readonly optimised: OptimisedModels,
    private readonly listImages: ListImages,
  ) {
    this.hasher = new FileHasher(paths.hashes);
    this.answers = new ModelAnswersFile(paths.modelAnswers);
  }

  /** Reads the models and opens the first folder, once: a reloaded window finds the project that was open. */
  start(): Promise<void> {
    this.started ??= this.startOnce().catch((error: unknown) => {
      // The next window tries again.
      this.started = null;
      throw error;
    });
    return this.started;
  }

  private async startOnce(): Promise<void> {
    const catalog = await readCatalog(this.paths.catalog, this.hasher);
    this.models = [...catalog.models];
    this.startProblems = [...catalog.problems];
    for (const folder of await readAddedModels(this.paths.addedModels)) {
      // A model folder that has gone is not worth a message at every start; adding it again gives one.
      const info = await this.readModel(folder).catch(() => null);
      if (info) this.models.push(this.withFreeId(info));
    }
    if (this.firstFolder !== null) {
      try {
        await this.open(this.firstFolder);
        return;
      } catch (error) {
        this.startProblems.push(toProblem(error, { code: 'folder.unreadable', subject: this.firstFolder }));
      }
    }
    await this.open(this.paths.samples);
  }

  get project(): Project {
    if (!this.openProject) throw new Error('no project is open');
    return this.openProject;
  }

  isOpen(project: Project): boolean {
    return this.openProject === project;
  }

  /** The open project, where it is the one that was asked for. Throws ProblemError `project.changed`. */
  projectOf(projectId: string): Project {
    if (this.project.place.id === projectId) return this.project;
    throw new ProblemError({
      code: 'project.changed',
      title: 'another folder was opened meanwhile',
      subject: `project ${projectId}`,
      hint: 'Open its folder again, then try again',
    });
  }

  /** Where an image of the open project lies, or null for any other project or image. */
  imageFile(projectId: string, imageId: number): { folder: string; name: string } | null {
    if (this.openProject?.place.id !== projectId) return null;
    const name = this.openProject.imageName(imageId);
    return name === null ? null : { folder: this.openProject.listing.folder, name };
  }

  /** `listener` is called when the list of recent projects has changed. */
  onRecentChanged(listener: () => void): void {
    this.recentChanged = listener;
  }

  /** Opens a folder in place of the open one, which stays open where the folder or its project cannot be. */
  async open(folder: string): Promise<PackedProject> {
    return this.openListing(await this.listImages(folder));
  }

  /** Opens the open project's folder again where it has other images than it had; null where it has not. */
  async openAgainIfChanged(): Promise<PackedProject | null> {
    const before = this.project.listing;
    const listing = await this.listImages(before.chosen);
    return isSameListing(before, listing) ? null : this.openListing(listing);
  }

  private openListing(listing: ImageListing): Promise<PackedProject> {
    return this.queue.run(async () => {
      const { projects: projectsFolder } = this.paths;
      // The same folder again: its project file is held by the project that is open.
      if (this.openProject?.listing.folder === listing.folder) this.close();
      const classTable = this.fallbackTable();
      const next = await Project.open(listing, { projectsFolder, classTable });
      this.close();
      this.openProject = next;
      const { name } = next.place;
      await rememberProject(this.paths.recent, { folder: listing.folder, name, openedAt: Date.now() });
      this.recentChanged();
      return this.summary();
    }, ALONE);
  }

  /**
   * Puts what can be read of the open project's damaged file into a new one and goes on with that. Within `queue`.
   * Throws what Project.open throws: then no project is open.
   */
  async repair(): Promise<void> {
    const { listing } = this.project;
    this.close();
    const { projects: projectsFolder } = this.paths;
    this.openProject = await Project.open(listing, {
      projectsFolder,
      classTable: this.fallbackTable(),
      repair: true,
    });
    this.repaired();
  }

  /** `listener` is called when a damaged project file was replaced by what could be read of it. */
  onRepaired(listener: () => void): void {
    this.repaired = listener;
  }

  private fallbackTable(): ClassTable | undefined {
    return this.models.find(({ role }) => role === 'teacher')?.classTable;
  }

  /** The open project, and what is to be said of the models that came with the studio. */
  summary(): PackedProject {
    const summary = this.project.summary();
    const problems = [...summary.problems, ...this.startProblems];
    return packProject({ ...summary, problems }, imageUrlBase(summary.id));
  }

  modelList(): readonly ModelInfo[] {
    return this.models;
  }

  findModel(id: string): ModelInfo | null {
    return this.models.find((model) => model.id === id) ?? null;
  }

  /**
   * The file of a model in a form: its own, or its optimised one, made where it is not there yet; its own too where it
   * is no SegFormer that the studio can rewrite. null for an unknown model.
   */
  async modelFile(id: string, form: EmitBackend | 'original'): Promise<string | null> {
    const model = this.findModel(id);
    if (!model) return null;
    return (await this.optimised.fileFor(model, form === 'original' ? 'plain' : form)).path;
  }

  /** What a model's graph is, and in which form it runs. Throws ProblemError `model.gone`, and what readOnnx throws. */
  async modelFacts(id: string): Promise<ResponseOf<'models.facts'>> {
    const model = this.findModel(id);
    if (!model) throw new ProblemError({ code: 'model.gone', title: 'no such model is listed', subject: id });
    const graph = readOnnx(await readFile(model.onnxFile), model.name, { externalFiles: 'leave' });
    const { optimised, reason } = await this.optimised.fileFor(model, 'wasm');
    return { ...modelFacts(graph, model.preprocessor), optimised, reason };
  }

  private readModel(path: string): Promise<ModelInfo> {
    return readModelFolder(path, { hasher: this.hasher, answers: this.answers });
  }

  /** Adds a model folder or an ONNX file for this and later starts. Throws what readModelFolder throws. */
  async addModel(path: string): Promise<ModelInfo> {
    const info = await this.readModel(path);
    const known = this.models.find((model) => model.source === info.source);
    const added = known ? this.inPlaceOf(known, info) : this.withFreeId(info);
    this.models = [...this.models.filter((model) => model !== known), added];
    if (!known) await rememberAddedModel(this.paths.addedModels, info.source ?? info.folder);
    this.prepare(added);
    return added;
  }

  /**
   * Keeps what the user says of a model, and reads it again by that.
   * Throws ProblemError `model.gone`, and what readModelFolder throws: then nothing is kept.
   */
  async answerModel(id: string, said: ModelAnswers): Promise<ModelInfo> {
    const known = this.addedModel(id);
    const { file, ...answers } = said;
    const path = known.source ?? known.folder;
    const hash = known.fileSha256 ?? known.sha256;
    const tried = await readModelFolder(path, {
      hasher: this.hasher,
      answers: {
        fileOf: async (folder) => file ?? (await this.answers.fileOf(folder)),
        of: () => Promise.resolve(answers),
      },
    });
    if (file !== undefined) await this.answers.chooseFile(known.folder, file);
    else await this.answers.answer(hash, answers);
    const info = this.inPlaceOf(known, file === undefined ? tried : await this.readModel(path));
    this.models = this.models.map((model) => (model === known ? info : model));
    this.prepare(info);
    return info;
  }

  /** What would be deleted with a model: see ownFilesOf. Throws ProblemError `model.gone`. */
  ownFiles(id: string): Promise<OwnFiles | null> {
    const model = this.addedModel(id);
    return ownFilesOf(model, this.paths.downloads, this.without(model));
  }

  /**
   * Takes a model that was added from the list, for later starts, too. Where the studio downloaded it its files are
   * deleted; the user's own folders stay as they are. What was computed with it stays in the projects.
   * Throws ProblemError `model.gone`, `model.notDeleted`.
   */
  async removeModel(id: string): Promise<void> {
    const model = this.addedModel(id);
    const files = await this.ownFiles(id);
    await forgetAddedModel(this.paths.addedModels, model.source ?? model.folder);
    this.models = this.without(model);
    if (!this.models.some(({ sha256 }) => sha256 === model.sha256)) await this.optimised.forget(model);
    if (files) await deleteOwnFiles(model, files);
  }

  private addedModel(id: string): ModelInfo {
    const model = this.findModel(id);
    if (model && !model.embedded) return model;
    throw new ProblemError({ code: 'model.gone', title: 'no such model was added', subject: id });
  }

  private without(model: ModelInfo): ModelInfo[] {
    return this.models.filter((other) => other !== model);
  }

  private inPlaceOf(known: ModelInfo, info: ModelInfo): ModelInfo {
    return { ...info, id: known.id, onnxUrl: known.onnxUrl, embedded: known.embedded };
  }

  /** Ready by the time that it is looked at; what goes wrong is said where it is asked for. */
  private prepare({ id, mapping }: ModelInfo): void {
    if (mapping !== null) void this.modelFile(id, 'wasm').catch(() => undefined);
  }

  recent(): Promise<RecentProject[]> {
    return readRecentProjects(this.paths.recent);
  }

  settings(): Promise<Settings> {
    return readSettings(this.paths.settings);
  }

  async saveSettings(settings: Settings): Promise<void> {
    await writeSettings(this.paths.settings, settings);
  }

  close(): void {
    this.openProject?.close();
    this.openProject = null;
  }

  private withFreeId(info: ModelInfo): ModelInfo {
    const isTaken = (other: string) => this.findModel(other) !== null;
    const id = freeName(info.id, (number) => `${info.id}-${number}`, isTaken);
    return id === info.id ? info : { ...info, id, onnxUrl: modelUrl(id) };
  }
}

function isSameListing(a: ImageListing, b: ImageListing): boolean {
  if (a.images.length !== b.images.length) return false;
  return a.images.every((image, index) => {
    const other = b.images[index];
    return image.name === other?.name && image.bytes === other.bytes && image.mtimeMs === other.mtimeMs;
  });
}
