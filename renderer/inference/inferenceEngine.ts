import type { ImageEntry, ProjectSummary } from '#core/ipc/schemas.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { toProblem } from '#core/problem.ts';
import { mapOutput } from '#core/labels/classMapping.ts';
import { mappingKey, mappingOf } from '../store/classChoices.ts';
import { classesKey } from '../store/classesKey.ts';
import { useBackend } from '../store/useBackend.ts';
import { useFigures } from '../store/useFigures.ts';
import { useGates } from '../store/useGates.ts';
import { useFolderRun } from '../store/useFolderRun.ts';
import { modelIn, useModels } from '../store/useModels.ts';
import { handMoved, handRests } from '../store/handRests.ts';
import { usePictures } from '../store/usePictures.ts';
import { currentImage, useProject } from '../store/useProject.ts';
import { finishedRun, runKey, shownRun, useResults, type ModelRun } from '../store/useResults.ts';
import { runSettingsOf, useSettings } from '../store/useSettings.ts';
import { useStopped, wasStopped } from '../store/useStopped.ts';
import { useTruth } from '../store/useTruth.ts';
import { libraryImages } from '../store/stepImage.ts';
import { neighbour } from '../store/visibleImages.ts';
import { runSettingsKey, type RunSettings } from '#core/inference/runSettings.ts';
import { backendClient } from './backendClient.ts';
import { BackendRouter } from './backendRouter.ts';
import { FiguresClient } from './figuresClient.ts';
import { findAdapter } from './findAdapter.ts';
import { ImageFiles } from './imageFiles.ts';
import type { SegmentRequest } from './inferenceClient.ts';
import { oncePerTurn } from './oncePerTurn.ts';
import { sessionKey, type SegmentJob } from './protocol.ts';
import { ResultCache } from './resultCache.ts';
import { runtimeSetup } from './runtimeSetup.ts';

const NOW = 0;
const NEXT = 5;
const WHOLE_FOLDER = 8;
/** An image that is only passed by with a held key is not worth a run; another setting of the same image is. */
const SETTLE_MS = 60;
const PREFETCH_AFTER_MS = 250;
/** The images that are looked at next, most likely first: onwards, and back. */
const PREFETCH_STEPS = [1, 2, -1];
/** A slower first run is not worth a second one. */
const TIMED_AGAIN_MS = 3000;
/** Drivers hang: with the shaders compiled for the first time, a run is done long before. */
const GPU_LIMIT_MS = 30_000;

class MovedOn extends Error {}

/** Keeps the results in step with what is looked at: the chosen image first, then the next, then the folder. */
export class InferenceEngine {
  private readonly router: BackendRouter;
  private readonly figures = new FiguresClient(
    () => new Worker(new URL('./worker/figuresWorker.ts', import.meta.url), { type: 'module' }),
  );
  private readonly files = new ImageFiles();
  private readonly cache = new ResultCache();
  private readonly pending = new Map<string, Promise<void>>();
  private abort = new AbortController();
  private wanted = '';
  private context = '';
  /** How the models were run, by model id, when it was looked at last. */
  private runSettings = new Map<string, string>();
  /** The image that the user stays on. */
  private settled: number | null = null;
  private readonly schedule = oncePerTurn(() => this.follow());
  private readonly unsubscribe: (() => void)[];

  constructor() {
    this.router = new BackendRouter(
      backendClient('wasm'),
      backendClient('webgpu', () => GPU_LIMIT_MS),
    );
    useBackend.setState({ threads: runtimeSetup().threads });
    this.unsubscribe = [
      useProject.subscribe(this.schedule),
      useModels.subscribe(this.schedule),
      useFolderRun.subscribe(this.schedule),
      useSettings.subscribe(this.schedule),
      useStopped.subscribe(this.schedule),
    ];
    void findAdapter().then((adapter) => useBackend.getState().setAdapter(adapter));
    this.schedule();
  }

  stop(): void {
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    this.abort.abort(new MovedOn());
  }

  private follow(): void {
    const { asked, ask, aside } = useStopped.getState();
    if (asked !== null) {
      ask(null);
      this.router.stop(asked);
    }
    const { project, imageId } = useProject.getState();
    const { teacherId, studentId } = useModels.getState();
    if (!project) return;
    const backend = runtimeKey();
    const settings = [teacherId, studentId].map(resultsKey);
    // The truth is read into the project's classes: other classes are another truth.
    const truth = `${String(project.truthFolder)} ${classesKey(project.classTable)}`;
    const context = [project.id, truth, teacherId, studentId, backend, ...settings].join('\n');
    const wanted = `${context}\n${String(imageId)}\n${String(useFolderRun.getState().wanted)}\n${[...aside.keys()].join(' ')}`;
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    if (context !== this.context) this.changeContext(context);
    this.abort.abort(new MovedOn());
    this.abort = new AbortController();
    useResults.getState().dropWaiting(imageId);
    void this.work(project, this.abort.signal);
  }

  /** Another project, model, truth, backend or setting: figures are of the past; class maps may be too. */
  private changeContext(context: string): void {
    const [projectBefore, truthBefore, , , backendBefore] = this.context.split('\n');
    const [project, truth, , , backend] = context.split('\n');
    this.context = context;
    useFigures.getState().clear();
    if (project !== projectBefore || backend !== backendBefore) useResults.getState().clear();
    // Sessions are known by their model: those of its other form must go first.
    if (backend !== backendBefore) this.router.keep([]);
    if (project !== projectBefore || truth !== truthBefore) useTruth.getState().clear();
    if (project !== projectBefore) {
      usePictures.getState().clear();
      this.files.clear();
      useFolderRun.getState().stop();
    }
    const chosen = [modelIn('teacher'), modelIn('student')].filter((model) => model !== null);
    for (const { id } of chosen) {
      const key = resultsKey(id);
      const before = this.runSettings.get(id) ?? key;
      if (before !== key) useResults.getState().outdate(id, useProject.getState().imageId);
      this.runSettings.set(id, key);
    }
    this.router.keep(chosen.map(({ id, sha256 }) => sessionKey(sha256, runSettingsOf(id))));
  }

  private async work(project: ProjectSummary, signal: AbortSignal): Promise<void> {
    if (useFolderRun.getState().wanted) this.tellProgress(project);
    const image = currentImage();
    if (image) {
      usePictures.getState().load(image);
      const settled = this.settled === image.id;
      this.settled = null;
      if (!settled && !this.isFinished(image)) await pause(SETTLE_MS);
      if (isAborted(signal)) return;
      this.settled = image.id;
      await this.compare(image, project, NOW, signal);
    }
    handMoved();
    await pause(PREFETCH_AFTER_MS);
    await handRests(signal);
    if (isAborted(signal)) return;
    if (image) await this.timeAgain(image, signal);
    const { imageId } = useProject.getState();
    const shown = libraryImages();
    for (const step of PREFETCH_STEPS) {
      const next = neighbour(shown, imageId, step);
      if (!next || next.id === imageId) continue;
      await handRests(signal, pixelsOf(next));
      if (isAborted(signal)) return;
      usePictures.getState().load(next);
      await this.compare(next, project, NEXT, signal);
      if (isAborted(signal)) return;
    }
    if (useFolderRun.getState().wanted) await this.compareFolder(project, signal);
  }

  /** The first run of a session is slower than any other: once there is time, the shown figures are the model's own. */
  private async timeAgain(image: ImageEntry, signal: AbortSignal): Promise<void> {
    for (const slot of ['teacher', 'student'] as const) {
      const model = modelIn(slot);
      const run = finishedRun(image.id, model?.id ?? null);
      if (!model || !run?.cold || run.tiles > 1 || run.timings.inference > TIMED_AGAIN_MS) continue;
      try {
        const job = await this.jobOf(image, model, run.settings);
        const { answer } = await this.router.segment(job, { priority: NEXT, signal });
        if (finishedRun(image.id, model.id) !== run) continue;
        const timed: ModelRun = {
          ...run,
          timings: { ...run.timings, inference: answer.timings.inference },
          cold: false,
        };
        useResults.getState().setRun(image.id, model.id, { status: 'done', run: timed });
        const kept = this.cache.get(this.cacheKey(job));
        if (kept) this.cache.put(this.cacheKey(job), { ...kept, timings: timed.timings, cold: false });
      } catch {
        // The result is there already: only its time stays that of the first run.
        return;
      }
    }
  }

  private async compareFolder(project: ProjectSummary, signal: AbortSignal): Promise<void> {
    for (const image of usableImages(project)) {
      if (signal.aborted) return;
      this.tellProgress(project);
      if (!useFigures.getState().figures.get(image.id)?.teacherStudent) {
        await this.compare(image, project, WHOLE_FOLDER, signal);
      }
    }
    if (!signal.aborted) useFolderRun.getState().stop();
  }

  private tellProgress(project: ProjectSummary): void {
    const { figures } = useFigures.getState();
    const usable = usableImages(project);
    const done = usable.filter((image) => figures.get(image.id)?.teacherStudent).length;
    useFolderRun.getState().setProgress({ done, total: usable.length });
  }

  private isFinished(image: ImageEntry): boolean {
    return (['teacher', 'student'] as const).every((slot) => {
      const model = modelIn(slot);
      return !model || finishedRun(image.id, model.id) !== null;
    });
  }

  /** Both models on one image, teacher first, and the figures that follow from them. */
  private async compare(
    image: ImageEntry,
    project: ProjectSummary,
    priority: number,
    signal: AbortSignal,
  ): Promise<void> {
    if (image.problem?.severity === 'error') return;
    const teacher = modelIn('teacher');
    const student = modelIn('student');
    const truth = image.hasTruth ? useTruth.getState().load(image.id) : Promise.resolve(null);
    const models = [teacher, student].filter((model) => model !== null);
    if (priority === NOW) {
      await Promise.all(models.map((model) => this.runModel(image, model, priority, signal)));
    } else {
      for (const model of models) {
        await handRests(signal, pixelsOf(image));
        if (!isAborted(signal)) await this.runModel(image, model, priority, signal);
      }
    }
    const input = {
      teacher: finishedRun(image.id, teacher?.id ?? null),
      student: finishedRun(image.id, student?.id ?? null),
      truth: await truth,
      table: project.classTable,
    };
    if (useProject.getState().project?.id !== project.id) return;
    const known = useFigures.getState().figures.get(image.id);
    const complete = known?.teacherStudent && known.studentMap && known.studentId === student?.id;
    if (complete || (!input.teacher && !input.student)) return;
    const context = this.context;
    const figures = await this.figures.compute(input);
    if (this.context === context) useFigures.getState().put(image.id, figures);
  }

  private runModel(
    image: ImageEntry,
    model: ModelInfo,
    priority: number,
    signal: AbortSignal,
  ): Promise<void> {
    const settings = runSettingsOf(model.id);
    const key = `${runKey(image.id, model.id)}:${runSettingsKey(settings)}`;
    if (finishedRun(image.id, model.id)) return Promise.resolve();
    const running = this.pending.get(key);
    if (running) return running;
    const { setRun } = useResults.getState();
    const broken =
      model.problems.find((problem) => problem.severity === 'error') ??
      useStopped.getState().aside.get(model.sha256);
    if (broken) {
      setRun(image.id, model.id, { status: 'failed', problem: broken });
      return Promise.resolve();
    }
    const before = shownRun(useResults.getState().runs.get(runKey(image.id, model.id)));
    setRun(image.id, model.id, { status: 'waiting', before });
    const work = this.makeRun(image, model, { settings, before, priority, signal }).finally(() =>
      this.pending.delete(key),
    );
    this.pending.set(key, work);
    return work;
  }

  /** From the cache or from a worker into the results, unless something else is wanted of the model by then. */
  private async makeRun(
    image: ImageEntry,
    model: ModelInfo,
    { settings, before, priority, signal }: RunTask,
  ): Promise<void> {
    const { setRun } = useResults.getState();
    const project = useProject.getState().project?.id;
    const isWanted = (): boolean =>
      useProject.getState().project?.id === project &&
      runSettingsKey(runSettingsOf(model.id)) === runSettingsKey(settings);
    const running = (tile?: { index: number; count: number }): void => {
      if (isWanted()) setRun(image.id, model.id, { status: 'running', before, tile });
    };
    try {
      const job = await this.jobOf(image, model, settings);
      const cached = this.cache.get(this.cacheKey(job));
      const run = cached
        ? { ...cached, imageId: image.id, modelId: model.id, table: model.classTable }
        : await this.segment(job, image, model, {
            priority,
            signal,
            onStart: () => running(),
            onTile: (index, count) => running({ index, count }),
          });
      if (!isWanted()) return;
      setRun(image.id, model.id, { status: 'done', run: inProjectClasses(run, model) });
      useGates.getState().record(run, job.image.sha256);
    } catch (error) {
      if (error instanceof MovedOn || !isWanted()) return;
      const problem = toProblem(error, { code: 'inference.failed', subject: image.name });
      if (wasStopped(problem)) useStopped.getState().put(model.sha256, problem);
      setRun(image.id, model.id, { status: 'failed', problem });
    }
  }

  private async segment(
    job: SegmentJob,
    image: ImageEntry,
    model: ModelInfo,
    request: SegmentRequest,
  ): Promise<ModelRun> {
    const cacheKey = this.cacheKey(job);
    const { answer, backend } = await this.router.segment(job, request);
    const run: ModelRun = {
      ...answer,
      imageId: image.id,
      modelId: model.id,
      modelSha256: model.sha256,
      table: model.classTable,
      settings: job.settings,
      backend,
    };
    this.cache.put(cacheKey, run);
    return run;
  }

  private async jobOf(image: ImageEntry, model: ModelInfo, settings: RunSettings): Promise<SegmentJob> {
    const { onnxUrl, name, sha256, preprocessor } = model;
    const url = useSettings.getState().settings.optimiseModels ? onnxUrl : `${onnxUrl}?form=original`;
    return {
      image: await this.files.read(image),
      model: { url, name, sha256, preprocessor },
      settings,
    };
  }

  private cacheKey({ image, model, settings }: SegmentJob): string {
    return [image.sha256, model.sha256, runSettingsKey(settings), runtimeKey()].join(' ');
  }
}

interface RunTask {
  readonly settings: RunSettings;
  /** What is shown until the run is done. */
  readonly before: ModelRun | null;
  readonly priority: number;
  readonly signal: AbortSignal;
}

/** Everything of a model that its results differ with: how it is run, and what its classes are in the project. */
const resultsKey = (modelId: string | null): string => {
  const { models } = useModels.getState();
  const model = models.find(({ id }) => id === modelId) ?? null;
  return `${runSettingsKey(runSettingsOf(modelId))} ${mappingKey(model)}`;
};

/** A run in the classes that were chosen for the model's, where any were. */
function inProjectClasses(run: ModelRun, model: ModelInfo): ModelRun {
  const mapping = mappingOf(model);
  if (!mapping) return run;
  return { ...run, ...mapOutput(run, mapping), table: mapping.table, mapping: mappingKey(model) };
}

/** Everything beside the model that decides what runs. */
function runtimeKey(): string {
  const { backend, optimiseModels } = useSettings.getState().settings;
  return `${backend} ${optimiseModels ? 'optimised' : 'original'}`;
}

const usableImages = (project: ProjectSummary): readonly ImageEntry[] =>
  project.images.filter((image) => image.problem?.severity !== 'error');

const pixelsOf = ({ width, height }: ImageEntry): number => width * height;

/** Asked again after waiting: it may have changed. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
